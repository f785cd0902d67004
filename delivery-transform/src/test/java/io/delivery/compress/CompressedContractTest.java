package io.delivery.compress;

import com.github.luben.zstd.ZstdInputStream;
import io.delivery.format.EncoderFactory;
import io.delivery.raw.RawEncoderFactory;
import io.delivery.raw.RecordDelimiter;
import io.delivery.testkit.contract.EncoderFactoryContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Nested;
import org.xerial.snappy.SnappyInputStream;

class CompressedContractTest {
    @Nested
    class Gzip extends Contract {
        Gzip() {
            super(Codec.gzip(6));
        }

        @Override
        InputStream decompressed(InputStream object) throws IOException {
            return new GZIPInputStream(object);
        }
    }

    @Nested
    class Zip extends Contract {
        Zip() {
            super(Codec.zip(6));
        }

        @Override
        InputStream decompressed(InputStream object) throws IOException {
            ZipInputStream in = new ZipInputStream(object);
            in.getNextEntry();
            return in;
        }
    }

    @Nested
    class Snappy extends Contract {
        Snappy() {
            super(Codec.snappy());
        }

        @Override
        InputStream decompressed(InputStream object) throws IOException {
            return new SnappyInputStream(object);
        }
    }

    @Nested
    class OfHadoop extends Contract {
        OfHadoop() {
            super(Codec.hadoopSnappy());
        }

        @Override
        InputStream decompressed(InputStream object) {
            return HadoopSnappy.reader(object);
        }
    }

    @Nested
    class Zstd extends Contract {
        Zstd() {
            super(Codec.zstd(3));
        }

        @Override
        InputStream decompressed(InputStream object) throws IOException {
            return new ZstdInputStream(object);
        }
    }

    abstract static class Contract extends EncoderFactoryContract {
        private final EncoderFactory factory;

        Contract(Codec codec) {
            factory =
                    new CompressedEncoderFactory(
                            new RawEncoderFactory(RecordDelimiter.LINES), codec);
        }

        abstract InputStream decompressed(InputStream object) throws IOException;

        @Override
        protected EncoderFactory factory() {
            return factory;
        }

        /** Long enough, and different enough, that compressors have to write in between. */
        @Override
        protected String record(int number) {
            StringBuilder text = new StringBuilder("record " + number + ": ");
            for (int i = 0; i < 20; i++) {
                text.append(Integer.toHexString(31 * (number + 1) * (i + 17)));
            }
            return text.toString();
        }

        @Override
        protected String text(int number) {
            return record(number);
        }

        @Override
        protected List<String> read(byte[] object) throws IOException {
            try (InputStream in = decompressed(new ByteArrayInputStream(object))) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            }
        }

        @Override
        protected Optional<String> unfit() {
            return Optional.empty();
        }
    }
}
