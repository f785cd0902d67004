package io.delivery.parquet;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** How pages are compressed. Parquet's own codecs go through Hadoop's; these do not. */
public enum PageCompression {
    UNCOMPRESSED(CompressionCodecName.UNCOMPRESSED) {
        @Override
        BytesInput compress(BytesInput page, Buffer buffer) {
            return page;
        }
    },
    SNAPPY(CompressionCodecName.SNAPPY) {
        @Override
        BytesInput compress(BytesInput page, Buffer buffer) throws IOException {
            // Parquet's SNAPPY is the raw block format: input and output in one piece each.
            Buffer plain = buffer.other();
            page.writeAllTo(plain);
            byte[] out = buffer.array(maxSnappyLength(plain.size()));
            int length = Snappy.compress(plain.written(), 0, plain.size(), out, 0);
            return BytesInput.from(out, 0, length);
        }
    },
    GZIP(CompressionCodecName.GZIP) {
        @Override
        BytesInput compress(BytesInput page, Buffer buffer) throws IOException {
            buffer.reset();
            try (OutputStream gzip = new GZIPOutputStream(buffer, 8192)) {
                page.writeAllTo(gzip);
            }
            return buffer.content();
        }
    },
    ZSTD(CompressionCodecName.ZSTD) {
        // parquet-java's default level (parquet.compression.codec.zstd.level)
        private static final int LEVEL = 3;

        @Override
        BytesInput compress(BytesInput page, Buffer buffer) throws IOException {
            buffer.reset();
            try (OutputStream zstd = new ZstdOutputStreamNoFinalizer(buffer, LEVEL)) {
                page.writeAllTo(zstd);
            }
            return buffer.content();
        }
    };

    private final CompressionCodecName codec;

    /**
     * What Snappy.maxCompressedLength says, without a call into native code for each page.
     *
     * @throws ArithmeticException where no array has so much room
     */
    static int maxSnappyLength(int length) {
        return Math.addExact(Math.addExact(32, length), length / 6);
    }

    PageCompression(CompressionCodecName codec) {
        this.codec = codec;
    }

    CompressionCodecName codec() {
        return codec;
    }

    /** What it gives is valid until the next page. */
    abstract BytesInput compress(BytesInput page, Buffer buffer) throws IOException;

    /** A compressor of one encoder's pages, which reuses its memory from page to page. */
    BytesInputCompressor compressor() {
        Buffer buffer = new Buffer();
        return new BytesInputCompressor() {
            @Override
            public BytesInput compress(BytesInput page) throws IOException {
                return PageCompression.this.compress(page, buffer);
            }

            @Override
            public CompressionCodecName getCodecName() {
                return codec;
            }

            @Override
            public void release() {
                buffer.release();
            }
        };
    }

    /** Growing memory whose array can be seen. */
    static final class Buffer extends ByteArrayOutputStream {
        /** A page of a megabyte is common; what a giant needed is given back. */
        private static final int KEPT = 4 << 20;

        private Buffer other;

        Buffer() {
            super(1024);
        }

        /** A second one, empty. */
        Buffer other() {
            if (other == null) {
                other = new Buffer();
            }
            other.reset();
            return other;
        }

        @Override
        public synchronized void reset() {
            super.reset();
            if (buf.length > KEPT) {
                buf = new byte[1024];
            }
        }

        byte[] array(int length) {
            if (buf.length < length || buf.length > KEPT && length <= KEPT) {
                buf = new byte[length];
            }
            return buf;
        }

        byte[] written() {
            return buf;
        }

        BytesInput content() {
            return BytesInput.from(buf, 0, count);
        }

        void release() {
            buf = new byte[0];
            other = null;
        }
    }
}
