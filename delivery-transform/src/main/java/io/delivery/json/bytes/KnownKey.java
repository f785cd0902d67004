package io.delivery.json.bytes;

import java.util.Arrays;

/** A key that records of this stream have, and which ones came behind it the last times. */
final class KnownKey implements UnknownField {
    /** A field's index, or one of the constants of {@link StructKeys}. */
    final int field;

    final int hash;

    private final String name;
    private final StructKeys keys;

    /** The key in quotes and its colon. */
    private final byte[] written;

    /** Its first eight bytes; 0 for those that it does not have. */
    private final long head;

    /** The bits of these bytes. */
    private final long headBits;

    /** Its last eight bytes, when there are so many. */
    private final long tail;

    /** Whether the table of its struct holds it. Others are garbage after their record. */
    boolean remembered;

    private UnknownField unknown;
    private KnownKey next;
    private KnownKey otherNext;

    /**
     * @param array its bytes, without the quotes
     */
    KnownKey(StructKeys keys, String name, int hash, byte[] array, int offset, int length) {
        this.keys = keys;
        this.name = name;
        this.hash = hash;
        field = keys.field(name);
        written = new byte[length + 3];
        written[0] = '"';
        System.arraycopy(array, offset, written, 1, length);
        written[length + 1] = '"';
        written[length + 2] = ':';
        byte[] words = Arrays.copyOf(written, Math.max(written.length, Long.BYTES));
        head = (long) Input.LONG.get(words, 0);
        headBits = written.length < Long.BYTES ? (1L << written.length * 8) - 1 : -1;
        tail = (long) Input.LONG.get(words, words.length - Long.BYTES);
    }

    /** Bytes of the key with its quotes and its colon. */
    int length() {
        return written.length;
    }

    /** Whether the key stands here, with its colon right behind it. */
    boolean isAt(Input in, int at) {
        int length = written.length;
        byte[] array = in.array;
        if (at + length > in.end || at > in.lastWord) {
            return false;
        }
        if (((long) Input.LONG.get(array, at) & headBits) != head) {
            return false;
        }
        if (length <= Long.BYTES) {
            return true;
        }
        for (int i = Long.BYTES; i + Long.BYTES < length; i += Long.BYTES) {
            if ((long) Input.LONG.get(array, at + i) != (long) Input.LONG.get(written, i)) {
                return false;
            }
        }
        return (long) Input.LONG.get(array, at + length - Long.BYTES) == tail;
    }

    /** Whether it has these bytes. */
    boolean is(byte[] array, int offset, int length) {
        return length == written.length - 3
                && Arrays.equals(written, 1, 1 + length, array, offset, offset + length);
    }

    /** The key that stands here, of those that came behind this one before; null for another. */
    KnownKey predicted(Input in, int at) {
        if (next == null) {
            return null;
        }
        if (next.isAt(in, at)) {
            return next;
        }
        return otherNext != null && otherNext.isAt(in, at) ? otherNext : null;
    }

    /**
     * A key that was not predicted came behind this one. Only those that the table holds are kept,
     * so that the keys that lead to each other are no more than there is room for in the table.
     */
    void followedBy(KnownKey key) {
        if (key.remembered) {
            otherNext = next;
            next = key;
        }
    }

    /** Counts a field of this key, which no column takes. */
    @Override
    public void seen() {
        if (unknown == null) {
            unknown = keys.unknown(name);
        }
        unknown.seen();
    }
}
