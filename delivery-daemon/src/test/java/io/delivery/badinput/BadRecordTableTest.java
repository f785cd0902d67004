package io.delivery.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.lane.Books;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One service under all rows; each stream has a bucket of its own, named like it. */
class BadRecordTableTest {
    private static final byte[] BEFORE = "{\"k\":\"good\",\"id\":\"before\"}".getBytes(UTF_8);
    private static final byte[] AFTER = "{\"k\":\"good\",\"id\":\"after\"}".getBytes(UTF_8);
    private static final String ERRORS = "errors/";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir static Path folder;
    private static RunningService service;
    private static Connection lake;

    @BeforeAll
    static void start() throws Exception {
        lake = DriverManager.getConnection("jdbc:duckdb:");
        Path table = folder.resolve("schemas/lake/rows.yaml");
        Files.createDirectories(table.getParent());
        Files.writeString(
                table,
                """
                columns:
                  - {name: id, type: string}
                  - {name: n, type: bigint}
                  - {name: d, type: double}
                  - {name: s, type: string}
                  - {name: l, type: array<string>}
                """);
        StringBuilder streams = new StringBuilder();
        streams.append(partitioned("partitioned", "{k: .k}", ""));
        streams.append(partitioned("limited", "{k: .k}", ", activePartitionsLimit: 1"));
        streams.append(
                partitioned("split", "{k: .k}", "").replace(": {partit", ": {split: json, partit"));
        BadRecordTable.QUERIES.forEach(
                row ->
                        row.query()
                                .ifPresent(
                                        query ->
                                                streams.append(
                                                        partitioned(row.stream(), query, ""))));
        service =
                RunningService.start(
                        folder,
                        """
                        stores: {local: {directory: lake}}
                        catalogs: {main: {file: schemas}}
                        streams:
                          raw: {destination: {bucket: raw, prefix: main/}}
                          parquet:
                            buffer: {size: 64MB}
                            format: {parquet: {}, schema: {table: lake.rows}}
                            destination: {bucket: parquet, prefix: main/, errorPrefix: 'errors/!{firehose:error-output-type}/'}
                        """
                                + streams);
    }

    private static String partitioned(String stream, String query, String settings) {
        return """
                 %1$s: {partitioning: {query: '%2$s'%3$s}, buffer: {size: 64MB}, destination: {bucket: %1$s, prefix: '!{partitionKeyFromQuery:k}/', errorPrefix: 'errors/!{firehose:error-output-type}/'}}
               """
                .formatted(stream, query, settings);
    }

    @AfterAll
    static void stop() throws SQLException {
        if (service != null) {
            service.close();
        }
        lake.close();
    }

    static Stream<BadRecordTable.Row> landing() {
        return rows(BadInput.ACCEPTED).filter(row -> !row.stream().equals("parquet"));
    }

    static Stream<BadRecordTable.Row> converted() {
        return rows(BadInput.ACCEPTED).filter(row -> row.stream().equals("parquet"));
    }

    static Stream<BadRecordTable.Row> failing() {
        return rows(BadInput.ERROR_OUTPUT);
    }

    private static Stream<BadRecordTable.Row> rows(String noticed) {
        return Stream.of(
                        BadRecordTable.PARTITIONED,
                        BadRecordTable.QUERIES,
                        BadRecordTable.PARQUET,
                        BadRecordTable.SPLIT,
                        BadRecordTable.RAW)
                .flatMap(List::stream)
                .filter(row -> row.noticed().equals(noticed));
    }

    @ParameterizedTest
    @MethodSource("failing")
    void a_bad_record_is_in_the_error_output_unchanged_and_its_neighbours_land(
            BadRecordTable.Row row) throws Exception {
        Delivered delivered = deliver(row.stream(), List.of(BEFORE, row.record(), AFTER));

        assertThat(delivered.errors())
                .containsExactly(new ErrorLine(row.failed(), row.code(), row.message()));
        if (row.stream().equals("parquet")) {
            assertThat(delivered.rows()).containsExactly("id = before", "id = after");
        } else {
            Map<String, String> expected = good();
            row.besides()
                    .forEach(
                            part ->
                                    expected.merge(
                                            part.where(), text(part.bytes()), String::concat));
            assertThat(delivered.objects()).isEqualTo(expected);
        }
        assertThat(delivered.settled()).isEqualTo(2 + row.besides().size());
        assertThat(delivered.inErrorOutput()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("landing")
    void an_odd_record_lands_unchanged_between_its_neighbours(BadRecordTable.Row row)
            throws Exception {
        Delivered delivered = deliver(row.stream(), List.of(BEFORE, row.record(), AFTER));

        assertThat(delivered.errors()).isEmpty();
        if (row.stream().equals("raw")) {
            assertThat(delivered.objects().values())
                    .containsExactly(text(BEFORE) + text(row.record()) + text(AFTER));
        } else {
            Map<String, String> expected = good();
            expected.put(row.message().replace("lands unchanged in ", ""), text(row.record()));
            assertThat(delivered.objects()).isEqualTo(expected);
        }
        assertThat(delivered.settled()).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("converted")
    void an_odd_record_becomes_the_row_that_the_table_says(BadRecordTable.Row row)
            throws Exception {
        Delivered delivered = deliver(row.stream(), List.of(BEFORE, row.record(), AFTER));

        assertThat(delivered.errors()).isEmpty();
        assertThat(delivered.rows())
                .containsExactly(
                        "id = before",
                        row.message().replace("lands as a row with ", ""),
                        "id = after");
        assertThat(delivered.settled()).isEqualTo(3);
    }

    @Test
    void all_bad_records_in_one_call_leave_the_good_ones_alone() throws Exception {
        for (String stream : List.of("partitioned", "parquet")) {
            List<byte[]> bad =
                    rows(BadInput.ERROR_OUTPUT)
                            .filter(row -> row.stream().equals(stream))
                            .map(BadRecordTable.Row::record)
                            .toList();
            List<byte[]> call = new ArrayList<>();
            for (byte[] record : bad) {
                call.add(BEFORE);
                call.add(record);
            }

            Delivered delivered = deliver(stream, call);

            assertThat(delivered.settled()).isEqualTo(bad.size());
            assertThat(delivered.errors())
                    .extracting(ErrorLine::rawData)
                    .usingElementComparator(java.util.Arrays::compare)
                    .containsExactlyElementsOf(bad);
            if (stream.equals("parquet")) {
                assertThat(delivered.rows()).hasSize(bad.size()).containsOnly("id = before");
            } else {
                assertThat(delivered.objects())
                        .isEqualTo(Map.of("good/", text(BEFORE).repeat(bad.size())));
            }
        }
    }

    // --- what became of a call ---

    /**
     * @param objects folder to content, of the main output
     * @param rows of the main output, when it is Parquet
     * @param settled records landed, by the books
     */
    private record Delivered(
            Map<String, String> objects,
            List<String> rows,
            List<ErrorLine> errors,
            long settled,
            long inErrorOutput) {}

    private record ErrorLine(byte[] rawData, String code, String message) {
        @Override
        public boolean equals(Object other) {
            return other instanceof ErrorLine that
                    && java.util.Arrays.equals(rawData, that.rawData)
                    && code.equals(that.code)
                    && message.equals(that.message);
        }

        @Override
        public int hashCode() {
            return message.hashCode();
        }

        @Override
        public String toString() {
            return code + ": " + message + " [" + rawData.length + " bytes]";
        }
    }

    private static Delivered deliver(String stream, List<byte[]> call) throws Exception {
        Books before = service.books(stream);
        Set<String> keysBefore = service.keys(stream, "");

        service.put(stream, call);
        service.flush(stream);

        Books after = service.books(stream);
        assertThat(after.balanced()).isTrue();
        assertThat(after.settled()).isTrue();
        assertThat(after.accepted() - before.accepted()).isEqualTo(call.size());
        assertThat(service.status(stream).troubles()).isEmpty();
        Set<String> keys = new TreeSet<>(service.keys(stream, ""));
        keys.removeAll(keysBefore);
        Map<String, ByteArrayOutputStream> objects = new TreeMap<>();
        List<String> rows = new ArrayList<>();
        List<ErrorLine> errors = new ArrayList<>();
        for (String key : keys) {
            Path object = service.object(stream, key);
            if (key.startsWith(ERRORS)) {
                errors.addAll(errorLines(object));
            } else if (stream.equals("parquet")) {
                rows.addAll(rows(object));
            } else {
                objects.computeIfAbsent(
                                key.substring(0, key.lastIndexOf('/') + 1),
                                none -> new ByteArrayOutputStream())
                        .writeBytes(Files.readAllBytes(object));
            }
        }
        return new Delivered(
                objects.entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey, e -> text(e.getValue().toByteArray()))),
                rows,
                errors,
                after.landed() - before.landed(),
                after.errorOutput() - before.errorOutput());
    }

    private static List<ErrorLine> errorLines(Path object) throws IOException {
        List<ErrorLine> lines = new ArrayList<>();
        for (String line : Files.readAllLines(object)) {
            JsonNode error = JSON.readTree(line);
            boolean conversion = error.has("lastErrorCode");
            lines.add(
                    new ErrorLine(
                            Base64.getDecoder().decode(error.path("rawData").asText()),
                            error.path(conversion ? "lastErrorCode" : "errorCode").asText(),
                            error.path(conversion ? "lastErrorMessage" : "errorMessage").asText()));
        }
        return lines;
    }

    /** By a reader that has nothing in common with our writer; nulls are left out. */
    private static List<String> rows(Path object) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = lake.createStatement();
                ResultSet result =
                        statement.executeQuery("SELECT * FROM read_parquet('" + object + "')")) {
            while (result.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    Object value = result.getObject(i);
                    if (value != null) {
                        String printed = value.toString().replace("\0", "\\u0000");
                        values.add(result.getMetaData().getColumnName(i) + " = " + printed);
                    }
                }
                rows.add(values.isEmpty() ? "nothing but nulls" : String.join(", ", values));
            }
        }
        return rows;
    }

    private static Map<String, String> good() {
        return new TreeMap<>(Map.of("good/", text(BEFORE) + text(AFTER)));
    }

    /** Byte for byte, whatever they are. */
    private static String text(byte[] bytes) {
        return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
