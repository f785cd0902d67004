package io.delivery.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.config.BufferingHints;
import io.delivery.config.Decompression.Messages;
import io.delivery.config.ProcessorSettings;
import io.delivery.config.Secret;
import io.delivery.jq.JqKeyExtractor;
import io.delivery.jq.JqProcessor;
import io.delivery.jq.JqProgram;
import io.delivery.jq.JqSyntaxException;
import io.delivery.jq.RecordPattern;
import io.delivery.jq.RegexProcessor;
import io.delivery.lane.components.LaneComponents;
import io.delivery.processing.Processor;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordBatch;
import io.delivery.split.LogEventSplitter;
import io.delivery.split.SplitStages;
import io.delivery.steps.CsvProcessor;
import io.delivery.steps.RedactProcessor;
import io.delivery.stream.StreamComponents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;

/**
 * What each built-in step costs: the same records the whole way into a directory without the step
 * and with it, in turns. CPU of the whole process per megabyte that the step reads, which is what
 * was put, or for decompression the JSON in it.
 */
final class StepsBenchmark {
    private static final long POOL_BYTES = 16L << 20;
    private static final long ROUND_BYTES = Long.getLong("mib", 96) << 20;
    private static final int EVENTS_OF_A_RECORD = 40;

    private static final String LOG_LINE =
            "^(?<ip>\\S+) \\S+ (?<user>\\S+) \\[(?<time>[^\\]]+)\\] \"(?<method>[A-Z]+) (?<path>[^ \"]+)"
                    + " [^\"]*\" (?<status>[0-9]{3}) (?<bytes>[0-9]+|-) \"(?<referrer>[^\"]*)\""
                    + " \"(?<agent>[^\"]*)\"$";

    /**
     * Records of one kind.
     *
     * @param bytes of all of them, as the step counts them
     */
    private record Pool(String name, RecordBatch[] batches, long bytes) {}

    /** What is put into the stream that {@code none} leaves out. */
    private record Step(
            String name, Pool pool, Supplier<List<Processor>> processors, String split) {
        static Step none(Pool pool) {
            return new Step("none", pool, List::of, "");
        }

        static Step of(String name, Pool pool, Supplier<Processor> processor) {
            return new Step(name, pool, () -> List.of(processor.get()), "");
        }
    }

    private record Run(double nanosPerByte, double seconds) {}

    private StepsBenchmark() {}

    static void run(int rounds) throws Exception {
        Statistics.line("%s; %s a round", Usage.machine(), Statistics.mebibytes(ROUND_BYTES));
        List<Step> steps = steps();
        Map<Step, List<Run>> runs = new LinkedHashMap<>();
        for (int round = -1; round < rounds; round++) {
            for (Step step : steps) {
                Run run = once(step);
                Statistics.line(
                        "  %s %-6s %-14s %6.2f CPU ms/MB, %.1f s; load average %.2f",
                        round < 0 ? "warm-up" : "round " + (round + 1),
                        step.pool().name(),
                        step.name(),
                        run.nanosPerByte(),
                        run.seconds(),
                        Usage.loadAverage());
                if (round >= 0) {
                    runs.computeIfAbsent(step, first -> new ArrayList<>()).add(run);
                }
            }
        }
        report(rounds, runs);
    }

    private static void report(int rounds, Map<Step, List<Run>> runs) {
        Statistics.line("");
        Statistics.line(
                "| medians of %d rounds, CPU ms per MB | records | without | with | the step |",
                rounds);
        Statistics.line("|---|---|---|---|---|");
        double without = 0;
        for (Map.Entry<Step, List<Run>> entry : runs.entrySet()) {
            double median = Statistics.median(entry.getValue(), Run::nanosPerByte);
            if (entry.getKey().name().equals("none")) {
                without = median; // of the steps behind it, which have the same records
            } else {
                Statistics.line(
                        "| %s | %s | %.2f | %.2f | %.2f |",
                        entry.getKey().name(),
                        entry.getKey().pool().name(),
                        without,
                        median,
                        median - without);
            }
        }
    }

    private static List<Step> steps() throws IOException {
        List<JsonNode> clicks = clicks();
        Pool json = pool("JSON", clicks.stream().map(JsonNode::toString).toList());
        Pool csv = pool("CSV", clicks.stream().map(StepsBenchmark::row).toList());
        Pool lines = pool("lines", clicks.stream().map(StepsBenchmark::line).toList());
        Pool gzip = gzip(clicks);
        List<String> columns = new ArrayList<>();
        columns(clicks.get(0)).keySet().forEach(columns::add);
        return List.of(
                Step.none(json),
                Step.of("jq: a field", json, () -> jq(".customer_id")),
                Step.of(
                        "jq: an object",
                        json,
                        () -> jq("{event_id, customer_id, ts, region: .geo.region}")),
                Step.of("jq: del", json, () -> jq("del(.user_agent)")),
                Step.of("redact", json, StepsBenchmark::redact),
                Step.none(csv),
                Step.of(
                        "csv",
                        csv,
                        () -> new CsvProcessor(new ProcessorSettings.Csv(columns, ',', '"'))),
                Step.none(lines),
                Step.of("regex", lines, StepsBenchmark::regex),
                Step.none(gzip),
                new Step(
                        "decompression, messages",
                        gzip,
                        List::of,
                        new LogEventSplitter(Messages.EXTRACTED, Optional.empty()).identity()));
    }

    private static Processor jq(String program) {
        try {
            return new JqProcessor(
                    JqProgram.compile(program), JqKeyExtractor.DEFAULT_STEPS, limit -> {});
        } catch (JqSyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Processor redact() {
        return new RedactProcessor(
                new ProcessorSettings.Redact(
                        List.of(".customer_id"),
                        List.of(".user_agent", ".geo.city"),
                        Optional.of(new Secret("benchmark"))));
    }

    private static Processor regex() {
        return new RegexProcessor(
                RecordPattern.compile(LOG_LINE), JqKeyExtractor.DEFAULT_STEPS, limit -> {});
    }

    private static Run once(Step step) throws IOException {
        BufferingHints hints = new BufferingHints(64, 900, BufferingHints.Latency.STANDARD);
        try (Bench bench = Bench.open("steps", Bench.raw(hints), made -> with(step, made))) {
            Pool pool = step.pool();
            long cpu = Usage.cpuNanos();
            long begun = System.nanoTime();
            long times = Math.max(1, ROUND_BYTES / pool.bytes());
            long records = 0;
            for (long time = 0; time < times; time++) {
                for (RecordBatch batch : pool.batches()) {
                    bench.put(batch);
                    records += batch.count();
                }
            }
            bench.flush();
            double nanos = Usage.cpuNanos() - cpu;
            double seconds = (System.nanoTime() - begun) / 1e9;
            bench.audit(records);
            return new Run(nanos / (times * pool.bytes()), seconds);
        }
    }

    private static StreamComponents with(Step step, StreamComponents components) {
        LaneComponents main = components.main();
        return new StreamComponents(
                new LaneComponents(
                        main.kind(),
                        main.definitionVersion(),
                        main.hints(),
                        step.split(),
                        SplitStages::open,
                        step.processors().get(),
                        main.extractor(),
                        main.activePartitionsLimit(),
                        main.keys(),
                        main.encoder(),
                        main.errorLines(),
                        main.store(),
                        main.bucket(),
                        main.resources()),
                components.backup());
    }

    // --- records ---

    private static List<JsonNode> clicks() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> clicks = new ArrayList<>();
        for (RecordBatch batch : Clickstream.zipf(21, 1000).batches(POOL_BYTES)) {
            RecordBatch.Cursor cursor = batch.cursor();
            for (DeliveryRecord record = cursor.next(); record != null; record = cursor.next()) {
                clicks.add(json.readTree(record.toByteArray()));
            }
        }
        return clicks;
    }

    private static Pool pool(String name, List<String> texts) {
        List<byte[]> records =
                texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
        long bytes = 0;
        for (byte[] record : records) {
            bytes += record.length;
        }
        return new Pool(name, batches(records, Clickstream.BATCH_RECORDS), bytes);
    }

    private static RecordBatch[] batches(List<byte[]> records, int most) {
        List<RecordBatch> batches = new ArrayList<>();
        for (int from = 0; from < records.size(); from += most) {
            List<byte[]> some = records.subList(from, Math.min(records.size(), from + most));
            batches.add(RecordBatch.of(System.currentTimeMillis(), some.toArray(new byte[0][])));
        }
        return batches.toArray(new RecordBatch[0]);
    }

    /** The same columns for each, whatever fields it has. */
    private static Map<String, String> columns(JsonNode click) {
        Map<String, String> columns = new LinkedHashMap<>();
        for (String name :
                List.of(
                        "event_id",
                        "event_type",
                        "ts",
                        "customer_id",
                        "session_id",
                        "page",
                        "status",
                        "duration_ms",
                        "user_agent")) {
            columns.put(name, click.path(name).asText());
        }
        columns.put("city", click.path("geo").path("city").asText());
        columns.put("title", "Page \"%s\", seen".formatted(click.path("page").asText()));
        return columns;
    }

    private static String row(JsonNode click) {
        List<String> fields = new ArrayList<>();
        for (String value : columns(click).values()) {
            boolean quoted = value.indexOf(',') >= 0 || value.indexOf('"') >= 0;
            fields.add(quoted ? '"' + value.replace("\"", "\"\"") + '"' : value);
        }
        return String.join(",", fields);
    }

    private static String line(JsonNode click) {
        return "203.0.113.%d - %s [%s] \"GET %s?session=%s HTTP/1.1\" %d %d \"-\" \"%s\""
                .formatted(
                        Math.floorMod(click.path("session_id").asText().hashCode(), 250),
                        click.path("customer_id").asText().replace(' ', '_'),
                        click.path("ts").asText(),
                        click.path("page").asText(),
                        click.path("session_id").asText(),
                        200 + click.path("status").asInt() % 300,
                        click.path("duration_ms").asInt(),
                        click.path("user_agent").asText().replace('"', '\''));
    }

    /** Some log events to a record, as CloudWatch Logs sends them. */
    private static Pool gzip(List<JsonNode> clicks) throws IOException {
        List<byte[]> records = new ArrayList<>();
        long bytes = 0;
        for (int from = 0; from + EVENTS_OF_A_RECORD <= clicks.size(); from += EVENTS_OF_A_RECORD) {
            ObjectNode envelope = JsonNodeFactory.instance.objectNode();
            envelope.put("messageType", "DATA_MESSAGE").put("owner", "000000000000");
            envelope.put("logGroup", "benchmark").put("logStream", "clicks");
            ArrayNode events = envelope.putArray("logEvents");
            for (int i = from; i < from + EVENTS_OF_A_RECORD; i++) {
                events.addObject()
                        .put("id", "3719%052d".formatted(i))
                        .put("timestamp", 1_780_272_000_000L + i)
                        .put("message", clicks.get(i).toString());
            }
            byte[] json = envelope.toString().getBytes(StandardCharsets.UTF_8);
            bytes += json.length;
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (OutputStream gzip = new GZIPOutputStream(out)) {
                gzip.write(json);
            }
            records.add(out.toByteArray());
        }
        return new Pool("gzip", batches(records, 40), bytes);
    }
}
