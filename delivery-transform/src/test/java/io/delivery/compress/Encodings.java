package io.delivery.compress;

import com.github.luben.zstd.ZstdInputStream;
import io.delivery.format.EncoderFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;
import org.xerial.snappy.SnappyInputStream;

/** Every codec, what Firehose calls its objects (contract §3.5), and a reader that is not ours. */
enum Encodings {
    GZIP(Codec.gzip(6), ".gz", "gzip", 790, GZIPInputStream::new),
    ZIP(Codec.zip(6), ".zip", "zip", 790, Encodings::entry),
    SNAPPY(Codec.snappy(), ".snappy", "snappy-java", 69, SnappyInputStream::new),
    HADOOP_SNAPPY(Codec.hadoopSnappy(), ".snappy", "hadoop-snappy", 462, HadoopSnappy::reader),
    ZSTD(Codec.zstd(3), ".zst", "zstd", 3_578 + 4 * 128, ZstdInputStream::new);

    /** Reads what is compressed. */
    interface Reader {
        InputStream decompressed(InputStream object) throws IOException;
    }

    final Codec codec;
    final String extension;
    final String contentEncoding;
    final int memoryKiB;
    private final Reader reader;

    Encodings(Codec codec, String extension, String encoding, int memoryKiB, Reader reader) {
        this.codec = codec;
        this.extension = extension;
        this.contentEncoding = encoding;
        this.memoryKiB = memoryKiB;
        this.reader = reader;
    }

    EncoderFactory factory() {
        return new CompressedEncoderFactory(new Concatenation("", ""), codec);
    }

    InputStream open(byte[] object) throws IOException {
        return reader.decompressed(new ByteArrayInputStream(object));
    }

    byte[] read(byte[] object) {
        try (InputStream in = open(object)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream entry(InputStream object) throws IOException {
        ZipInputStream zip = new ZipInputStream(object);
        zip.getNextEntry();
        return zip;
    }
}
