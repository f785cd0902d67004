package io.delivery.compress;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * Zip archives (APPNOTE.TXT 6.3.10), one to an object, with one deflated entry. Its name is the
 * UUID of the first bytes in it (version 3), and its time the first one that the format has, so
 * that the same records make the same archive. Sizes are behind the data, because an archive is
 * written from its beginning to its end.
 */
final class ZipCompressor implements Compressor {
    /** More needs ZIP64, which no object comes near: 128 MiB are buffered for one. */
    static final long MOST_BYTES = 0xFFFF_FFFFL;

    private static final int LOCAL_HEADER = 0x04034b50; // section 4.3.7
    private static final int DATA_DESCRIPTOR = 0x08074b50; // section 4.3.9
    private static final int CENTRAL_HEADER = 0x02014b50; // section 4.3.12
    private static final int END_OF_CENTRAL_DIRECTORY = 0x06054b50; // section 4.3.16
    private static final short VERSION = 20; // 2.0: deflate, section 4.4.3
    private static final short SIZES_BEHIND_DATA = 1 << 3; // section 4.4.4
    private static final short DEFLATED = 8; // section 4.4.5
    private static final short MIDNIGHT = 0; // section 4.4.6
    private static final short FIRST_OF_JANUARY_1980 = 1 << 5 | 1;
    private static final int NAME_BYTES = 36;

    private final RawDeflate deflate;
    private final long mostBytes;
    private final ByteBuffer headers = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    private final byte[] name = new byte[NAME_BYTES];
    private OutputStream out;

    /** How many bytes are before the data; 0: the entry has not begun. */
    private int headerBytes;

    /**
     * @param mostBytes of an entry, before and behind compression
     */
    ZipCompressor(int level, long mostBytes) {
        this.deflate = new RawDeflate(level);
        this.mostBytes = mostBytes;
    }

    @Override
    public void begin(OutputStream out) {
        this.out = out;
    }

    @Override
    public void compress(byte[] block, int length) throws IOException {
        if (headerBytes == 0) {
            beginEntry(block, length);
        }
        deflate.deflate(block, length, out);
        if (deflate.bytes() > mostBytes || deflate.compressedBytes() > mostBytes) {
            throw new IOException(
                    "an entry of a zip archive has at most %d bytes".formatted(mostBytes));
        }
    }

    private void beginEntry(byte[] first, int length) throws IOException {
        UUID uuid = UUID.nameUUIDFromBytes(Arrays.copyOf(first, length));
        System.arraycopy(
                uuid.toString().getBytes(StandardCharsets.US_ASCII), 0, name, 0, NAME_BYTES);
        headers.clear().putInt(LOCAL_HEADER);
        putKind();
        headers.putInt(0).putInt(0).putInt(0); // checksum and sizes are behind the data
        headers.putShort((short) NAME_BYTES).putShort((short) 0).put(name);
        headerBytes = headers.position();
        out.write(headers.array(), 0, headerBytes);
    }

    @Override
    public void finish() throws IOException {
        if (headerBytes == 0) {
            beginEntry(name, 0);
        }
        deflate.finish(out);
        headers.clear().putInt(DATA_DESCRIPTOR);
        putSizes();
        long centralDirectory = headerBytes + deflate.compressedBytes() + headers.position();
        if (centralDirectory > mostBytes) {
            throw new IOException("a zip archive has at most %d bytes".formatted(mostBytes));
        }
        int begin = headers.position();
        headers.putInt(CENTRAL_HEADER).putShort(VERSION);
        putKind();
        putSizes();
        headers.putShort((short) NAME_BYTES).putShort((short) 0); // no extra field
        headers.putShort((short) 0).putShort((short) 0); // no comment; the first disk
        headers.putShort((short) 0).putInt(0).putInt(0); // no attributes; the first byte
        headers.put(name);
        int length = headers.position() - begin;
        headers.putInt(END_OF_CENTRAL_DIRECTORY).putInt(0); // one disk
        headers.putShort((short) 1).putShort((short) 1); // one entry
        headers.putInt(length).putInt((int) centralDirectory).putShort((short) 0); // no comment
        out.write(headers.array(), 0, headers.position());
    }

    private void putKind() {
        headers.putShort(VERSION).putShort(SIZES_BEHIND_DATA).putShort(DEFLATED);
        headers.putShort(MIDNIGHT).putShort(FIRST_OF_JANUARY_1980);
    }

    private void putSizes() {
        headers.putInt(deflate.checksum());
        headers.putInt((int) deflate.compressedBytes()).putInt((int) deflate.bytes());
    }

    @Override
    public void forget() {
        deflate.forget();
        headerBytes = 0;
        out = null;
    }

    @Override
    public void end() {
        // All of it is on the heap.
    }
}
