package io.delivery.lane.components;

import io.delivery.config.BufferingHints;
import io.delivery.erroroutput.ErrorRecordEncoder;
import io.delivery.failure.OpenedSoFar;
import io.delivery.format.EncoderFactory;
import io.delivery.landing.LaneRecord;
import io.delivery.partition.KeyExpression;
import io.delivery.partition.PartitionKeyExtractor;
import io.delivery.processing.Processor;
import io.delivery.record.Incarnation;
import java.util.List;
import java.util.Optional;

/**
 * Everything one version of a definition puts into a lane: made by the daemon from settings, used
 * by that lane alone, closed when nothing works with it any more.
 *
 * @param kind {@code MAIN} or {@code BACKUP}
 * @param splitter identity of the splitter in force
 * @param processors in the order they run; empty for a backup
 * @param extractor present when the stream is partitioned
 * @param errorLines present when the lane has an error output, which a backup has not
 * @param store name of the store of main and error output
 * @param resources what the components use and somebody else owns
 */
public record LaneComponents(
        LaneRecord.Kind kind,
        int definitionVersion,
        BufferingHints hints,
        String splitter,
        Splitters splitters,
        List<Processor> processors,
        Optional<PartitionKeyExtractor> extractor,
        int activePartitionsLimit,
        KeyExpression keys,
        EncoderFactory encoder,
        Optional<ErrorRecordEncoder> errorLines,
        String store,
        String bucket,
        Resources resources)
        implements AutoCloseable {
    /** Whether values of the records decide which object they go to: by a query or a processor. */
    public boolean partitioned() {
        return extractor.isPresent() || keys.partitioned();
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return resources.areGivenBack();
    }

    /** The definition has been accepted: the processors may begin to work for this stream. */
    public void open(Incarnation stream) {
        processors.forEach(processor -> processor.open(stream));
    }

    /** Nothing may come for long: processors and extractor let go what is for speed alone. */
    public void rest() {
        processors.forEach(Processor::rest);
        extractor.ifPresent(PartitionKeyExtractor::rest);
    }

    /** Nothing is processed under this definition any more; objects may still be encoded. */
    public void stopProcessing() {
        OpenedSoFar all = new OpenedSoFar();
        processors.forEach(processor -> all.add(processor::close));
        all.close();
    }

    /**
     * Closes the processors and gives back the resources: the definition was refused, or nothing
     * that was begun under it is split, processed, encoded or recorded any more. May be called
     * again.
     */
    @Override
    public void close() {
        OpenedSoFar.closeAll(List.of(this::stopProcessing, resources::close));
    }
}
