package io.delivery.compress;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.apache.hadoop.io.compress.BlockCompressorStream;
import org.apache.hadoop.io.compress.BlockDecompressorStream;
import org.apache.hadoop.io.compress.snappy.SnappyCompressor;
import org.apache.hadoop.io.compress.snappy.SnappyDecompressor;

/** Hadoop's own reader and writer of Snappy. */
final class HadoopSnappy {
    /** Its own default: io.compression.codec.snappy.buffersize. */
    private static final int BUFFER_BYTES = 256 * 1024;

    private HadoopSnappy() {}

    /** What SnappyCodec.createOutputStream makes. */
    static OutputStream writer(OutputStream object) {
        return new BlockCompressorStream(
                object, new SnappyCompressor(BUFFER_BYTES), BUFFER_BYTES, BUFFER_BYTES / 6 + 32);
    }

    /** What SnappyCodec.createInputStream makes. */
    static InputStream reader(InputStream object) {
        try {
            return new BlockDecompressorStream(
                    object, new SnappyDecompressor(BUFFER_BYTES), BUFFER_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
