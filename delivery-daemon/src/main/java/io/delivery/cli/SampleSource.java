package io.delivery.cli;

import io.delivery.suggest.Sample;
import io.delivery.suggest.SampleReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Samples that can be read more than once, each time the same. */
interface SampleSource extends AutoCloseable {
    /** Reads all of them, in order. */
    void each(Sample.Taker taker) throws IOException;

    /** Removes what was only kept for reading again. */
    @Override
    void close() throws IOException;

    /** Those of a file, which nobody changes meanwhile. */
    static SampleSource of(Path file, long now) {
        return new SampleSource() {
            @Override
            public void each(Sample.Taker taker) throws IOException {
                try (InputStream in = Files.newInputStream(file)) {
                    SampleReader.read(in, now, taker);
                }
            }

            @Override
            public void close() {
                // The file is somebody else's.
            }
        };
    }

    /**
     * Those of a stream of bytes, which is kept in a temporary file, compressed when it comes so.
     *
     * @throws IOException when it cannot be read or kept
     */
    static SampleSource of(InputStream in, long now) throws IOException {
        Path kept = Files.createTempFile("delivery-samples", ".json");
        try (var out = Files.newOutputStream(kept)) {
            in.transferTo(out);
        } catch (IOException failed) {
            Files.deleteIfExists(kept);
            throw failed;
        }
        SampleSource file = of(kept, now);
        return new SampleSource() {
            @Override
            public void each(Sample.Taker taker) throws IOException {
                file.each(taker);
            }

            @Override
            public void close() throws IOException {
                Files.deleteIfExists(kept);
            }
        };
    }

    /** Those that somebody has read already. */
    static SampleSource of(List<Sample> samples) {
        return new SampleSource() {
            @Override
            public void each(Sample.Taker taker) {
                samples.forEach(taker::sample);
            }

            @Override
            public void close() {
                // They are only in memory.
            }
        };
    }
}
