package io.delivery.loading;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.Decompression;
import io.delivery.config.Decompression.Messages;
import io.delivery.config.ProcessorSettings.Csv;
import io.delivery.config.ProcessorSettings.Jq;
import io.delivery.config.ProcessorSettings.Lambda;
import io.delivery.config.ProcessorSettings.Redact;
import io.delivery.config.ProcessorSettings.Regex;
import io.delivery.config.Secret;
import io.delivery.config.SplitSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.TransformSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorLoadingTest {
    private static final String FUNCTIONS =
            "functions: {enrich: {endpoint: 'http://localhost:9/f'}, own: {plugin: a.B}}\n";

    @TempDir Path folder;

    @Test
    void every_processor_is_read_in_the_order_written() {
        TransformSettings transform =
                transform(
                        """
                        decompression: gzip
                        cloudWatchLogs: {extractMessages: true}
                        split: json
                        processors:
                        - csv: {columns: [a, 'b c'], delimiter: ';', quote: "'"}
                        - jq: '{a, b: .["b c"]}'
                        - lambda: {function: enrich, retries: 5, buffer: {size: 512KB, interval: 10s}}
                        - regex: '(?<a>x)'
                        - redact: {hash: [.a], mask: [.b, .c], key: '${KEY}'}
                        """);

        assertThat(transform)
                .isEqualTo(
                        new TransformSettings(
                                Optional.of(new Decompression(Messages.EXTRACTED)),
                                Optional.of(new SplitSettings.Json()),
                                List.of(
                                        new Csv(List.of("a", "b c"), ';', '\''),
                                        new Jq("{a, b: .[\"b c\"]}"),
                                        new Lambda(
                                                "enrich",
                                                5,
                                                512 << 10,
                                                Optional.of(Duration.ofSeconds(10))),
                                        new Regex("(?<a>x)"),
                                        new Redact(
                                                List.of(".a"),
                                                List.of(".b", ".c"),
                                                Optional.of(new Secret("hmac-key"))))));
    }

    @Test
    void what_processors_leave_out_has_its_documented_default() {
        TransformSettings transform =
                transform(
                        """
                        decompression: gzip
                        processors: [{lambda: {function: enrich}}, {csv: {header: true}}]
                        """);

        assertThat(transform.decompression()).contains(new Decompression(Messages.IN_ENVELOPE));
        assertThat(transform.processors())
                .containsExactly(
                        new Lambda("enrich", 3, 1 << 20, Optional.empty()),
                        new Csv(List.of(), ',', '"'));
    }

    @Test
    void a_document_reads_back_as_the_same_processors_and_keeps_no_secret() throws Exception {
        ConfigFile file =
                file(
                        """
                        decompression: gzip
                        cloudWatchLogs: {extractMessages: true}
                        processors:
                        - csv: {header: true}
                        - lambda: {function: enrich, buffer: {interval: 0s}}
                        - redact: {hash: [.a], key: '${KEY}'}
                        """);
        LoadedConfig loaded = file.load();
        LoadedStream stream = loaded.streams().get(0);

        LoadedStream again =
                file.loader().loadStream("s", stream.document(), file.path(), loaded.config());

        assertThat(again).isEqualTo(stream);
        assertThat(stream.document()).contains("${KEY}").doesNotContain("hmac-key");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "processors: [{}] | 5 streams.s.processors[0]: must have one of lambda, jq, csv, regex and redact",
                "processors: [{jq: ., regex: x}] | 5 streams.s.processors[0]: must have one of lambda, jq, csv, regex and redact",
                "processors: [{lamda: {}}] | 5 streams.s.processors[0].lamda: unknown; did you mean lambda?",
                "processors: {jq: .} | 5 streams.s.processors: must be a list of processors, was a section",
                "processors: [{lambda: {}}] | 5 streams.s.processors[0].lambda.function: must be given",
                "processors: [{lambda: {function: enrch}}] | 5 streams.s.processors[0].lambda.function: must be one of functions (enrich, own), was enrch; did you mean enrich?",
                "processors: [{lambda: {function: enrich}}, {lambda: {function: enrich}}] | 5 streams.s.processors: must have at most one lambda, were 2",
                "processors: [{lambda: {function: enrich, retries: 301}}] | 5 streams.s.processors[0].lambda.retries: must be 0 to 300, was 301",
                "processors: [{lambda: {function: enrich, buffer: {size: 100KB}}}] | 5 streams.s.processors[0].lambda.buffer.size: must be 205KB to 3MB, was 100KB",
                "processors: [{lambda: {function: enrich, buffer: {size: 4MB}}}] | 5 streams.s.processors[0].lambda.buffer.size: must be 205KB to 3MB, was 4MB",
                "processors: [{lambda: {function: enrich, buffer: {interval: 901s}}}] | 5 streams.s.processors[0].lambda.buffer.interval: must be 0s to 900s, was 901s",
                "processors: [{lambda: {function: own, retries: 1}}] | 5 streams.s.processors[0].lambda: must have nothing but function, because own is a plugin, which decides on batches and retries itself",
                "processors: [{jq: '.a +'}] | 5 streams.s.processors[0].jq: expected an expression but found the end of the query at line 1, column 5",
                "processors: [{jq: now}] | 5 streams.s.processors[0].jq: now/0 is refused, because a query depends on nothing but its record, at line 1, column 1",
                "processors: [{csv: {}}] | 5 streams.s.processors[0].csv.columns: must be given, unless header is true",
                "processors: [{csv: {columns: []}}] | 5 streams.s.processors[0].csv.columns: must have at least one name",
                "processors: [{csv: {columns: [a], header: true}}] | 5 streams.s.processors[0].csv.header: must be false or left out when columns are given",
                "processors: [{csv: {columns: [a], delimiter: ';;'}}] | 5 streams.s.processors[0].csv.delimiter: must be a single character, was ;;",
                "processors: [{csv: {columns: [a], quote: ','}}] | 5 streams.s.processors[0].csv.quote: must differ from the delimiter, was ,",
                "processors: [{redact: {}}] | 5 streams.s.processors[0].redact: must have hash, mask or both",
                "processors: [{decompression: gzip}] | 5 streams.s.processors[0].decompression: not supported: it is a setting of the stream, beside processors; supported here: lambda, jq, csv, regex, redact",
                "cloudWatchLogs: {extractMessages: true} | 5 streams.s.cloudWatchLogs: needs decompression: gzip",
                "decompression: zip | 5 streams.s.decompression: must be one of gzip, was zip; did you mean gzip?",
            })
    void what_a_stream_may_not_say_of_its_processors_is_refused(String settings, String problem) {
        assertThat(file(settings).problems().stream().filter(p -> p.equals(problem)).toList())
                .as("among %s", file(settings).problems())
                .hasSize(1);
    }

    @Test
    void a_processor_that_cannot_be_read_does_not_move_what_is_said_of_the_next_one() {
        assertThat(
                        file("processors: [{jq: {}}, {lambda: {function: enrich, retries: -1}}]")
                                .problems())
                .containsExactly(
                        "5 streams.s.processors[0].jq: must be a text, was a section",
                        "5 streams.s.processors[1].lambda.retries: must be 0 to 300, was -1");
    }

    @Test
    void keys_of_a_function_need_a_function_and_no_query() {
        String settings =
                """
                buffer: {size: 64MB}
                partitioning: {}
                processors: %s
                destination: {bucket: b, prefix: '!{partitionKeyFromLambda:k}/', errorPrefix: e/}
                """;

        StreamDefinition stream =
                file(settings.formatted("[{lambda: {function: enrich}}]"))
                        .load()
                        .config()
                        .streams()
                        .get(0);

        assertThat(stream.partitioning().orElseThrow().query()).isEmpty();
        assertThat(file(settings.formatted("[{jq: .}]")).problems())
                .containsExactlyInAnyOrder(
                        "6 streams.s.partitioning.query: must be given, because no lambda processor"
                                + " yields keys",
                        "8 streams.s.destination.prefix: Prefix uses partitionKeyFromLambda:k, and no"
                                + " Lambda processor is configured");
    }

    @Test
    void keys_of_a_query_may_stand_beside_those_of_a_function() {
        StreamDefinition stream =
                file("""
                                buffer: {size: 64MB}
                                partitioning: {query: '{q: .q}'}
                                processors: [{lambda: {function: enrich}}]
                                destination:
                                  bucket: b
                                  prefix: '!{partitionKeyFromLambda:k}/!{partitionKeyFromQuery:q}/'
                                  errorPrefix: e/
                                """)
                        .load()
                        .config()
                        .streams()
                        .get(0);

        assertThat(stream.partitioning().orElseThrow().queryKeys()).contains(Set.of("q"));
    }

    private TransformSettings transform(String settings) {
        return file(settings).load().config().streams().get(0).transform();
    }

    /** With a stream whose settings begin in line 5. */
    private ConfigFile file(String settings) {
        String destination = settings.contains("destination:") ? "" : "destination: {bucket: b}\n";
        return ConfigFile.in(
                        folder,
                        ConfigFile.STORES
                                + FUNCTIONS
                                + "streams:\n  s:\n"
                                + (settings + "\n" + destination).indent(4))
                .with("KEY", "hmac-key")
                .whoseProgramsAreCompiled();
    }
}
