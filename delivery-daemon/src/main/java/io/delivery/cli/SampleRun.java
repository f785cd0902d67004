package io.delivery.cli;

import io.delivery.processing.Outcome;
import java.util.List;

/** The processing of one stream, for samples. Used by one thread. */
public interface SampleRun extends AutoCloseable {
    /**
     * Splits and processes records as a stream does with records that come together.
     *
     * @return the outcome of each part, in order
     */
    List<SampleOutcome> process(List<byte[]> records) throws InterruptedException;

    /** Ends the functions, and removes what was unpacked for them. */
    @Override
    void close();

    /**
     * What became of a record, or of a part of one.
     *
     * @param record its place in the list, from 0
     * @param part from 0
     * @param outcome of the last processor that it came to
     */
    record SampleOutcome(int record, int part, Outcome outcome) {}
}
