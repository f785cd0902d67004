package io.delivery.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.jq.JqKeyExtractor;
import io.delivery.jq.JqProgram;
import io.delivery.jq.JqSyntaxException;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordBatch;
import io.delivery.record.RecordFailedException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;

/**
 * Partition keys of JSON records by jq, parsing included: ours, jackson-jq on Jackson's tree, and C
 * jq where it is installed, the same records in turns in one run. CPU of the whole process.
 */
final class JqBenchmark {
    private static final long BYTES = Long.getLong("mib", 64) << 20;

    /** CPU time of a process is told in hundredths of a second: one pass is too short for that. */
    private static final int PASSES = 4;

    /** C jq reads a quarter of the records once. */
    private static final int FEWER = 4;

    /** Looks at two places. */
    private static final String PLACES = "{customer_id: .customer_id, region: .geo.region}";

    /** Makes the same of the whole record. */
    private static final String WHOLE =
            ". as $r | {customer_id: $r.customer_id, region: $r.geo.region}";

    /** Changes the record first, which copies it. */
    private static final String CHANGED =
            "del(.user_agent) | {customer_id: .customer_id, region: .geo.region}";

    /** Makes texts of what it looks at: the day is one of 30. */
    private static final String DAY =
            "{region: (.geo.region // \"none\" | ascii_downcase), day: (.ts | split(\"T\")[0])}";

    /** Looks at nothing: what remains is the check that a record is JSON in UTF-8. */
    private static final String NOTHING = "{k: 1}";

    private static final String USUAL = "jackson-jq, two keys";
    private static final String OURS = "ours, two keys";
    private static final String COMMAND_LINE = "C jq, two keys";

    /** Reads all records; returns how many keys they have. */
    private interface Way {
        long keys(RecordBatch[] records) throws IOException;
    }

    private JqBenchmark() {}

    static List<GoalRow> run(int rounds) throws Exception {
        RecordBatch[] records = Clickstream.zipf(1, 1000).batches(BYTES);
        long bytes = 0;
        for (RecordBatch some : records) {
            bytes += some.recordBytes();
        }
        Map<String, Way> ways = ways();
        Statistics.line("%s; %s of JSON", Usage.machine(), Statistics.mebibytes(BYTES));
        Map<String, List<Double>> speeds = new LinkedHashMap<>();
        try (CommandLineJq jq = CommandLineJq.on(records, records.length / FEWER)) {
            for (int round = -2; round < rounds; round++) {
                for (Map.Entry<String, Way> way : ways.entrySet()) {
                    note(round, way.getKey(), speed(way.getValue(), records, bytes), speeds);
                }
                Optional<Double> theirs = jq.speed(PLACES);
                if (theirs.isPresent()) {
                    note(round, COMMAND_LINE, theirs.get(), speeds);
                }
            }
        }
        return report(rounds, speeds);
    }

    private static Map<String, Way> ways() throws Exception {
        Map<String, Way> ways = new LinkedHashMap<>();
        ways.put(USUAL, jacksonJq(PLACES));
        ways.put(OURS, ours(PLACES));
        ways.put("ours, looking at nothing", ours(NOTHING));
        ways.put("jackson-jq, region and day", jacksonJq(DAY));
        ways.put("ours, region and day", ours(DAY));
        ways.put("jackson-jq, of the whole record", jacksonJq(WHOLE));
        ways.put("ours, of the whole record", ours(WHOLE));
        ways.put("jackson-jq, after del", jacksonJq(CHANGED));
        ways.put("ours, after del", ours(CHANGED));
        return ways;
    }

    private static double speed(Way way, RecordBatch[] records, long bytes) throws IOException {
        long begun = Usage.cpuNanos();
        for (int pass = 0; pass < PASSES; pass++) {
            if (way.keys(records) == 0) {
                throw new IllegalStateException("no record has keys");
            }
        }
        return PASSES * bytes * 1e3 / (Usage.cpuNanos() - begun);
    }

    private static void note(
            int round, String way, double speed, Map<String, List<Double>> speeds) {
        Statistics.line(
                "  %s %-42s %7.1f MB per CPU-second; load average %.2f",
                round < 0 ? "warm-up" : "round " + (round + 1), way, speed, Usage.loadAverage());
        if (round >= 0) {
            speeds.computeIfAbsent(way, first -> new ArrayList<>()).add(speed);
        }
    }

    private static List<GoalRow> report(int rounds, Map<String, List<Double>> speeds) {
        Statistics.line("");
        Statistics.line("| medians of %d rounds | MB per CPU-second | |", rounds);
        Statistics.line("|---|---|---|");
        double usual = Statistics.median(speeds.get(USUAL), speed -> speed);
        double theirs = usual;
        for (Map.Entry<String, List<Double>> way : speeds.entrySet()) {
            double median = Statistics.median(way.getValue(), speed -> speed);
            boolean isTheirs = way.getKey().startsWith("jackson-jq");
            theirs = isTheirs ? median : way.getKey().equals(COMMAND_LINE) ? usual : theirs;
            Statistics.line(
                    "| %s | %.0f | %s |",
                    way.getKey(), median, isTheirs ? "" : "%.2f ×".formatted(median / theirs));
        }
        double mine = Statistics.median(speeds.get(OURS), speed -> speed);
        Statistics.line("");
        return List.of(
                GoalRow.atLeast(5, "jq, two keys, vs jackson-jq, both parse", mine / usual, 3, 5));
    }

    private static Way ours(String query) throws JqSyntaxException {
        JqKeyExtractor extractor = new JqKeyExtractor(JqProgram.compile(query));
        return records -> {
            long keys = 0;
            for (RecordBatch some : records) {
                RecordBatch.Cursor cursor = some.cursor();
                for (DeliveryRecord record = cursor.next();
                        record != null;
                        record = cursor.next()) {
                    try {
                        keys += extractor.extract(record).size();
                    } catch (RecordFailedException impossible) {
                        throw new IllegalStateException(impossible);
                    }
                }
            }
            return keys;
        };
    }

    private static Way jacksonJq(String query) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Scope functions = Scope.newEmptyScope();
        BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_6, functions);
        JsonQuery compiled = JsonQuery.compile(query, Versions.JQ_1_6);
        return records -> {
            long[] keys = {0};
            Scope scope = Scope.newChildScope(functions);
            for (RecordBatch some : records) {
                RecordBatch.Cursor cursor = some.cursor();
                for (DeliveryRecord record = cursor.next();
                        record != null;
                        record = cursor.next()) {
                    JsonNode tree = json.readTree(record.array(), record.offset(), record.length());
                    compiled.apply(scope, tree, made -> keys[0] += made.size());
                }
            }
            return keys[0];
        };
    }

    /**
     * C jq as a process that reads a file of some of the records; its time is that of a child of
     * this one.
     */
    private record CommandLineJq(Path file, long bytes) implements AutoCloseable {
        static CommandLineJq on(RecordBatch[] records, int batches) throws IOException {
            Path file = Files.createTempFile("delivery-jq", ".json");
            long bytes = 0;
            try (OutputStream out = Files.newOutputStream(file)) {
                for (int i = 0; i < batches; i++) {
                    RecordBatch.Cursor cursor = records[i].cursor();
                    for (DeliveryRecord record = cursor.next();
                            record != null;
                            record = cursor.next()) {
                        out.write(record.array(), record.offset(), record.length());
                        out.write('\n');
                        bytes += record.length();
                    }
                }
            }
            return new CommandLineJq(file, bytes);
        }

        /** Empty where there is no jq, or nothing that tells its time. */
        Optional<Double> speed(String query) throws IOException, InterruptedException {
            Duration begun = ProcessTimes.cpu(ProcessHandle.current());
            Process jq;
            try {
                jq =
                        new ProcessBuilder("jq", "-c", query, file.toString())
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .redirectError(ProcessBuilder.Redirect.DISCARD)
                                .start();
            } catch (IOException notInstalled) {
                return Optional.empty();
            }
            if (jq.waitFor() != 0) {
                throw new IllegalStateException("jq ended with " + jq.exitValue());
            }
            Duration took = ProcessTimes.cpu(ProcessHandle.current()).minus(begun);
            return took.isZero() ? Optional.empty() : Optional.of(bytes * 1e3 / took.toNanos());
        }

        @Override
        public void close() throws IOException {
            Files.delete(file);
        }
    }
}
