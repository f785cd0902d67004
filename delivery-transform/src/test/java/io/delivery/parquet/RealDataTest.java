package io.delivery.parquet;

import static io.delivery.parquet.DuckDbReader.parquet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.format.JsonSerDe;
import io.delivery.format.TableSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real records, converted by us and read by DuckDB from JSON: both must say the same. */
class RealDataTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final TableSchema WINDOWS_EVENTS =
            Objects.table(
                    new JsonSerDe.OpenX(true, false, Map.of("ts", "@timestamp")),
                    "recordnumber bigint",
                    "executionprocessid int",
                    "severityvalue tinyint",
                    "keywords bigint",
                    "eventtime timestamp",
                    "ts timestamp",
                    "utctime timestamp",
                    "hostname varchar(1000)",
                    "message string",
                    "tags array<string>",
                    "processid int",
                    "calltrace string",
                    "version decimal(10,0)",
                    "task double");

    private static final String WINDOWS_EVENTS_IN_DUCKDB =
            "{RecordNumber:'BIGINT',ExecutionProcessID:'INTEGER',SeverityValue:'TINYINT',"
                    + "Keywords:'BIGINT',EventTime:'TIMESTAMPTZ','@timestamp':'TIMESTAMPTZ',"
                    + "UtcTime:'TIMESTAMPTZ',Hostname:'VARCHAR',Message:'VARCHAR',"
                    + "tags:'VARCHAR[]',ProcessId:'VARCHAR',CallTrace:'VARCHAR',"
                    + "Version:'DECIMAL(10,0)',Task:'DOUBLE'}";

    private static final TableSchema CLOUDTRAIL =
            Objects.table(
                    "eventversion string",
                    "useridentity struct<type:string,principalid:string,arn:string,"
                            + "sessioncontext:struct<attributes:map<string,string>>>",
                    "eventtime timestamp",
                    "eventname string",
                    "requestparameters string",
                    "readonly boolean",
                    "resources array<struct<accountid:bigint,type:string,arn:string>>");

    private static final String CLOUDTRAIL_IN_DUCKDB =
            "{eventVersion:'VARCHAR',userIdentity:'STRUCT(\"type\" VARCHAR, principalId VARCHAR,"
                    + " arn VARCHAR, sessionContext STRUCT(\"attributes\" MAP(VARCHAR,VARCHAR)))',"
                    + "eventTime:'TIMESTAMPTZ',eventName:'VARCHAR',"
                    + "readOnly:'BOOLEAN',"
                    + "resources:'STRUCT(accountId BIGINT, \"type\" VARCHAR, ARN VARCHAR)[]'}";

    @TempDir private Path directory;

    @Test
    void three_hundred_windows_events_convert_alike() throws Exception {
        Path json = directory.resolve("events.ndjson");
        try (InputStream in =
                new GZIPInputStream(
                        RealDataTest.class.getResourceAsStream(
                                "/windows-events/windows-events-300.ndjson.gz"))) {
            Files.copy(in, json);
        }

        windowsEventsConvertAlike(json, 300);
    }

    @Test
    void all_windows_events_convert_alike() throws Exception {
        windowsEventsConvertAlike(unpacked("windows-events.ndjson.gz"), 37_814);
    }

    private void windowsEventsConvertAlike(Path json, int count) throws Exception {
        Path file = directory.resolve("events.parquet");
        // Sysmon writes process ids in decimal, Security in hexadecimal.
        int rejected = convert(json, file, WINDOWS_EVENTS);

        try (DuckDbReader lake = new DuckDbReader()) {
            assertThat(rejected).isZero();
            assertThat(lake.value("SELECT count(*) FROM " + parquet(file)))
                    .isEqualTo(String.valueOf(count));
            String theirs =
                    "SELECT RecordNumber, ExecutionProcessID, SeverityValue, Keywords, EventTime,"
                            + " \"@timestamp\", UtcTime, Hostname, Message, tags, ProcessId::INTEGER,"
                            + " CallTrace, Version, Task FROM read_json('"
                            + json
                            + "', format='newline_delimited', columns="
                            + WINDOWS_EVENTS_IN_DUCKDB
                            + ")";
            assertSame(lake, "SELECT * FROM " + parquet(file), theirs);
        }
    }

    @Test
    void all_cloudtrail_events_convert_alike() throws Exception {
        Path json = unpacked("cloudtrail.ndjson.gz");
        Path file = directory.resolve("events.parquet");
        assertThat(convert(json, file, CLOUDTRAIL)).isZero();

        try (DuckDbReader lake = new DuckDbReader()) {
            assertThat(lake.value("SELECT count(*) FROM " + parquet(file))).isEqualTo("2900");
            String theirs =
                    "SELECT eventVersion, userIdentity.type, userIdentity.principalId,"
                            + " userIdentity.arn,"
                            + " userIdentity.sessionContext.attributes['creationDate'], eventTime,"
                            + " eventName, readOnly,"
                            + " lower(resources::VARCHAR) FROM read_json('"
                            + json
                            + "', format='newline_delimited', columns="
                            + CLOUDTRAIL_IN_DUCKDB
                            + ")";
            String ours =
                    "SELECT eventversion, useridentity.type, useridentity.principalid,"
                            + " useridentity.arn,"
                            + " useridentity.sessioncontext.attributes['creationdate'], eventtime,"
                            + " eventname, readonly,"
                            + " lower(resources::VARCHAR) FROM "
                            + parquet(file);
            assertSame(lake, ours, theirs);

            List<JsonNode> parameters = new ArrayList<>();
            for (String text : lake.rows("SELECT requestparameters FROM " + parquet(file))) {
                parameters.add(JSON.readTree(text));
            }
            List<JsonNode> expected = new ArrayList<>();
            for (String event : Files.readAllLines(json)) {
                expected.add(lowerCased(JSON.readTree(event).path("requestParameters")));
            }
            assertThat(parameters).isEqualTo(expected);
        }
    }

    /**
     * An object that is kept as text. Some events have two keys there that differ by case only:
     * {@code tagging} counts, and not {@code Tagging}.
     */
    private static JsonNode lowerCased(JsonNode node) {
        if (node instanceof ArrayNode array) {
            ArrayNode lower = JSON.createArrayNode();
            array.forEach(element -> lower.add(lowerCased(element)));
            return lower;
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        ObjectNode lower = JSON.createObjectNode();
        object.properties()
                .forEach(field -> lower.set(lower(field.getKey()), lowerCased(field.getValue())));
        object.properties().stream()
                .filter(field -> field.getKey().equals(lower(field.getKey())))
                .forEach(field -> lower.set(field.getKey(), lowerCased(field.getValue())));
        return lower;
    }

    private static String lower(String key) {
        return key.toLowerCase(Locale.ROOT);
    }

    private static void assertSame(DuckDbReader lake, String ours, String theirs) throws Exception {
        assertThat(lake.rows("(" + ours + ") EXCEPT ALL (" + theirs + ") LIMIT 3")).isEmpty();
        assertThat(lake.rows("(" + theirs + ") EXCEPT ALL (" + ours + ") LIMIT 3")).isEmpty();
    }

    /** How many records were rejected. */
    private static int convert(Path json, Path file, TableSchema table) throws IOException {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                Files.newInputStream(json), StandardCharsets.UTF_8))) {
            return Objects.encode(file, ParquetSettings.DEFAULTS, table, lines.lines()).size();
        }
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
