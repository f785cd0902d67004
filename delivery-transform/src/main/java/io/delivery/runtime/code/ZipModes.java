package io.delivery.runtime.code;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The file modes of a zip file's entries, which the JDK does not give: from its central directory,
 * in that order (APPNOTE.TXT 6.3, sections 4.3.12 and 4.3.16).
 */
final class ZipModes {
    /** Bits of a mode, as POSIX has them. */
    static final int TYPE = 0170000;

    static final int LINK = 0120000;
    static final int OWNER_RUNS = 0100;

    private static final int END_BYTES = 22;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int HEADER_BYTES = 46;
    private static final int HEADER_SIGNATURE = 0x02014b50;
    private static final int MAX_COMMENT_BYTES = 0xffff;
    private static final int MAX_DIRECTORY_BYTES = 64 << 20;
    private static final int ENCRYPTED = 1;
    private static final int MADE_ON_UNIX = 3;
    private static final int MADE_ON_MAC = 19;

    private final List<Integer> modes;

    private ZipModes(List<Integer> modes) {
        this.modes = modes;
    }

    /**
     * @throws IOException when it is no zip file, needs the extensions for very large ones, or has
     *     entries that are encrypted
     */
    static ZipModes read(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long length = in.length();
            ByteBuffer tail =
                    bytes(
                            in,
                            Math.max(0, length - END_BYTES - MAX_COMMENT_BYTES),
                            (int) Math.min(length, END_BYTES + MAX_COMMENT_BYTES));
            int end = tail.limit() - END_BYTES;
            while (end >= 0 && tail.getInt(end) != END_SIGNATURE) {
                end--;
            }
            if (end < 0) {
                throw new IOException(file + " is no zip file, or its end is missing");
            }
            int entries = Short.toUnsignedInt(tail.getShort(end + 10));
            long bytes = Integer.toUnsignedLong(tail.getInt(end + 12));
            long endsAt = length - tail.limit() + end;
            if (entries == 0xffff || bytes > MAX_DIRECTORY_BYTES || bytes > endsAt) {
                throw new IOException(file + " has too many files, or its directory is damaged");
            }
            return new ZipModes(modes(file, bytes(in, endsAt - bytes, (int) bytes), entries));
        }
    }

    private static List<Integer> modes(Path file, ByteBuffer directory, int entries)
            throws IOException {
        List<Integer> modes = new ArrayList<>(entries);
        int at = 0;
        for (int i = 0; i < entries; i++) {
            if (at + HEADER_BYTES > directory.limit() || directory.getInt(at) != HEADER_SIGNATURE) {
                throw new IOException(file + ": its directory is damaged");
            }
            if ((directory.getShort(at + 8) & ENCRYPTED) != 0) {
                throw new IOException(file + " is encrypted: pack it without a password");
            }
            int madeOn = directory.get(at + 5);
            boolean hasModes = madeOn == MADE_ON_UNIX || madeOn == MADE_ON_MAC;
            modes.add(hasModes ? directory.getInt(at + 38) >>> 16 : 0);
            at +=
                    HEADER_BYTES
                            + Short.toUnsignedInt(directory.getShort(at + 28)) // name
                            + Short.toUnsignedInt(directory.getShort(at + 30)) // extra fields
                            + Short.toUnsignedInt(directory.getShort(at + 32)); // comment
        }
        return modes;
    }

    private static ByteBuffer bytes(RandomAccessFile in, long from, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.seek(from);
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Of the entry with that number, counted from 0; 0 when whoever packed it gave none. */
    int mode(int entry) {
        return entry < modes.size() ? modes.get(entry) : 0;
    }
}
