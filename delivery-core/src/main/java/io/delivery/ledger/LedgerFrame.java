package io.delivery.ledger;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The header of one entry: docs/formats/ledger.md.
 *
 * @param position of the entry in its file
 * @param length of its payload
 * @param start first sequence of the range
 * @param end behind its last sequence
 */
record LedgerFrame(long position, int length, long start, long end, int payloadChecksum) {
    static final int MAGIC = 0x314C4C44; // "DLL1", little-endian
    static final int HEADER_BYTES = 40;

    static ByteBuffer encode(long position, long start, long end, byte[] payload) {
        ByteBuffer frame =
                ByteBuffer.allocate(HEADER_BYTES + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(MAGIC).putInt(payload.length).putLong(position).putLong(start).putLong(end);
        frame.putInt(checksum(payload, 0, payload.length));
        frame.putInt(checksum(frame.array(), 0, HEADER_BYTES - Integer.BYTES));
        return frame.put(payload).flip();
    }

    /** Null when no header of an entry at this position is there. */
    static LedgerFrame decode(byte[] bytes, int offset, long position) {
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (header.getInt(offset) != MAGIC
                || header.getLong(offset + 8) != position
                || header.getInt(offset + HEADER_BYTES - Integer.BYTES)
                        != checksum(bytes, offset, HEADER_BYTES - Integer.BYTES)) {
            return null;
        }
        LedgerFrame frame =
                new LedgerFrame(
                        position,
                        header.getInt(offset + 4),
                        header.getLong(offset + 16),
                        header.getLong(offset + 24),
                        header.getInt(offset + 32));
        return frame.length < 0 || frame.start < 0 || frame.end <= frame.start ? null : frame;
    }

    boolean fits(byte[] payload) {
        return checksum(payload, 0, payload.length) == payloadChecksum;
    }

    /** Where the next entry begins. */
    long next() {
        return position + HEADER_BYTES + length;
    }

    private static int checksum(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
