package io.delivery.cli;

import io.delivery.cli.SampleRun.SampleOutcome;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.StreamDefinition;
import io.delivery.inspection.StreamInspection;
import io.delivery.journal.JournalDamage;
import io.delivery.journal.JournalVisitor;
import io.delivery.loading.ConfigParts;
import io.delivery.loading.InvalidConfigException;
import io.delivery.processing.Outcome;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordBatch;
import io.delivery.suggest.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The newest records of a stream's journal, as they are or as its processors give them on. */
final class StreamSamples {
    private static final long MOST_BYTES = 64 << 20;
    private static final int BATCH = 500;

    private final int most;
    private final Deque<Numbered> newest = new ArrayDeque<>();
    private long bytes;
    private long damaged;
    private long dropped;
    private long encrypted;

    /** A record with its sequence. */
    private record Numbered(long sequence, byte[] data, long arrivalMillis) {}

    /**
     * @param most records that are wanted; at most 64 MiB of them are kept
     */
    StreamSamples(int most) {
        this.most = most;
    }

    /** Reads them beside the owner of the journal. */
    void read(StreamInspection stream) throws IOException {
        stream.read(0, Long.MAX_VALUE, new Newest());
    }

    private final class Newest implements JournalVisitor {
        private long next;

        @Override
        public void records(Path file, long offset, long firstSequence, RecordBatch batch) {
            RecordBatch.Cursor cursor = batch.cursor();
            long sequence = firstSequence;
            for (DeliveryRecord one = cursor.next(); one != null; one = cursor.next()) {
                if (sequence >= next) {
                    next = sequence + 1;
                    keep(new Numbered(sequence, one.toByteArray(), one.arrivalMillis()));
                }
                sequence++;
            }
        }

        @Override
        public void encrypted(
                Path file, long offset, long firstSequence, int count, long arrivalMillis) {
            encrypted += count;
        }

        @Override
        public void damaged(JournalDamage found) {
            damaged += Math.max(0, found.to() - found.from());
        }
    }

    private void keep(Numbered record) {
        newest.addLast(record);
        bytes += record.data.length;
        while (newest.size() > most || bytes > MOST_BYTES && newest.size() > 1) {
            bytes -= newest.removeFirst().data.length;
        }
    }

    /** Sequences that are damaged and were passed. */
    long damaged() {
        return damaged;
    }

    /** Records that are encrypted with a key that nobody has given. */
    long encrypted() {
        return encrypted;
    }

    /** Records that a processor has dropped. */
    long dropped() {
        return dropped;
    }

    int size() {
        return newest.size();
    }

    /** As they were accepted. */
    List<Sample> raw() {
        return newest.stream()
                .map(r -> new Sample("sequence " + r.sequence, r.data, r.arrivalMillis))
                .toList();
    }

    /**
     * What the stream's splitter and processors make of them.
     *
     * @param failed told why a record is in the error output before it is converted
     */
    List<Sample> processed(
            SampleRuns runs, ConfigParts parts, StreamDefinition stream, Sample.Taker failed)
            throws InvalidConfigException,
                    RefusedArgumentException,
                    IOException,
                    InterruptedException {
        DeliveryConfig config = StreamsOfConfig.around(parts, stream);
        List<Numbered> all = new ArrayList<>(newest);
        List<Sample> samples = new ArrayList<>();
        try (SampleRun run = runs.open(config, stream, (function, written, line) -> {})) {
            for (int from = 0; from < all.size(); from += BATCH) {
                List<Numbered> batch = all.subList(from, Math.min(all.size(), from + BATCH));
                for (SampleOutcome one : run.process(batch.stream().map(Numbered::data).toList())) {
                    take(batch.get(one.record()), one, samples, failed);
                }
            }
        }
        return samples;
    }

    private void take(
            Numbered record, SampleOutcome one, List<Sample> samples, Sample.Taker failed) {
        String place = "sequence " + record.sequence;
        place += one.part() > 0 ? " part " + one.part() : "";
        if (one.outcome() instanceof Outcome.Ok ok) {
            samples.add(new Sample(place, ok.data(), record.arrivalMillis));
        } else if (one.outcome() instanceof Outcome.ProcessingFailed refused) {
            failed.unreadable(place, refused.failure().code() + ": " + refused.failure().message());
        } else {
            dropped++;
        }
    }
}
