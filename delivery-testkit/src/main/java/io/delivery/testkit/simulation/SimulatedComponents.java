package io.delivery.testkit.simulation;

import io.delivery.config.BufferingHints;
import io.delivery.config.StreamDefinition;
import io.delivery.erroroutput.ErrorRecordEncoder;
import io.delivery.format.EncoderFactory;
import io.delivery.format.RecordEncoder;
import io.delivery.format.RecordSource;
import io.delivery.format.RejectedRecords;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.components.Resources;
import io.delivery.lane.components.Splitters;
import io.delivery.partition.KeyExpression;
import io.delivery.partition.PartitionKeyExtractor;
import io.delivery.partition.PartitionKeys;
import io.delivery.processing.BatchHints;
import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.processing.RecordSplitter;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import io.delivery.record.Incarnation;
import io.delivery.record.RecordFailedException;
import io.delivery.record.SequencedRecord;
import io.delivery.stream.StreamComponents;
import io.delivery.testkit.SimEntropy;
import io.delivery.world.Scheduler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The rooms of a simulated stream. The splitters are pure; everything behind them answers
 * differently each time, as the landing protocol allows.
 */
final class SimulatedComponents {
    /** What a room says that breaks down on a whim where that stops the lane. */
    static final String DEFECT = "a defect on a whim";

    private static final Failure WHIM =
            new Failure(Failure.Kind.PROCESSING_FAILED, "Lambda.ProcessingFailedStatus", "a whim");
    private static final Failure NO_FIT =
            new Failure(
                    Failure.Kind.FORMAT_CONVERSION_FAILED,
                    "DataFormatConversion.MalformedData",
                    "a whim");

    private final SimEntropy chance;
    private final Scheduler scheduler;
    private final Executor processorThreads;
    private final Shape shape;
    private final int run;
    private final Runnable onDefect;
    private final Supplier<Processor> given;

    /** Those of a stream to which the test brings no processor. */
    SimulatedComponents(
            SimEntropy chance, Scheduler scheduler, Shape shape, int run, Runnable onDefect) {
        this(
                chance,
                scheduler,
                shape,
                run,
                onDefect,
                () -> {
                    throw new IllegalStateException("the test brings no processor");
                });
    }

    /**
     * The rooms that one process gives to a stream.
     *
     * @param run number of the process
     * @param onDefect told when a room breaks down and the lane must stop
     * @param given makes a processor that the test brings, where the shape has one
     */
    SimulatedComponents(
            SimEntropy chance,
            Scheduler scheduler,
            Shape shape,
            int run,
            Runnable onDefect,
            Supplier<Processor> given) {
        this.given = given;
        this.chance = chance;
        this.scheduler = scheduler;
        this.processorThreads = scheduler.pool("functions", 2);
        this.shape = shape;
        this.run = run;
        this.onDefect = onDefect;
    }

    StreamComponents components(StreamDefinition definition) {
        // Versions differ in how they split, so that a range begun under one shows if it is
        // finished under another.
        String splitter =
                switch (definition.version() % 3) {
                    case 1 -> BarSplitter.IDENTITY;
                    case 2 -> PairSplitter.IDENTITY;
                    default -> UnpackingSplitter.IDENTITY;
                };
        LaneComponents main =
                new LaneComponents(
                        Kind.MAIN,
                        definition.version(),
                        definition.buffer(),
                        splitter,
                        this::splitter,
                        processors(),
                        shape.partitioned() && !keysFromProcessor()
                                ? Optional.of(new KeyOfPart())
                                : Optional.empty(),
                        shape.partitionsLimit(),
                        KeyExpression.of(
                                Optional.of(
                                        shape.partitioned()
                                                ? "p=!{partitionKeyFrom"
                                                        + (keysFromProcessor() ? "Lambda" : "Query")
                                                        + ":k}/"
                                                : "v" + definition.version() + "/"),
                                Optional.of("err/!{firehose:error-output-type}/"),
                                ZoneOffset.UTC,
                                definition.name(),
                                ""),
                        new Lines(shape.whims()),
                        Optional.of(new ErrorRecordEncoder(Optional.empty(), Optional.empty())),
                        Shape.STORE,
                        shape.name(),
                        Resources.none());
        return new StreamComponents(main, definition.backup().map(b -> backup(definition)));
    }

    private LaneComponents backup(StreamDefinition definition) {
        return new LaneComponents(
                Kind.BACKUP,
                definition.version(),
                new BufferingHints(1, 70, BufferingHints.Latency.LOW),
                Splitters.WHOLE,
                identity -> null,
                List.of(),
                Optional.empty(),
                1,
                KeyExpression.of(
                        Optional.empty(), Optional.empty(), ZoneOffset.UTC, definition.name(), ""),
                new Lines(Shape.Whims.NONE),
                Optional.empty(),
                Shape.STORE,
                shape.backupBucket(),
                Resources.none());
    }

    private boolean keysFromProcessor() {
        return switch (shape.transform()) {
            case SLOW, GIVEN -> true;
            case NONE, WHIMSICAL, NUMBERS_THE_RUN -> false;
        };
    }

    private List<Processor> processors() {
        return switch (shape.transform()) {
            case NONE -> List.of();
            case WHIMSICAL -> List.of(new Whimsical());
            case SLOW -> List.of(new Slow());
            case GIVEN -> List.of(given.get());
            case NUMBERS_THE_RUN -> List.of(new NumbersTheRun());
        };
    }

    private RecordSplitter splitter(String identity) {
        return switch (identity) {
            case BarSplitter.IDENTITY -> new Fragile(new BarSplitter());
            case PairSplitter.IDENTITY -> new Fragile(new PairSplitter());
            case UnpackingSplitter.IDENTITY -> new Fragile(new UnpackingSplitter());
            default -> null;
        };
    }

    private void breakDownOnAWhim() {
        if (shape.whims() != Shape.Whims.NONE && chance.chance(0.001)) {
            onDefect.run();
            throw new IllegalStateException(DEFECT);
        }
    }

    /** Breaks down now and then; splits as the one behind it does. */
    private final class Fragile implements RecordSplitter {
        private final RecordSplitter splitter;

        Fragile(RecordSplitter splitter) {
            this.splitter = splitter;
        }

        @Override
        public String identity() {
            return splitter.identity();
        }

        @Override
        public void split(DeliveryRecord record, PartSink parts) {
            breakDownOnAWhim();
            splitter.split(record, parts);
        }
    }

    /** Parts between bars. */
    private static final class BarSplitter implements RecordSplitter {
        static final String IDENTITY = "bar/1";

        @Override
        public String identity() {
            return IDENTITY;
        }

        @Override
        public void split(DeliveryRecord record, PartSink parts) {
            byte[] bytes = record.array();
            int end = record.offset() + record.length();
            int from = record.offset();
            for (int at = from; at < end; at++) {
                if (bytes[at] == '|') {
                    parts.part(bytes, from, at - from);
                    from = at + 1;
                }
            }
            parts.part(bytes, from, end - from);
        }
    }

    /** Two pieces are one part: another code version, whose parts have the same numbers. */
    private static final class PairSplitter implements RecordSplitter {
        static final String IDENTITY = "pair/1";

        @Override
        public String identity() {
            return IDENTITY;
        }

        @Override
        public void split(DeliveryRecord record, PartSink parts) {
            byte[] bytes = record.array();
            int end = record.offset() + record.length();
            int from = record.offset();
            int bars = 0;
            for (int at = from; at < end; at++) {
                if (bytes[at] == '|' && ++bars % 2 == 0) {
                    parts.part(bytes, from, at - from);
                    from = at + 1;
                }
            }
            parts.part(bytes, from, end - from);
        }
    }

    /**
     * Makes other bytes of the record as a whole, as decompression does: what fails further on must
     * show those that were put.
     */
    private static final class UnpackingSplitter implements RecordSplitter {
        static final String IDENTITY = "unpacking/1";

        @Override
        public String identity() {
            return IDENTITY;
        }

        @Override
        public void split(DeliveryRecord record, PartSink parts) {
            byte[] bytes = record.toByteArray();
            if (bytes.length > 0) {
                bytes = Arrays.copyOf(bytes, bytes.length + 1);
                bytes[bytes.length - 1] = Oracle.CHANGED;
            }
            parts.part(bytes, 0, bytes.length);
        }
    }

    private List<Outcome> onAWhim(List<? extends SequencedRecord> records) {
        if (chance.chance(0.02)) {
            throw new IllegalStateException("the function is gone");
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (DeliveryRecord record : records) {
            outcomes.add(onAWhim(record));
        }
        return outcomes;
    }

    private Outcome onAWhim(DeliveryRecord record) {
        int dice = chance.below(10);
        if (dice == 0) {
            return new Outcome.Dropped();
        }
        if (dice == 1) {
            return new Outcome.ProcessingFailed(WHIM);
        }
        String text = record.toUtf8() + "~" + chance.below(1000);
        String key = letters(record);
        PartitionKeys keys =
                key.isEmpty() || !keysFromProcessor()
                        ? PartitionKeys.NONE
                        : new PartitionKeys(Map.of(), Map.of("k", key));
        return new Outcome.Ok(text.getBytes(StandardCharsets.UTF_8), keys);
    }

    /** Once it is closed, every batch fails. */
    private abstract static class Closing implements Processor {
        private volatile boolean closed;

        abstract CompletionStage<List<Outcome>> answer(List<? extends SequencedRecord> records);

        @Override
        public CompletionStage<List<Outcome>> process(List<? extends SequencedRecord> records) {
            Objects.requireNonNull(records, "records");
            return closed
                    ? CompletableFuture.failedFuture(new IllegalStateException("closed"))
                    : answer(records);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** Ok with other bytes, Dropped or ProcessingFailed, drawn anew each time; answers later. */
    private final class Whimsical extends Closing {
        @Override
        CompletionStage<List<Outcome>> answer(List<? extends SequencedRecord> records) {
            return CompletableFuture.supplyAsync(() -> onAWhim(records), processorThreads);
        }
    }

    /**
     * The same from small batches, several at a time, which are answered in any order, after some
     * seconds, too late or never.
     */
    private final class Slow implements Processor {
        private static final int LIMIT_SECONDS = 20;

        private boolean open;

        @Override
        public BatchHints hints() {
            return new BatchHints(
                    3, 4, 200, Duration.ofSeconds(5), Duration.ofSeconds(LIMIT_SECONDS));
        }

        @Override
        public void open(Incarnation stream) {
            requireOpen(false);
            open = true;
        }

        @Override
        public CompletionStage<List<Outcome>> process(List<? extends SequencedRecord> records) {
            requireOpen(true);
            Objects.requireNonNull(records, "records");
            CompletableFuture<List<Outcome>> answer = new CompletableFuture<>();
            if (chance.chance(0.9)) {
                scheduler.after(
                        Duration.ofMillis(chance.below(LIMIT_SECONDS * 1100)),
                        processorThreads,
                        () -> answer.completeAsync(() -> onAWhim(records), Runnable::run));
            }
            return answer;
        }

        @Override
        public void close() {
            open = false;
        }

        /** An error, and no exception: the lane must not take it for a failed batch. */
        private void requireOpen(boolean expected) {
            if (open != expected) {
                throw new AssertionError("the processor is " + (open ? "open" : "not open"));
            }
        }
    }

    /** The letters behind the colon. */
    private static String letters(DeliveryRecord record) {
        String text = record.toUtf8();
        return text.substring(text.indexOf(':') + 1).replaceAll("[^a-z].*", "");
    }

    /** Appends the number of the process: each run answers differently. */
    private final class NumbersTheRun extends Closing {
        @Override
        CompletionStage<List<Outcome>> answer(List<? extends SequencedRecord> records) {
            List<Outcome> outcomes = new ArrayList<>();
            for (DeliveryRecord record : records) {
                String text = record.toUtf8() + "~" + run;
                outcomes.add(
                        new Outcome.Ok(text.getBytes(StandardCharsets.UTF_8), PartitionKeys.NONE));
            }
            return CompletableFuture.completedFuture(outcomes);
        }
    }

    /** The letters behind the colon, or a failure where there are none. */
    private final class KeyOfPart implements PartitionKeyExtractor {
        @Override
        public Map<String, String> extract(DeliveryRecord record) throws RecordFailedException {
            breakDownOnAWhim();
            String key = letters(record);
            if (key.isEmpty()) {
                throw new RecordFailedException(
                        new Failure(
                                Failure.Kind.PROCESSING_FAILED,
                                "DynamicPartitioning.MetadataExtractionFailed",
                                "partitionKeys values must not be null or empty"));
            }
            return Map.of("k", key);
        }
    }

    /** One record, one line; rejects some on a whim. */
    private final class Lines implements EncoderFactory, RecordEncoder {
        private final boolean whimsical;
        private final boolean nothingConverts;

        Lines(Shape.Whims whims) {
            this.whimsical = whims != Shape.Whims.NONE;
            this.nothingConverts = whims == Shape.Whims.AND_NOTHING_CONVERTS;
        }

        @Override
        public RecordEncoder encoder(long memoryBytes) {
            return this;
        }

        @Override
        public void encode(RecordSource records, OutputStream out, RejectedRecords rejected)
                throws IOException {
            for (SequencedRecord r = records.next(); r != null; r = records.next()) {
                if (whimsical && chance.chance(0.002)) {
                    throw new IllegalStateException("the encoder breaks down on a whim");
                }
                if (nothingConverts || whimsical && chance.chance(0.05)) {
                    rejected.reject(NO_FIT);
                } else {
                    out.write(r.array(), r.offset(), r.length());
                    out.write('\n');
                }
            }
        }

        @Override
        public String extension() {
            return "";
        }

        @Override
        public String contentEncoding() {
            return "";
        }

        @Override
        public long memoryBytes() {
            return 1;
        }
    }
}
