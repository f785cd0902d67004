package io.delivery.parquet.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;

/** What the pages of a file are made with, one after the other. Not thread-safe. */
final class PageTools {
    private final BytesInputCompressor compressor;

    /** Null when pages have no checksums. */
    private final CRC32 crc;

    private final ByteArrayOutputStream scratch = new ByteArrayOutputStream(256);

    PageTools(FileTemplate template, BytesInputCompressor compressor) {
        this.compressor = compressor;
        crc = template.properties().getPageWriteChecksumEnabled() ? new CRC32() : null;
    }

    byte[] compress(BytesInput plain) throws IOException {
        return copy(compressor.compress(plain));
    }

    /** Compresses the values, behind levels that are as they are. */
    byte[] compress(BytesInput repetitions, BytesInput definitions, BytesInput values)
            throws IOException {
        return copy(BytesInput.concat(repetitions, definitions, compressor.compress(values)));
    }

    /** Bytes of their own. */
    static byte[] copy(BytesInput bytes) throws IOException {
        byte[] copy = new byte[Math.toIntExact(bytes.size())];
        bytes.writeAllTo(
                new OutputStream() {
                    private int at;

                    @Override
                    public void write(int b) {
                        copy[at++] = (byte) b;
                    }

                    @Override
                    public void write(byte[] some, int offset, int length) {
                        System.arraycopy(some, offset, copy, at, length);
                        at += length;
                    }
                });
        return copy;
    }

    /** The header of a page, without what only its type has. */
    PageHeader header(PageType type, long plainBytes, byte[] page) {
        PageHeader header = new PageHeader(type, Math.toIntExact(plainBytes), page.length);
        if (crc != null) {
            crc.reset();
            crc.update(page);
            header.setCrc((int) crc.getValue());
        }
        return header;
    }

    byte[] bytes(PageHeader header) throws IOException {
        ByteArrayOutputStream to = empty();
        Util.writePageHeader(header, to);
        return to.toByteArray();
    }

    /** Valid until the next one. */
    ByteArrayOutputStream empty() {
        scratch.reset();
        return scratch;
    }
}
