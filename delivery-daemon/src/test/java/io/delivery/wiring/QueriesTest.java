package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.cli.ExitCodes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code check} and {@code run} say of queries that no record gets keys of. */
class QueriesTest {
    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[.k]       | must yield an object such as {key: .field}, and yields an array for every record",
                ".k ~ tojson | must yield an object such as {key: .field}, and yields a string for every record",
                "empty      | must yield an object such as {key: .field}, and yields nothing for every record",
                "{k: [.k]}  | must yield an object whose values are strings, numbers or booleans, and yields the key k, which is an array for every record",
                ".k         | must yield an object such as {k: .k}, was .k, the value alone; should it really be an object with a key k, write {k: .k.k}",
                "{j: .k}    | Prefix uses partitionKeyFromQuery:k, which the query does not yield; it yields j",
            })
    void a_query_without_keys_is_refused_by_both(String query, String message) throws Exception {
        Path file = write(query.replace("~", "|"));

        ProgramRun check = ProgramRun.of(Map.of(), "check", file.toString());
        ProgramRun run = ProgramRun.of(Map.of(), "run", file.toString());

        assertThat(check.out()).contains(message);
        assertThat(check.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(run.err()).contains(message);
        assertThat(run.exitCode()).isEqualTo(ExitCodes.CONFIG_REFUSED);
    }

    @ParameterizedTest
    @CsvSource({".", ".a", ".meta.keys", "'{k: .k}'", "'.k = 1'"})
    void a_query_that_may_have_keys_passes(String query) throws Exception {
        ProgramRun check = ProgramRun.of(Map.of(), "check", write(query).toString());

        assertThat(check.out()).contains(": OK, 1 stream");
        assertThat(check.out().contains(".partitioning.query: yields an object only where"))
                .isEqualTo(query.matches("\\.[a-z.]+"));
    }

    private Path write(String query) throws Exception {
        return Files.writeString(
                folder.resolve("delivery.yaml"),
                """
                server: {api: '127.0.0.1:0', admin: '127.0.0.1:0'}
                limits: {memory: 64MB, requestBody: 6MB}
                stores: {lake: {directory: lake}}
                streams:
                  s:
                    partitioning: {query: '%s'}
                    buffer: {size: 64MB}
                    destination:
                      bucket: b
                      prefix: '!{partitionKeyFromQuery:k}/'
                      errorPrefix: 'e/'
                """
                        .formatted(query));
    }
}
