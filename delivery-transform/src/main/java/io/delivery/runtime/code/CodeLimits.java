package io.delivery.runtime.code;

import java.io.IOException;
import java.util.List;

/** How much a function's code may be. Counts while the code is read. */
final class CodeLimits {
    /** Files and folders together: as many as a zip file may have without extensions. */
    static final int MAX_ENTRIES = 65_534;

    private final long maxBytes;
    private long bytes;

    /**
     * @param maxBytes of all files together, unpacked
     */
    CodeLimits(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * So many more bytes were read.
     *
     * @throws IOException when there are more than may be
     */
    void count(int read) throws IOException {
        bytes += read;
        if (bytes > maxBytes) {
            throw new IOException(
                    "The code is larger than %d MB unpacked".formatted(maxBytes >> 20));
        }
    }

    /**
     * @throws IOException when these have, with the folders that they are in, more entries than may
     *     be
     */
    void requireFew(List<CodeItem> items) throws IOException {
        requireFew(items.size()); // before they are sorted
        long entries = items.size();
        String former = "";
        // Sorted, the files of a folder follow each other: each folder is counted once.
        for (String path : items.stream().map(CodeItem::path).sorted().toList()) {
            int same = 0;
            while (same < Math.min(path.length(), former.length())
                    && path.charAt(same) == former.charAt(same)) {
                same++;
            }
            entries += path.chars().skip(same).filter(c -> c == '/').count();
            requireFew(entries);
            former = path;
        }
    }

    /**
     * @throws IOException when these are more than may be
     */
    static void requireFew(long entries) throws IOException {
        if (entries > MAX_ENTRIES) {
            throw new IOException(
                    "The code has more than %d files and folders".formatted(MAX_ENTRIES));
        }
    }
}
