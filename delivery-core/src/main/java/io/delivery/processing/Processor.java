package io.delivery.processing;

import io.delivery.record.Incarnation;
import io.delivery.record.SequencedRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * One transformation step. It never makes two records out of one and may answer differently each
 * time. One instance belongs to one lane under one definition; {@link #process} is called by one
 * thread at a time.
 */
public interface Processor extends AutoCloseable {
    /** In what batches it wants its records; the same answer for its whole life. */
    default BatchHints hints() {
        return BatchHints.DEFAULTS;
    }

    /**
     * What a batch takes of the heap while it is with the processor, beside its records, in bytes.
     * Counts as memory of the stream until the batch is answered or its time is over, or until the
     * lane gives up what it has read, to read it again. Zero for one that answers at once.
     *
     * @param records how many records the batch has
     * @param recordBytes bytes of the records together
     */
    default long workingBytes(int records, long recordBytes) {
        return 0;
    }

    /**
     * The definition has been accepted: from now on {@link #process} may be called. Begins whatever
     * takes time and returns at once; a batch that comes early waits for it. Called at most once.
     *
     * @param stream whose records come: with it, sequence and part a record has a name that no
     *     other has
     */
    default void open(Incarnation stream) {}

    /**
     * What has been wrong with it for longer, in one sentence; empty while nothing is, and after
     * {@link #close}. Asked by any thread, after each step of the lane, and every second while
     * something is wrong: it answers at once. What begins without an answer of the processor is
     * seen with the lane's next step.
     */
    default Optional<String> trouble() {
        return Optional.empty();
    }

    /**
     * Processes a batch.
     *
     * @param records valid until the stage completes; their bytes are not changed, and no outcome
     *     refers to them. A batch without records, which no lane sends, has no outcomes
     * @return one outcome per record, in order. The stage may complete on any thread, and up to
     *     {@code hints().concurrency()} of them may be incomplete at a time. A stage that fails, or
     *     that does not answer once for each record, fails every record of the batch with code
     *     {@code InternalError}; a processor reports its own failures as outcomes. After {@link
     *     #close} the stage fails, and nothing is thrown
     * @throws NullPointerException when there is no list of records
     */
    CompletionStage<List<Outcome>> process(List<? extends SequencedRecord> records);

    /**
     * Nothing may come for long: what earlier batches have left for the sake of speed alone is let
     * go. Called between two calls of {@link #process}, often; a batch may have no answer yet.
     */
    default void rest() {}

    /**
     * No batch follows. Called once the lane has settled everything that was processed under the
     * definition, when the lane stops, or when the definition was refused before {@link #open};
     * batches that have no answer by then are not waited for. May be called again.
     */
    @Override
    default void close() {}
}
