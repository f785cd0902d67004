package io.delivery.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.BufferingHints;
import io.delivery.config.Compression;
import io.delivery.config.Decompression;
import io.delivery.config.Decompression.Messages;
import io.delivery.config.DestinationSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.ProcessorSettings;
import io.delivery.config.SplitSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.TransformSettings;
import io.delivery.erroroutput.ErrorRecordEncoder;
import io.delivery.jq.JqKeyExtractor;
import io.delivery.jq.JqProcessor;
import io.delivery.jq.JqProgram;
import io.delivery.jq.JqSyntaxException;
import io.delivery.jq.RecordPattern;
import io.delivery.jq.RegexProcessor;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.lane.Books;
import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.components.Resources;
import io.delivery.partition.KeyExpression;
import io.delivery.partition.PartitionKeyExtractor;
import io.delivery.processing.Processor;
import io.delivery.processing.RecordSplitter;
import io.delivery.raw.RawEncoderFactory;
import io.delivery.raw.RecordDelimiter;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.Failure;
import io.delivery.record.RecordBatch;
import io.delivery.split.SplitStages;
import io.delivery.stream.DeliveryStream;
import io.delivery.stream.StreamComponents;
import io.delivery.testkit.MemoryStore.Fate;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.TestEngine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The built-in steps on a lane, each behind the one that Firehose puts before it. */
class StagesOfALaneTest {
    private static final Path DATA = Path.of("/data");
    private static final Pattern RAW_DATA = Pattern.compile("\"rawData\":\"([^\"]*)\"");

    /** Of digits that gzip cannot make much smaller; more than a buffer's hint. */
    private static final String LONG = digits(1_200_000);

    private static String digits(int count) {
        byte[] random = new byte[count / 2];
        new Random(5).nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private final SimWorld sim = SimWorld.seeded(12);
    private TransformSettings transform = TransformSettings.NONE;
    private List<Processor> processors = List.of();
    private Optional<PartitionKeyExtractor> keys = Optional.empty();
    private DeliveryStream stream;

    @BeforeEach
    void makeTheDataDirectory() throws IOException {
        sim.disk().createDirectories(DATA);
        sim.disk().syncDirectory(DATA.getParent());
    }

    private void start(String document) throws IOException {
        stream =
                DeliveryStream.start(
                        TestEngine.on(sim.world(), DATA).stores(name -> sim.store()).build(),
                        definition(),
                        document,
                        this::components);
    }

    private void killAndStart(String document) throws IOException {
        sim.kill();
        sim.restart();
        start(document);
    }

    private StreamDefinition definition() {
        return new StreamDefinition(
                "logs",
                1,
                new BufferingHints(1, 900, BufferingHints.Latency.LOW),
                transform,
                Optional.empty(),
                new FormatSettings.Raw(FormatSettings.Delimiter.NEWLINE),
                new DestinationSettings(
                        "lake",
                        "lake",
                        Optional.empty(),
                        Optional.empty(),
                        Compression.NONE,
                        ZoneOffset.UTC,
                        Optional.empty()),
                Optional.empty());
    }

    private StreamComponents components(StreamDefinition version) {
        return new StreamComponents(
                new LaneComponents(
                        Kind.MAIN,
                        version.version(),
                        version.buffer(),
                        SplitStages.of(transform).orElseThrow().identity(),
                        SplitStages::open,
                        processors,
                        keys,
                        50,
                        KeyExpression.of(
                                Optional.of(
                                        keys.isPresent()
                                                ? "s=!{partitionKeyFromQuery:s}/"
                                                : "main/"),
                                Optional.of("err/!{firehose:error-output-type}/"),
                                ZoneOffset.UTC,
                                "logs",
                                ""),
                        new RawEncoderFactory(RecordDelimiter.NEWLINE),
                        Optional.of(new ErrorRecordEncoder(Optional.empty(), Optional.empty())),
                        "lake",
                        "lake",
                        Resources.none()),
                Optional.empty());
    }

    private static TransformSettings stages(SplitSettings split) {
        return new TransformSettings(
                Optional.of(new Decompression(Messages.EXTRACTED)), Optional.of(split), List.of());
    }

    private void put(byte[]... records) {
        CompletableFuture<?> accepted =
                stream.accept(RecordBatch.of(sim.clock().millis(), records)).toCompletableFuture();
        sim.scheduler().runUntilIdle();
        accepted.join();
    }

    private void flush() {
        stream.flush();
        sim.scheduler().runFor(Duration.ofMinutes(3));
    }

    private static byte[] logEvents(String... messages) throws IOException {
        StringBuilder events = new StringBuilder();
        for (String message : messages) {
            events.append(events.isEmpty() ? "" : ",").append("{\"message\":");
            JsonStrings.append(events, message);
            events.append('}');
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(
                    "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[%s]}"
                            .formatted(events)
                            .getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    /** Contents of the visible objects whose keys begin so. */
    private List<String> objects(String prefix) {
        return sim.store().visible().entrySet().stream()
                .filter(object -> object.getKey().key().startsWith(prefix))
                .map(object -> new String(object.getValue().bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    private List<byte[]> rawData(String kind) {
        return objects("err/" + kind + "/").stream()
                .flatMap(object -> RAW_DATA.matcher(object).results())
                .map(line -> Base64.getDecoder().decode(line.group(1)))
                .toList();
    }

    @Test
    void each_stage_sees_what_the_one_before_has_made() throws Exception {
        transform = stages(new SplitSettings.Delimited("\n"));
        processors =
                List.of(
                        new RegexProcessor(
                                RecordPattern.compile("^(?<user>\\S+) (?<status>\\d+)$"),
                                JqKeyExtractor.DEFAULT_STEPS,
                                limit -> {}),
                        jq("select(.user != \"bot\") | {user, status: (.status | tonumber)}"),
                        new RedactProcessor(
                                new ProcessorSettings.Redact(
                                        List.of(), List.of(".user"), Optional.empty())));
        keys = Optional.of(new JqKeyExtractor(JqProgram.compile("{s: (.status / 100 | floor)}")));
        start("document");
        byte[] single = logEvents("this is no such line");

        put(logEvents("alice 200", "bot 200\nbob 404"), single, logEvents("carol 201", "bad"));
        put("not compressed".getBytes(StandardCharsets.UTF_8));
        flush();

        assertThat(objects("s=2/"))
                .containsExactly(
                        "{\"user\":\"***\",\"status\":200}\n{\"user\":\"***\",\"status\":201}");
        assertThat(objects("s=4/")).containsExactly("{\"user\":\"***\",\"status\":404}");
        // One of several parts has bytes of its own; the others have what was put.
        assertThat(rawData("processing-failed"))
                .containsExactly(single, "bad".getBytes(StandardCharsets.UTF_8));
        assertThat(rawData("decompression-failed"))
                .containsExactly("not compressed".getBytes(StandardCharsets.UTF_8));
        assertThat(stream.status().lanes().get(0).books().dropped()).isEqualTo(1);
        assertThat(stream.status().lanes().get(0).books().settled()).isTrue();
    }

    private static JqProcessor jq(String program) throws JqSyntaxException {
        return new JqProcessor(
                JqProgram.compile(program), JqKeyExtractor.DEFAULT_STEPS, limit -> {});
    }

    @Test
    void an_open_range_is_finished_under_the_stages_it_was_begun_with() throws Exception {
        SplitSettings json = new SplitSettings.Json();
        SplitSettings lines = new SplitSettings.Delimited("\n");
        List<TransformSettings> all =
                List.of(
                        stages(json),
                        stages(lines),
                        new TransformSettings(
                                Optional.of(new Decompression(Messages.IN_ENVELOPE)),
                                Optional.empty(),
                                List.of()),
                        TransformSettings.splitting(json),
                        TransformSettings.splitting(lines));
        int documents = 0;
        for (TransformSettings before : all) {
            for (TransformSettings after : all) {
                if (!before.equals(after)) {
                    StagesOfALaneTest world = new StagesOfALaneTest();
                    world.makeTheDataDirectory();
                    world.isFinishedAsBegun(before, after, "document " + documents++);
                }
            }
        }
        assertThat(documents).isEqualTo(20);
    }

    /** An object holds some parts of the open range, and has not landed, when the process dies. */
    private void isFinishedAsBegun(
            TransformSettings before, TransformSettings after, String document) throws Exception {
        byte[] record =
                logEvents("{\"n\":\"%s\"} {\"n\":2}".formatted(LONG), "{\"n\":3}\n{\"n\":4}");
        keys = Optional.of(part -> Map.of("s", part.length() > 1000 ? "long" : "short"));
        transform = before;
        start(document);
        sim.store().weather(Fate.DENIED, 1);
        put(record, record); // what is long fills a buffer of its partition
        sim.scheduler().runFor(Duration.ofSeconds(5));
        assertThat(stream.status().lanes().get(0).waitingObjects()).as(document).isPositive();

        transform = after;
        killAndStart(document + ", changed");
        put(record);
        sim.store().heal();
        flush();
        flush();

        Books books = stream.status().lanes().get(0).books();
        assertThat(books.settled()).as("%s then %s", before, after).isTrue();
        assertThat(books.accepted()).isEqualTo(3);
        assertThat(stream.status().troubles()).isEmpty();
        // The rest of the range is as it was begun, the next one as the next version makes it.
        long parts = 2L * parts(before, record) + parts(after, record);
        assertThat(books.landed()).as("%s then %s", before, after).isEqualTo(parts);
        assertThat(books.errorOutput() + books.dropped()).isZero();
    }

    private static int parts(TransformSettings transform, byte[] record) {
        int[] parts = {0};
        SplitStages.of(transform)
                .orElseThrow()
                .split(
                        new DeliveryRecord().at(record, 0, record.length, 0),
                        new RecordSplitter.PartSink() {
                            @Override
                            public void part(byte[] array, int offset, int length) {
                                parts[0]++;
                            }

                            @Override
                            public void failed(
                                    byte[] array, int offset, int length, Failure failure) {
                                parts[0]++;
                            }
                        });
        return parts[0];
    }
}
