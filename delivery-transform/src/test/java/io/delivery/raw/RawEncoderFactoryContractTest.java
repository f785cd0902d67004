package io.delivery.raw;

import io.delivery.format.EncoderFactory;
import io.delivery.testkit.contract.EncoderFactoryContract;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;

class RawEncoderFactoryContractTest {
    @Nested
    class ConcatenatedTest extends Raw {
        ConcatenatedTest() {
            super(RecordDelimiter.NONE);
        }
    }

    @Nested
    class JoinedTest extends Raw {
        JoinedTest() {
            super(RecordDelimiter.NEWLINE);
        }
    }

    @Nested
    class LinesTest extends Raw {
        LinesTest() {
            super(RecordDelimiter.LINES);
        }
    }

    /** Records end in a semicolon, so that they are known again without a delimiter. */
    private abstract static class Raw extends EncoderFactoryContract {
        private final EncoderFactory factory;

        Raw(RecordDelimiter delimiter) {
            this.factory = new RawEncoderFactory(delimiter);
        }

        @Override
        protected EncoderFactory factory() {
            return factory;
        }

        @Override
        protected String record(int number) {
            return "record " + number + ";";
        }

        @Override
        protected String text(int number) {
            return "record " + number;
        }

        @Override
        protected List<String> read(byte[] object) {
            return Stream.of(new String(object, StandardCharsets.UTF_8).split(";"))
                    .map(String::strip)
                    .filter(text -> !text.isEmpty())
                    .toList();
        }

        @Override
        protected Optional<String> unfit() {
            return Optional.empty();
        }
    }
}
