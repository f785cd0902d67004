package io.delivery.compress;

import io.delivery.format.EncoderFactory;
import io.delivery.format.RecordEncoder;
import io.delivery.format.RecordSource;
import io.delivery.format.RejectedRecords;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Another format, gzipped: one member per object, without name or time in its header, so that the
 * same records make the same bytes on the same JDK. Extension {@code .gz} behind that of the format
 * inside, Content-Encoding {@code gzip} (contract §3.5).
 *
 * <p>Compressors and their buffers are reused from object to object; a few are kept.
 */
public final class GzipEncoderFactory implements EncoderFactory {
    /** What zlib itself, and gzip(1), take when nothing is said. */
    public static final int DEFAULT_LEVEL = 6;

    private static final int MOST_IDLE = 8;

    private final EncoderFactory inner;
    private final int level;
    private final ArrayBlockingQueue<GzipCompressor> idle = new ArrayBlockingQueue<>(MOST_IDLE);

    /**
     * @param inner what is compressed; not compressed as a whole itself
     * @param level 1 (fast) to 9 (small)
     * @throws IllegalArgumentException when the level is none, or inner has a content encoding
     */
    public GzipEncoderFactory(EncoderFactory inner, int level) {
        if (level < 1 || level > 9) {
            throw new IllegalArgumentException("a gzip level is between 1 and 9, was " + level);
        }
        if (!inner.contentEncoding().isEmpty()) {
            throw new IllegalArgumentException(
                    "cannot gzip what is compressed already: " + inner.contentEncoding());
        }
        this.inner = inner;
        this.level = level;
    }

    /** With {@link #DEFAULT_LEVEL}. */
    public GzipEncoderFactory(EncoderFactory inner) {
        this(inner, DEFAULT_LEVEL);
    }

    @Override
    public boolean mayReject() {
        return inner.mayReject();
    }

    @Override
    public RecordEncoder encoder() {
        RecordEncoder encoder = inner.encoder();
        return (records, out, rejected) -> encode(encoder, records, out, rejected);
    }

    private void encode(
            RecordEncoder encoder, RecordSource records, OutputStream out, RejectedRecords rejected)
            throws IOException {
        GzipCompressor compressor = take();
        try {
            compressor.begin(out);
            encoder.encode(records, compressor, rejected);
            compressor.finish();
        } finally {
            giveBack(compressor);
        }
    }

    private GzipCompressor take() {
        GzipCompressor compressor = idle.poll();
        return compressor != null ? compressor : new GzipCompressor(level);
    }

    private void giveBack(GzipCompressor compressor) {
        compressor.forget();
        if (!idle.offer(compressor)) {
            compressor.end();
        }
    }

    @Override
    public String extension() {
        return inner.extension() + ".gz";
    }

    @Override
    public String contentEncoding() {
        return "gzip";
    }

    @Override
    public long memoryBytes() {
        return inner.memoryBytes() + GzipCompressor.MEMORY_BYTES;
    }

    /** Deflate stores what it cannot compress: five bytes for each block of at most 16 KiB. */
    @Override
    public long expectedBytes(long inputBytes) {
        long uncompressed = inner.expectedBytes(inputBytes);
        return uncompressed + uncompressed / 2048 + 64;
    }
}
