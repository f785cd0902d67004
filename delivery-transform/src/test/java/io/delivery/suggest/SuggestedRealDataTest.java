package io.delivery.suggest;

import static io.delivery.parquet.DuckDbReader.parquet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.config.ColumnarSettings.Orc;
import io.delivery.format.EncoderFactory;
import io.delivery.format.JsonSerDe;
import io.delivery.format.TableSchema;
import io.delivery.json.JsonRecordDecoder;
import io.delivery.orc.OrcFormat;
import io.delivery.parquet.DuckDbReader;
import io.delivery.parquet.Objects;
import io.delivery.parquet.ParquetFormat;
import io.delivery.parquet.ParquetSettings;
import io.delivery.record.Failure;
import io.delivery.testkit.orc.OrcContent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * From samples to Parquet and ORC without a table by hand; the values that readers of others see
 * are compared with the JSON.
 */
class SuggestedRealDataTest {
    @TempDir private Path directory;

    @Test
    void audit_events_of_many_shapes_become_rows() throws Exception {
        Path json = directory.resolve("audit.ndjson");
        StringBuilder records = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            records.append(auditEvent(i)).append('\n');
        }
        Files.writeString(json, records);
        Path file = directory.resolve("audit.parquet");

        TableSchema table = convertedBySuggestion(json, file, 500);

        assertThat(type(table, "requestparameters")).isEqualTo("map<string,string>");
        assertThat(type(table, "resources"))
                .isEqualTo("array<struct<arn:string,accountid:string>>");
        assertThat(type(table, "user"))
                .isEqualTo("struct<type:string,session:struct<mfa:boolean,created:timestamp>>");
        try (DuckDbReader lake = new DuckDbReader()) {
            same(
                    lake,
                    "eventtime, timestamp, user.type, user.session.created, resources[1].arn,"
                            + " sequence, requestparameters['id']",
                    parquet(file),
                    "eventTime::TIMESTAMPTZ, \"@timestamp\"::TIMESTAMPTZ, \"user\".type,"
                            + " \"user\".session.created::TIMESTAMPTZ, resources[1].ARN,"
                            + " sequence, requestParameters->>'id'",
                    json(
                            json,
                            "{eventTime:'VARCHAR','@timestamp':'VARCHAR','user':'STRUCT(type VARCHAR,"
                                    + " session STRUCT(mfa BOOLEAN, created VARCHAR))',"
                                    + " resources:'STRUCT(ARN VARCHAR, accountId VARCHAR)[]',"
                                    + " sequence:'BIGINT', requestParameters:'JSON'}"));
        }
    }

    /** In the shape of a cloud's audit log: what was asked for differs by event. */
    private static String auditEvent(int i) {
        String session =
                i % 3 == 0 ? "null" : "{\"mfa\":%s,\"created\":\"2026-03-%02dT10:20:30Z\"}";
        String resources = i % 2 == 0 ? "[]" : "[{\"ARN\":\"arn:%d\",\"accountId\":\"0001\"}]";
        return ("{\"eventTime\":\"2026-03-01T10:%02d:%02dZ\",\"@timestamp\":\"2026-03-01T10:00:00.%03dZ\","
                        + "\"user\":{\"type\":\"Role\",\"session\":%s},\"resources\":%s,"
                        + "\"sequence\":%d,\"requestParameters\":{\"id\":\"i-%d\",\"filter%d\":%s}}")
                .formatted(
                        i / 60,
                        i % 60,
                        i,
                        session.formatted(i % 2 == 0, i % 28 + 1),
                        resources.formatted(i),
                        9_007_199_254_740_993L + i,
                        i,
                        i % 120,
                        i % 5 == 0 ? "{\"values\":[1,\"x\"]}" : "true");
    }

    @Test
    void all_cloudtrail_events_become_rows() throws Exception {
        Path json = unpacked("cloudtrail.ndjson.gz");
        Path file = directory.resolve("events.parquet");

        TableSchema table = convertedBySuggestion(json, file, 2900);

        assertThat(type(table, "eventtime")).isEqualTo("timestamp");
        assertThat(type(table, "resources"))
                .isEqualTo("array<struct<accountid:string,type:string,arn:string>>");
        try (DuckDbReader lake = new DuckDbReader()) {
            same(
                    lake,
                    "eventid, eventtime, eventname, readonly, resources[1].arn,"
                            + " useridentity.sessioncontext.attributes.creationdate,"
                            + " requestparameters['bucketname']",
                    parquet(file),
                    "eventID, eventTime::TIMESTAMPTZ, eventName, readOnly, resources[1].ARN,"
                            + " userIdentity.sessionContext.\"attributes\".creationDate::TIMESTAMPTZ,"
                            + " requestParameters->>'bucketName'",
                    json(
                            json,
                            "{eventID:'VARCHAR',eventTime:'VARCHAR',eventName:'VARCHAR',"
                                    + "readOnly:'BOOLEAN',resources:'STRUCT(ARN VARCHAR)[]',"
                                    + "userIdentity:'STRUCT(sessionContext STRUCT(\"attributes\""
                                    + " STRUCT(creationDate VARCHAR)))',requestParameters:'JSON'}"));
        }
    }

    @Test
    void all_windows_events_become_rows() throws Exception {
        Path json = unpacked("windows-events.ndjson.gz");
        Path file = directory.resolve("events.parquet");

        TableSchema table = convertedBySuggestion(json, file, 37_814);

        assertThat(type(table, "keywords")).isEqualTo("bigint");
        assertThat(type(table, "timestamp")).isEqualTo("timestamp");
        assertThat(type(table, "processid")).isEqualTo("string");
        try (DuckDbReader lake = new DuckDbReader()) {
            same(
                    lake,
                    "recordnumber, keywords, timestamp, eventtime, processid, message, tags",
                    parquet(file),
                    "RecordNumber, Keywords, \"@timestamp\"::TIMESTAMPTZ, EventTime::TIMESTAMPTZ,"
                            + " ProcessId, Message, tags",
                    json(
                            json,
                            "{RecordNumber:'BIGINT',Keywords:'BIGINT','@timestamp':'VARCHAR',"
                                    + "EventTime:'VARCHAR',ProcessId:'VARCHAR',Message:'VARCHAR',"
                                    + "tags:'VARCHAR[]'}"));
        }
    }

    @Test
    void of_all_cloudtrail_events_hive_refuses_only_those_that_are_told() throws Exception {
        Path json = unpacked("cloudtrail.ndjson.gz");
        SampleObserver seen = observed(json, JsonSerDe.Hive.DEFAULTS);
        SuggestedTable table = table(seen);
        Path file = directory.resolve("events.parquet");

        Map<Long, Failure> rejected = convert(json, file, table.schema());

        assertThat(table.problems()).anyMatch(problem -> problem.contains("several kinds"));
        try (DuckDbReader lake = new DuckDbReader()) {
            assertThat(lake.rows("SELECT count(*) FROM " + parquet(file)))
                    .containsExactly(String.valueOf(2900 - rejected.size()));
        }
        assertThat(rejected.size()).isBetween(1, 29);
    }

    static Stream<JsonSerDe> eachSerDe() {
        return Stream.of(JsonSerDe.OpenX.DEFAULTS, JsonSerDe.Hive.DEFAULTS);
    }

    /** ORC's own reader has a row for each event, in their order, but for those with a reason. */
    @ParameterizedTest
    @MethodSource("eachSerDe")
    void each_cloudtrail_event_is_a_row_of_orc_or_has_a_reason(JsonSerDe serde) throws Exception {
        Path json = unpacked("cloudtrail.ndjson.gz");
        TableSchema table = table(observed(json, serde)).schema();
        Path file = directory.resolve("events.orc");

        Map<Long, Failure> rejected =
                convert(json, file, Objects.factory(new OrcFormat(Orc.DEFAULTS), table));

        assertThat(rejected.size())
                .isBetween(
                        serde instanceof JsonSerDe.Hive ? 1 : 0,
                        serde instanceof JsonSerDe.Hive ? 29 : 0);
        assertThat(rejected.values()).allMatch(failure -> failure.message().contains("Column "));
        List<String> expected = new ArrayList<>();
        List<String> events = Files.readAllLines(json);
        for (int i = 0; i < events.size(); i++) {
            if (!rejected.containsKey((long) i)) {
                expected.add(spotsOfEvent(new ObjectMapper().readTree(events.get(i))));
            }
        }
        try (OrcContent content = OrcContent.of(Files.readAllBytes(file))) {
            List<String> columns = content.columns();
            assertThat(content.rows())
                    .hasSize(2900 - rejected.size())
                    .extracting(row -> spotsOfRow(columns, row))
                    .isEqualTo(expected);
        }
    }

    private static String spotsOfEvent(JsonNode event) {
        return Stream.of(
                        event.path("eventID"),
                        event.path("eventTime"),
                        event.path("eventName"),
                        event.path("readOnly"),
                        event.path("userIdentity").path("arn"),
                        event.path("userIdentity")
                                .path("sessionContext")
                                .path("attributes")
                                .path("creationDate"),
                        event.path("resources").path(0).path("ARN"))
                .map(node -> node.isMissingNode() ? "null" : node.asText())
                .collect(Collectors.joining("|"));
    }

    private static String spotsOfRow(List<String> columns, List<Object> row) {
        Object user = row.get(columns.indexOf("useridentity"));
        Object session = part(part(user, "sessioncontext"), "attributes");
        Object resources = row.get(columns.indexOf("resources"));
        Object first = resources instanceof List<?> list && !list.isEmpty() ? list.get(0) : null;
        return Stream.of(
                        row.get(columns.indexOf("eventid")),
                        row.get(columns.indexOf("eventtime")),
                        row.get(columns.indexOf("eventname")),
                        row.get(columns.indexOf("readonly")),
                        part(user, "arn"),
                        part(session, "creationdate"),
                        part(first, "arn"))
                .map(String::valueOf)
                .collect(Collectors.joining("|"));
    }

    private static Object part(Object struct, String name) {
        return struct instanceof Map<?, ?> fields ? fields.get(name) : null;
    }

    private TableSchema convertedBySuggestion(Path json, Path file, int records) throws Exception {
        SampleObserver seen = observed(json, JsonSerDe.OpenX.DEFAULTS);
        assertThat(seen.samples()).isEqualTo(records);
        TableSchema table = table(seen).schema();
        assertThat(convert(json, file, table)).isEmpty();
        try (DuckDbReader lake = new DuckDbReader()) {
            assertThat(lake.rows("SELECT count(*) FROM " + parquet(file)))
                    .containsExactly(String.valueOf(records));
        }
        return table;
    }

    private static SuggestedTable table(SampleObserver seen) {
        return SuggestedTable.of(seen, SuggestOptions.DEFAULTS, "db", "t", List.of()).orElseThrow();
    }

    private static SampleObserver observed(Path json, JsonSerDe serde) throws IOException {
        SampleObserver observer = new SampleObserver(JsonRecordDecoder::new, serde, 0);
        try (InputStream in = Files.newInputStream(json)) {
            SampleReader.read(
                    in,
                    0,
                    new Sample.Taker() {
                        @Override
                        public void sample(Sample sample) {
                            assertThat(observer.add(sample)).isEmpty();
                        }

                        @Override
                        public void unreadable(String place, String reason) {
                            throw new AssertionError(place + ": " + reason);
                        }
                    });
        }
        return observer;
    }

    private static Map<Long, Failure> convert(Path json, Path file, TableSchema table)
            throws IOException {
        return convert(
                json, file, Objects.factory(new ParquetFormat(ParquetSettings.DEFAULTS), table));
    }

    private static Map<Long, Failure> convert(Path json, Path file, EncoderFactory factory)
            throws IOException {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                Files.newInputStream(json), StandardCharsets.UTF_8))) {
            return Objects.encode(file, factory, lines.lines());
        }
    }

    private static String type(TableSchema table, String column) {
        return table.columns().stream()
                .filter(one -> one.name().equals(column))
                .map(one -> one.type().toString())
                .findFirst()
                .orElseThrow();
    }

    private static String json(Path file, String columns) {
        return "read_json('" + file + "', format='newline_delimited', columns=" + columns + ")";
    }

    private static void same(
            DuckDbReader lake, String ours, String ourFile, String theirs, String theirFile)
            throws Exception {
        String mine = "(SELECT " + ours + " FROM " + ourFile + ")";
        String other = "(SELECT " + theirs + " FROM " + theirFile + ")";
        assertThat(lake.rows(mine + " EXCEPT ALL " + other + " LIMIT 3")).isEmpty();
        assertThat(lake.rows(other + " EXCEPT ALL " + mine + " LIMIT 3")).isEmpty();
    }

    /** The large samples are not part of the repository. */
    private Path unpacked(String name) throws IOException {
        String data = System.getProperty("delivery.data", System.getenv("DELIVERY_DATA"));
        assumeThat(data)
                .as("set -Ddelivery.data or DELIVERY_DATA to the directory of the samples")
                .isNotNull();
        Path packed = Path.of(data, name);
        assumeThat(packed).as("sample data").exists();
        Path json = directory.resolve("sample.ndjson");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
            Files.copy(in, json);
        }
        return json;
    }
}
