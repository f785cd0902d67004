package io.delivery.wiring;

import io.delivery.cli.SampleRun;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.FunctionSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.failure.OpenedSoFar;
import io.delivery.function.FunctionLog;
import io.delivery.loading.InvalidConfigException;
import io.delivery.loading.LocatedProblem;
import io.delivery.machine.Machine;
import io.delivery.metrics.Metrics;
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
import io.delivery.split.SplitStages;
import io.delivery.world.Entropy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a stream does to records before it buffers them, on records that nobody accepted. */
final class SampleStages implements SampleRun {
    private static final PartitionKeys NO_KEYS = PartitionKeys.NONE;

    private final Machine machine;
    private final ScratchFolder scratch;
    private final FunctionMaker maker;
    private final Map<String, MadeFunction> functions = new HashMap<>();
    private final Optional<RecordSplitter> splitter;
    private final List<Processor> processors;
    private final Optional<PartitionKeyExtractor> extractor;
    private final KeyExpression keys;
    private long sequence;

    private SampleStages(
            DeliveryConfig config, StreamDefinition stream, FunctionLog log, ScratchFolder scratch)
            throws IOException {
        this.machine = new Machine();
        this.scratch = scratch;
        this.maker =
                new FunctionMaker(
                        machine.world(), Metrics.NONE, config.server(), scratch.path(), log);
        try {
            Optional<String> name = stream.transform().function();
            if (name.isPresent()) {
                FunctionSettings settings = config.function(name.get()).orElseThrow();
                functions.put(
                        name.get(), maker.make(FunctionSource.of(settings, config.plugins())));
            }
            this.splitter = SplitStages.of(stream.transform());
            this.processors = new Processors(stream, functions::get, Metrics.NONE).all();
            this.extractor = ComponentRegistry.extractor(stream, Metrics.NONE);
            this.keys = ComponentRegistry.keys(stream);
            Entropy entropy = machine.world().entropy();
            Incarnation incarnation = new Incarnation(entropy.nextLong(), entropy.nextLong());
            processors.forEach(processor -> processor.open(incarnation));
        } catch (Throwable failed) { // also errors
            OpenedSoFar.closeAfter(failed, this::end);
            throw failed;
        }
    }

    /** Makes them, with a folder of its own for what is unpacked. */
    static SampleRun open(DeliveryConfig config, StreamDefinition stream, FunctionLog log)
            throws IOException, InvalidConfigException {
        List<LocatedProblem> problems = new ArrayList<>();
        stream.transform()
                .function()
                .flatMap(config::function)
                .ifPresent(
                        function ->
                                FunctionProblems.of(function, config.plugins())
                                        .forEach(
                                                problem ->
                                                        problems.add(
                                                                new LocatedProblem(
                                                                        "the configuration",
                                                                        0,
                                                                        "functions."
                                                                                + function.name()
                                                                                + "."
                                                                                + problem.setting(),
                                                                        problem.message()))));
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
        ScratchFolder scratch = ScratchFolder.create("delivery-function");
        try {
            return new SampleStages(config, stream, log, scratch);
        } catch (Throwable failed) { // also errors
            OpenedSoFar.closeAfter(failed, scratch::close);
            throw failed;
        }
    }

    /** A part on its way. */
    private static final class Sample {
        private final PartName name;
        private Outcome outcome;

        private Sample(PartName name, Outcome outcome) {
            this.name = name;
            this.outcome = outcome;
        }
    }

    /** Which part of which record, and under which sequence. */
    private record PartName(int record, long sequence, int part, boolean last) {}

    @Override
    public List<SampleOutcome> process(List<byte[]> records) throws InterruptedException {
        List<Sample> parts = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            split(i, records.get(i), parts);
        }
        for (Processor processor : processors) {
            pass(parts, processor);
        }
        return parts.stream().map(this::partitioned).toList();
    }

    private SampleOutcome partitioned(Sample part) {
        int record = part.name.record();
        int number = part.name.part();
        if (part.outcome instanceof Outcome.Ok ok) {
            try {
                String prefix = keys.bind(queried(ok)).toString();
                return new SampleOutcome(record, number, ok, Optional.of(prefix), Optional.empty());
            } catch (RecordFailedException failed) {
                return new SampleOutcome(
                        record, number, ok, Optional.empty(), Optional.of(failed.failure()));
            }
        }
        return new SampleOutcome(record, number, part.outcome);
    }

    private PartitionKeys queried(Outcome.Ok ok) throws RecordFailedException {
        if (extractor.isEmpty()) {
            return ok.keys();
        }
        byte[] data = ok.data();
        long now = machine.world().clock().millis();
        DeliveryRecord record = new DeliveryRecord().at(data, 0, data.length, now);
        return new PartitionKeys(extractor.get().extract(record), ok.keys().fromLambda());
    }

    private void split(int record, byte[] bytes, List<Sample> parts) {
        List<Outcome> outcomes = new ArrayList<>();
        if (splitter.isEmpty()) {
            outcomes.add(new Outcome.Ok(bytes, NO_KEYS));
        } else {
            long now = machine.world().clock().millis();
            splitter.get()
                    .split(
                            new DeliveryRecord().at(bytes, 0, bytes.length, now),
                            new RecordSplitter.PartSink() {
                                @Override
                                public void part(byte[] array, int offset, int length) {
                                    outcomes.add(
                                            new Outcome.Ok(
                                                    Arrays.copyOfRange(
                                                            array, offset, offset + length),
                                                    NO_KEYS));
                                }

                                @Override
                                public void failed(
                                        byte[] array, int offset, int length, Failure failure) {
                                    outcomes.add(new Outcome.ProcessingFailed(failure));
                                }
                            });
        }
        long name = sequence++;
        for (int i = 0; i < outcomes.size(); i++) {
            boolean last = i == outcomes.size() - 1;
            parts.add(new Sample(new PartName(record, name, i, last), outcomes.get(i)));
        }
    }

    /** All that are still on their way, in batches as the processor asks for. */
    private void pass(List<Sample> parts, Processor processor) throws InterruptedException {
        BatchHints hints = processor.hints();
        List<Sample> batch = new ArrayList<>();
        long bytes = 0;
        for (Sample part : parts) {
            if (part.outcome instanceof Outcome.Ok ok) {
                if (batch.size() == hints.records() || bytes >= hints.bytes()) {
                    answer(batch, processor);
                    batch.clear();
                    bytes = 0;
                }
                batch.add(part);
                bytes += ok.data().length;
            }
        }
        if (!batch.isEmpty()) {
            answer(batch, processor);
        }
    }

    private void answer(List<Sample> batch, Processor processor) throws InterruptedException {
        List<SequencedRecord> records = new ArrayList<>();
        long now = machine.world().clock().millis();
        for (Sample part : batch) {
            byte[] data = ((Outcome.Ok) part.outcome).data();
            records.add(
                    new SequencedRecord()
                            .at(
                                    part.name.sequence(),
                                    part.name.part(),
                                    part.name.last(),
                                    data,
                                    0,
                                    data.length,
                                    now));
        }
        List<Outcome> outcomes = outcomes(processor, records);
        for (int i = 0; i < batch.size(); i++) {
            Outcome before = batch.get(i).outcome;
            batch.get(i).outcome = joined((Outcome.Ok) before, outcomes.get(i));
        }
    }

    private static List<Outcome> outcomes(Processor processor, List<SequencedRecord> records)
            throws InterruptedException {
        String reason;
        try {
            List<Outcome> outcomes =
                    processor
                            .process(records)
                            .toCompletableFuture()
                            .get(processor.hints().limit().toMillis(), TimeUnit.MILLISECONDS);
            if (outcomes.size() == records.size()) {
                return outcomes;
            }
            reason =
                    "the processor answered for %d of %d records"
                            .formatted(outcomes.size(), records.size());
        } catch (ExecutionException failed) {
            reason = "the processor failed: " + failed.getCause();
        } catch (TimeoutException late) {
            reason = "the processor gave no answer within " + processor.hints().limit();
        }
        Failure failure = new Failure(Failure.Kind.PROCESSING_FAILED, "InternalError", reason);
        return records.stream()
                .<Outcome>map(record -> new Outcome.ProcessingFailed(failure))
                .toList();
    }

    /** The keys of a function stay with the record behind it. */
    private static Outcome joined(Outcome.Ok before, Outcome after) {
        if (after instanceof Outcome.Ok ok && !before.keys().fromLambda().isEmpty()) {
            Map<String, String> keys = new HashMap<>(before.keys().fromLambda());
            keys.putAll(ok.keys().fromLambda());
            return new Outcome.Ok(ok.data(), new PartitionKeys(Map.of(), keys));
        }
        return after;
    }

    @Override
    public void close() {
        processors.forEach(Processor::close);
        end();
        scratch.close();
    }

    private void end() {
        functions.values().forEach(MadeFunction::close);
        maker.close();
        machine.close();
    }
}
