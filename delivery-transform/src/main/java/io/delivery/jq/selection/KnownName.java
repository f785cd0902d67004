package io.delivery.jq.selection;

import io.delivery.jq.value.Words;
import java.util.Arrays;

/** A name that an object of this stream's records has, and which came behind it the last times. */
final class KnownName {
    /** What is asked for under this name; -1 for nothing. */
    final int wanted;

    /** The name in quotes and its colon. */
    private final byte[] written;

    /** Its first eight bytes; 0 for those that it does not have. */
    private final long head;

    /** The bits of these bytes. */
    private final long headBits;

    /** Its last eight bytes, when there are so many. */
    private final long tail;

    private final boolean isPredicted;
    private KnownName next;
    private KnownName otherNext;

    /**
     * @param array its bytes, without the quotes
     */
    KnownName(int wanted, byte[] array, int offset, int length) {
        this(wanted, array, offset, length, true);
    }

    private KnownName(int wanted, byte[] array, int offset, int length, boolean isPredicted) {
        this.wanted = wanted;
        this.isPredicted = isPredicted;
        written = new byte[length + 3];
        written[0] = '"';
        System.arraycopy(array, offset, written, 1, length);
        written[length + 1] = '"';
        written[length + 2] = ':';
        byte[] words = Arrays.copyOf(written, Math.max(written.length, Long.BYTES));
        head = Words.at(words, 0);
        headBits = written.length < Long.BYTES ? (1L << written.length * 8) - 1 : -1;
        tail = Words.at(words, words.length - Long.BYTES);
    }

    /** Stands for names that are not remembered, and is never predicted. */
    static KnownName ofNone() {
        return new KnownName(-1, new byte[0], 0, 0, false);
    }

    /** Bytes of the name with its quotes and its colon. */
    int length() {
        return written.length;
    }

    /** Whether the name stands here, with its colon right behind it. */
    private boolean isAt(Input in, int at) {
        int length = written.length;
        byte[] array = in.array;
        if (at + length > in.end || at > in.lastWord) {
            return false;
        }
        if ((Words.at(array, at) & headBits) != head) {
            return false;
        }
        if (length <= Long.BYTES) {
            return true;
        }
        for (int i = Long.BYTES; i + Long.BYTES < length; i += Long.BYTES) {
            if (Words.at(array, at + i) != Words.at(written, i)) {
                return false;
            }
        }
        return Words.at(array, at + length - Long.BYTES) == tail;
    }

    /** Whether it has these bytes. */
    boolean is(byte[] array, int offset, int length) {
        return length == written.length - 3
                && Arrays.equals(written, 1, 1 + length, array, offset, offset + length);
    }

    /** The name that stands here, of those that came behind this one before; null for another. */
    KnownName predicted(Input in, int at) {
        if (next == null) {
            return null;
        }
        if (next.isAt(in, at)) {
            return next;
        }
        return otherNext != null && otherNext.isAt(in, at) ? otherNext : null;
    }

    /** No name is predicted behind this one. */
    void forget() {
        next = null;
        otherNext = null;
    }

    /** A name that was not predicted came behind this one. */
    void followedBy(KnownName name) {
        if (name.isPredicted) {
            otherNext = next;
            next = name;
        }
    }
}
