package io.delivery.compress;

import io.delivery.format.EncoderFactory;
import io.delivery.raw.RawEncoderFactory;
import io.delivery.raw.RecordDelimiter;
import io.delivery.testkit.contract.EncoderFactoryContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

class GzipEncoderFactoryContractTest extends EncoderFactoryContract {
    private final EncoderFactory factory =
            new GzipEncoderFactory(new RawEncoderFactory(RecordDelimiter.LINES));

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
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(object))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @Override
    protected Optional<String> unfit() {
        return Optional.empty();
    }
}
