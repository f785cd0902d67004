package io.delivery.proof;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;

/**
 * Records for a lake, and what DuckDB must know to read them from JSON by itself. Every record has
 * its number {@code n} in front; that is all that was changed of real ones.
 *
 * @param table the table as the catalog has it
 * @param query jq
 * @param prefix of the destination
 * @param jsonColumns the columns as DuckDB is to read them from JSON
 * @param sent what a row of the input is, in the order of {@code landed}
 * @param landed the same of a row of Parquet
 * @param fails which rows of the input cannot be partitioned or converted
 */
record LakeInput(
        List<String> records,
        String table,
        String query,
        String prefix,
        String jsonColumns,
        String sent,
        String landed,
        String fails) {

    /** The columns of the table as DuckDB is to read them from rows that landed, as JSON. */
    String landedColumns() {
        return jsonColumns.replace("duration_ms:'VARCHAR'", "duration_ms:'BIGINT'");
    }

    /** Seeded clicks; some lack their customer, some have a duration that is no number. */
    static LakeInput clickstream(int count, long seed) {
        Random random = new Random(seed);
        List<String> records = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            String customer =
                    random.nextInt(200) == 0
                            ? ""
                            : "\"customer_id\":\"c%02d\",".formatted(random.nextInt(20));
            String duration =
                    random.nextInt(200) == 0 ? "\"soon\"" : "" + random.nextLong(1L << 60);
            records.add(
                    "{\"n\":%d,%s\"page\":\"/p/%d?q=\\u00e4%s\",\"ts\":\"2026-03-%02dT10:%02d:11.%03dZ\",\"duration_ms\":%s,\"geo\":{\"region\":\"%s\",\"city\":%s},\"tags\":[%s]}"
                            .formatted(
                                    n,
                                    customer,
                                    random.nextInt(500),
                                    "\u00fc\u6f22".repeat(random.nextInt(40)),
                                    1 + random.nextInt(28),
                                    random.nextInt(60),
                                    random.nextInt(1000),
                                    duration,
                                    random.nextBoolean() ? "eu" : "us",
                                    random.nextInt(4) == 0 ? "null" : "\"Ulm\"",
                                    random.nextBoolean() ? "" : "\"a\",\"b\"")
                            .replace(
                                    "\"tags\":[]",
                                    random.nextBoolean() ? "\"tags\":[]" : "\"x\":0"));
        }
        String columns = "n, customer_id, page, ts, %s, geo.region, geo.city, tags";
        return new LakeInput(
                records,
                """
                columns:
                  - {name: n, type: bigint}
                  - {name: customer_id, type: string}
                  - {name: page, type: string}
                  - {name: ts, type: timestamp}
                  - {name: duration_ms, type: bigint}
                  - {name: geo, type: 'struct<region:string,city:string>'}
                  - {name: tags, type: array<string>}
                """,
                "{customer: .customer_id, region: .geo.region}",
                "region=!{partitionKeyFromQuery:region}/customer=!{partitionKeyFromQuery:customer}/",
                "{n:'BIGINT',customer_id:'VARCHAR',page:'VARCHAR',ts:'TIMESTAMPTZ',"
                        + "duration_ms:'VARCHAR',geo:'STRUCT(region VARCHAR, city VARCHAR)',"
                        + "tags:'VARCHAR[]'}",
                columns.formatted("TRY_CAST(duration_ms AS BIGINT)"),
                columns.formatted("duration_ms"),
                "customer_id IS NULL OR duration_ms = 'soon'");
    }

    /** Sysmon writes process ids in decimal, Security in hexadecimal: those do not fit an int. */
    static LakeInput windowsEvents(InputStream packed) throws IOException {
        String columns =
                "n, RecordNumber, SeverityValue, Keywords, EventTime, %s, Hostname, Message, tags,"
                        + " %s, CallTrace, Task";
        return new LakeInput(
                numbered(packed),
                """
                columns:
                  - {name: n, type: bigint}
                  - {name: recordnumber, type: bigint}
                  - {name: severityvalue, type: tinyint}
                  - {name: keywords, type: bigint}
                  - {name: eventtime, type: timestamp}
                  - {name: ts, type: timestamp}
                  - {name: hostname, type: varchar(1000)}
                  - {name: message, type: string}
                  - {name: tags, type: array<string>}
                  - {name: processid, type: int}
                  - {name: calltrace, type: string}
                  - {name: task, type: double}
                serde: {openx: {columnToJsonKeyMappings: {ts: '@timestamp'}}}
                """,
                "{host: (.Hostname | ascii_downcase), event: .EventID}",
                "host=!{partitionKeyFromQuery:host}/event=!{partitionKeyFromQuery:event}/",
                "{n:'BIGINT',RecordNumber:'BIGINT',SeverityValue:'TINYINT',Keywords:'BIGINT',"
                        + "EventTime:'TIMESTAMPTZ','@timestamp':'TIMESTAMPTZ',Hostname:'VARCHAR',"
                        + "Message:'VARCHAR',tags:'VARCHAR[]',ProcessId:'VARCHAR',"
                        + "CallTrace:'VARCHAR',Task:'DOUBLE',EventID:'VARCHAR'}",
                columns.formatted("\"@timestamp\"", "TRY_CAST(ProcessId AS INTEGER)"),
                columns.formatted("ts", "processid"),
                "Hostname IS NULL OR EventID IS NULL");
    }

    /**
     * Nested and ragged; a member without a type of its own becomes its JSON. Of that the keys are
     * compared, and one value: where two keys differ by case only, one of the two values is kept.
     */
    static LakeInput cloudtrail(InputStream packed) throws IOException {
        String parameters = "lower(requestParameters::VARCHAR)::JSON";
        String columns =
                "n, eventVersion, userIdentity.type, userIdentity.principalId, userIdentity.arn,"
                        + " userIdentity.sessionContext.attributes['%s'], eventTime, eventName,"
                        + " list_sort(list_distinct(json_keys("
                        + parameters
                        + "))), ("
                        + parameters
                        + "->>'bucketname'), readOnly, lower(resources::VARCHAR)";
        return new LakeInput(
                numbered(packed),
                """
                columns:
                  - {name: n, type: bigint}
                  - {name: eventversion, type: string}
                  - {name: useridentity, type: 'struct<type:string,principalid:string,arn:string,sessioncontext:struct<attributes:map<string,string>>>'}
                  - {name: eventtime, type: timestamp}
                  - {name: eventname, type: string}
                  - {name: requestparameters, type: string}
                  - {name: readonly, type: boolean}
                  - {name: resources, type: 'array<struct<accountid:bigint,type:string,arn:string>>'}
                """,
                "{source: (.eventSource | split(\".\") | .[0]), region: .awsRegion}",
                "region=!{partitionKeyFromQuery:region}/source=!{partitionKeyFromQuery:source}/",
                "{n:'BIGINT',eventVersion:'VARCHAR',userIdentity:'STRUCT(\"type\" VARCHAR,"
                        + " principalId VARCHAR, arn VARCHAR, sessionContext STRUCT(\"attributes\""
                        + " MAP(VARCHAR,VARCHAR)))',eventTime:'TIMESTAMPTZ',eventName:'VARCHAR',"
                        + "requestParameters:'JSON',readOnly:'BOOLEAN',resources:'STRUCT(accountId"
                        + " BIGINT, \"type\" VARCHAR, ARN VARCHAR)[]'}",
                columns.formatted("creationDate"),
                columns.formatted("creationdate"),
                "false");
    }

    private static List<String> numbered(InputStream packed) throws IOException {
        List<String> records = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(packed), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                records.add("{\"n\":%d,%s".formatted(records.size(), line.substring(1)));
            }
        }
        return records;
    }

    /** For DuckDB. */
    void write(Path file) throws IOException {
        Files.write(file, records);
    }
}
