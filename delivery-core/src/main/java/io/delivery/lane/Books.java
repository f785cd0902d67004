package io.delivery.lane;

/**
 * The books of one lane, in records, since its log was created. They balance at every moment:
 * {@code accepted + split = landed + dropped + errorOutput + damaged + discarded + buffered}.
 *
 * @param accepted records that the log has given to the lane. A sequence that is not read yet
 *     counts as a record: that no record has it is known only when it is read
 * @param split extra records made by de-aggregation
 * @param landed in committed objects of the main output
 * @param dropped removed on purpose by a processor
 * @param errorOutput in committed objects of the error output
 * @param damaged lost to disk corruption
 * @param discarded deleted with their stream
 * @param buffered in open buffers, in sealed ranges and in frames not yet read
 */
public record Books(
        long accepted,
        long split,
        long landed,
        long dropped,
        long errorOutput,
        long damaged,
        long discarded,
        long buffered) {
    public static final Books EMPTY = new Books(0, 0, 0, 0, 0, 0, 0, 0);

    /** The same with so many more records accepted, which are buffered. */
    Books with(long more) {
        return new Books(
                accepted + more,
                split,
                landed,
                dropped,
                errorOutput,
                damaged,
                discarded,
                buffered + more);
    }

    public boolean balanced() {
        return accepted + split == landed + dropped + errorOutput + damaged + discarded + buffered;
    }

    /** Whether everything accepted is settled: nothing is on its way. */
    public boolean settled() {
        return buffered == 0;
    }

    /** After the stream was deleted: what was buffered is discarded. */
    Books afterDeletion() {
        return new Books(
                accepted, split, landed, dropped, errorOutput, damaged, discarded + buffered, 0);
    }
}
