package io.delivery.cli;

import io.delivery.processing.Outcome;
import io.delivery.record.Failure;
import java.util.List;
import java.util.Optional;

/** The processing of one stream, for samples. Used by one thread. */
public interface SampleRun extends AutoCloseable {
    /**
     * Splits, processes and partitions records as a stream does with records that come together.
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
     * @param prefix of the object that it would be in, with the values of its partition keys; empty
     *     when it would be in none
     * @param refusal why partitioning sends it to the error output, although it passed all
     *     processors
     */
    record SampleOutcome(
            int record,
            int part,
            Outcome outcome,
            Optional<String> prefix,
            Optional<Failure> refusal) {
        /** One that was not partitioned. */
        public SampleOutcome(int record, int part, Outcome outcome) {
            this(record, part, outcome, Optional.empty(), Optional.empty());
        }
    }
}
