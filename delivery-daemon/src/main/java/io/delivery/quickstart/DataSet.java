package io.delivery.quickstart;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

/**
 * Records to send, and what becomes of them.
 *
 * @param name of the stream and of the table
 * @param what one line for people: what the records are
 * @param spoiled records that fail on purpose, by what is wrong with them, in order
 * @param schema the table, as a catalog's file has it
 * @param partitioning absent: not partitioned
 * @param shownColumns columns that are worth a look, none with parts
 * @param ownRecord one line of JSON that would land: for people to send themselves
 * @param records opens the lines
 */
public record DataSet(
        String name,
        String what,
        Map<String, String> spoiled,
        String schema,
        Optional<Partitioning> partitioning,
        List<String> shownColumns,
        String ownRecord,
        Source records) {
    private static final String EVENTS = "windows-events";

    /** Opens lines. */
    @FunctionalInterface
    public interface Source {
        InputStream open() throws IOException;
    }

    /** The one that comes with the program: a slice of OTRF's Security-Datasets, MIT licence. */
    public static DataSet windowsEvents() throws IOException {
        return new DataSet(
                EVENTS,
                "1,865 Windows events (OTRF Security-Datasets, MIT licence)",
                spoiledEvents(),
                resource(EVENTS + ".yaml"),
                Optional.of(
                        new Partitioning(
                                "{source: (.SourceName // \"\" | ltrimstr(\"Microsoft-Windows-\") | gsub(\" \"; \"-\")), day: .[\"@timestamp\"][0:10]}",
                                List.of("source", "day"))),
                List.of("event_time", "event_id", "hostname", "category"),
                "{\"SourceName\":\"Hello\",\"@timestamp\":\"2026-01-31T12:00:00Z\",\"EventID\":1,\"Message\":\"my"
                        + " first record\"}",
                () -> new GZIPInputStream(stream(EVENTS + ".ndjson.gz")));
    }

    private static Map<String, String> spoiledEvents() {
        Map<String, String> spoiled = new java.util.LinkedHashMap<>();
        spoiled.put(
                "no JSON: cut in the middle",
                "{\"SourceName\":\"Microsoft-Windows-Sysmon\",\"@timestamp\":\"2020-10-09T22:3");
        spoiled.put(
                "no partition key: SourceName is missing",
                "{\"@timestamp\":\"2020-10-09T22:30:01.952Z\",\"EventID\":4688}");
        spoiled.put(
                "not as the schema says: EventID is no number",
                "{\"SourceName\":\"Microsoft-Windows-Sysmon\",\"@timestamp\":\"2020-10-09T22:30:01.952Z\",\"EventID\":\"eleven\"}");
        return spoiled;
    }

    /**
     * A file of one's own, gzipped or not. Its table is guessed from its first lines; nothing in it
     * fails on purpose.
     *
     * @param query a jq program to partition by, absent: a key is chosen that every record has and
     *     that has few values, or none
     * @param keysOf what a query yields; empty when that cannot be told from it
     * @throws IOException when the file cannot be read, or has no JSON object in its first lines
     * @throws IllegalArgumentException when the query does not compile, or yields no named keys
     */
    public static DataSet of(
            java.nio.file.Path file,
            Optional<String> query,
            Function<String, Optional<Set<String>>> keysOf)
            throws IOException {
        Optional<Partitioning> given =
                query.map(
                        text ->
                                new Partitioning(
                                        text,
                                        keysOf.apply(text).stream()
                                                .flatMap(Set::stream)
                                                .sorted()
                                                .toList()));
        if (given.isPresent() && given.get().keys().isEmpty()) {
            throw new IllegalArgumentException(
                    "--query: must yield an object whose names stand in the query, such as"
                            + " '{region: .geo.region}'");
        }
        Source lines = () -> InputLines.open(file);
        GuessedTable table;
        try (InputStream in = lines.open()) {
            table = GuessedTable.of(in);
        } catch (GuessedTable.NothingToGuessException nothing) {
            throw new IOException(file + ": " + nothing.getMessage());
        }
        return new DataSet(
                InputLines.name(file),
                file + "; its table is guessed from its first lines",
                Map.of(),
                table.yaml(),
                given.or(table::partitioning),
                table.shownColumns(),
                table.ownRecord(),
                lines);
    }

    /** All lines: those that fail on purpose go first, in the same call as good ones. */
    public InputStream lines() throws IOException {
        StringBuilder first = new StringBuilder();
        spoiled.values().forEach(line -> first.append(line).append('\n'));
        return new SequenceInputStream(
                new ByteArrayInputStream(first.toString().getBytes(StandardCharsets.UTF_8)),
                records.open());
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = stream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static InputStream stream(String name) {
        return DataSet.class.getResourceAsStream(name);
    }
}
