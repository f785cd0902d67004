package io.delivery.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Bytes of a file in pages; a page that was never written is zero and takes no memory. */
final class SimBytes {
    private static final int PAGE = 4096;

    private final List<byte[]> pages = new ArrayList<>();
    private long length;

    long length() {
        return length;
    }

    SimBytes copy() {
        SimBytes copy = new SimBytes();
        for (byte[] page : pages) {
            copy.pages.add(page == null ? null : page.clone());
        }
        copy.length = length;
        return copy;
    }

    void write(long position, byte[] source, int from, int count) {
        length = count == 0 ? length : Math.max(length, position + count);
        for (int done = 0; done < count; ) {
            long at = position + done;
            int page = (int) (at / PAGE);
            int within = (int) (at % PAGE);
            int piece = Math.min(PAGE - within, count - done);
            while (pages.size() <= page) {
                pages.add(null);
            }
            if (pages.get(page) == null) {
                pages.set(page, new byte[PAGE]);
            }
            System.arraycopy(source, from + done, pages.get(page), within, piece);
            done += piece;
        }
    }

    /** The caller sees to it that the range lies within the length. */
    void read(long position, byte[] target, int from, int count) {
        for (int done = 0; done < count; ) {
            long at = position + done;
            int page = (int) (at / PAGE);
            int within = (int) (at % PAGE);
            int piece = Math.min(PAGE - within, count - done);
            byte[] bytes = page < pages.size() ? pages.get(page) : null;
            if (bytes == null) {
                Arrays.fill(target, from + done, from + done + piece, (byte) 0);
            } else {
                System.arraycopy(bytes, within, target, from + done, piece);
            }
            done += piece;
        }
    }

    void truncate(long newLength) {
        if (newLength >= length) {
            return;
        }
        length = newLength;
        int whole = (int) (newLength / PAGE);
        int rest = (int) (newLength % PAGE);
        int kept = rest == 0 ? whole : whole + 1;
        if (pages.size() > kept) {
            pages.subList(kept, pages.size()).clear();
        }
        if (rest != 0 && pages.size() == kept && pages.get(whole) != null) {
            Arrays.fill(pages.get(whole), rest, PAGE, (byte) 0);
        }
    }

    void extend(long newLength) {
        length = Math.max(length, newLength);
    }

    byte[] toArray() {
        byte[] bytes = new byte[Math.toIntExact(length)];
        read(0, bytes, 0, bytes.length);
        return bytes;
    }
}
