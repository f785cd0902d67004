package io.delivery.loading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.delivery.wiring.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row: a configuration, and exactly what is said about it. */
class BadConfigTest {
    @TempDir Path folder;

    static Stream<Arguments> streams() {
        return Stream.of(
                // unknown keys
                row("bufer: {size: 5MB}", "4 streams.s.bufer: unknown; did you mean buffer?"),
                row(
                        "prefix: a/",
                        "4 streams.s.prefix: unknown here; did you mean destination.prefix?"),
                row(
                        "colour: blue",
                        "4 streams.s.colour: unknown; supported here: source, buffer,"
                                + " decompression, cloudWatchLogs, split, processors, partitioning,"
                                + " format, destination, backup"),
                row(
                        "buffer:\n  intervall: 60s",
                        "5 streams.s.buffer.intervall: unknown; did you mean interval?"),
                row(
                        "<<: {buffer: {size: 5MB}}",
                        "4 streams.s.<<: merge keys are not supported; repeat the settings, or use"
                                + " an alias for a value"),
                // not built
                row(
                        "source: {kafka: {topic: t}}",
                        "4 streams.s.source.kafka: not supported; supported here: directPut"),
                row(
                        "source: directput",
                        "4 streams.s.source: must be directPut, was directput; did you mean directPut?"),
                // units
                row(
                        "buffer: {size: 64}",
                        "4 streams.s.buffer.size: needs a unit, was 64; did you mean 64MB?"),
                row(
                        "buffer: {size: 67108864}",
                        "4 streams.s.buffer.size: needs a unit, was 67108864; did you mean 64MB?"),
                row(
                        "buffer: {interval: 300}",
                        "4 streams.s.buffer.interval: needs a unit, was 300; did you mean 300s?"),
                row(
                        "buffer: {size: 64 mb}",
                        "4 streams.s.buffer.size: must be a size such as 64MB, was 64 mb; did you mean 64MB?"),
                row(
                        "buffer: {size: 5m}",
                        "4 streams.s.buffer.size: must be a size such as 64MB, was 5m; did you mean 5MB?"),
                row(
                        "buffer: {size: -5MB}",
                        "4 streams.s.buffer.size: must be a size such as 64MB, was -5MB"),
                row(
                        "buffer: {size: 1.5MB}",
                        "4 streams.s.buffer.size: must be a size such as 64MB, was 1.5MB"),
                row(
                        "buffer: {size: 1500KB}",
                        "4 streams.s.buffer.size: must be a whole number of MB, was 1500KB"),
                row(
                        "buffer: {size: 999999999999999GB}",
                        "4 streams.s.buffer.size: is too large, was 999999999999999GB"),
                row(
                        "buffer: {size: 99999999999MB}",
                        "4 streams.s.buffer.size: is too large, was 99999999999MB"),
                row(
                        "buffer: {interval: 5min}",
                        "4 streams.s.buffer.interval: must be a duration such as 500ms, 30s, 5m or 1h, was 5min; did you mean 5m?"),
                row(
                        "buffer: {interval: 90500ms}",
                        "4 streams.s.buffer.interval: must be a whole number of seconds, was 90500ms"),
                row(
                        "buffer: {interval: 5MB}",
                        "4 streams.s.buffer.interval: must be a duration such as 500ms, 30s, 5m or 1h, was 5MB"),
                // wrong types
                row(
                        "buffer: 5MB",
                        "4 streams.s.buffer: must be a section with size, interval, lowLatency, was a single value"),
                row(
                        "buffer: [5MB]",
                        "4 streams.s.buffer: must be a section with size, interval, lowLatency, was a list"),
                row(
                        "buffer: {size: {a: b}}",
                        "4 streams.s.buffer.size: must be a size such as 64MB, was a section"),
                row(
                        "buffer: {size: }",
                        "4 streams.s.buffer.size: must be a size such as 64MB, was empty; leave the line out for the default"),
                row(
                        "buffer: {lowLatency: yes}",
                        "4 streams.s.buffer.lowLatency: must be true or false, was yes; did you mean true?"),
                row(
                        "buffer: {lowLatency: !!binary dHJ1ZQ==}",
                        "4 streams.s.buffer.lowLatency: tags are not supported; put a text that begins with ! into quotes"),
                row(
                        "buffer: !custom {size: 5MB}",
                        "4 streams.s.buffer: tags are not supported; put a text that begins with ! into quotes"),
                row("buffer: {[a]: b}", "4 streams.s.buffer: has a key that is not a name"),
                row(
                        "buffer: {size: 5MB}\nbuffer: {size: 6MB}",
                        "5 streams.s.buffer: is given twice, first in line 4"),
                // words
                row(
                        "split: jsn",
                        "4 streams.s.split: must be json or {delimiter: text}, was jsn; did you mean json?"),
                row("split: {delimiter: ''}", "4 streams.s.split.delimiter: must not be empty"),
                row("split: {}", "4 streams.s.split.delimiter: must be given"),
                row(
                        "format: rwa",
                        "4 streams.s.format: must be raw or a section with one of raw, parquet and orc, was rwa; did you mean raw?"),
                row(
                        "format: parquet",
                        "4 streams.s.format: parquet needs a schema: {parquet: {}, schema: {table: database.table}}"),
                row(
                        "format: {parquet: {}}",
                        "4 streams.s.format.schema: must be given",
                        "5 streams.s.destination.errorPrefix: must be set where records are converted"),
                row(
                        "format: {raw: {}, schema: {catalog: c, table: d.t}}",
                        "4 streams.s.format.schema: goes with format.parquet and format.orc, but format.raw is given"),
                row(
                        "format: {raw: {delimiter: line}}",
                        "4 streams.s.format.raw.delimiter: must be one of none, newline, lines, was line; did you mean lines?"),
                row(
                        "partitioning: {query: ''}",
                        "4 streams.s.partitioning.query: must not be empty",
                        "5 streams.s.destination.prefix: "),
                row(
                        "backup: {bucket: b, prefix: '!{partitionKeyFromQuery:id}/'}",
                        "4 streams.s.backup.prefix: Dynamic Partitioning Namespaces can only be part"
                                + " of a prefix expression when Dynamic Partitioning is enabled."),
                row(
                        "backup: {buffer: {interval: 30s}}",
                        "4 streams.s.backup.bucket: must be given",
                        "4 streams.s.backup.buffer.interval: must be between 60 s and 900 s, was 30 s; lowLatency: true lifts the lower bound"));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void a_wrong_stream_is_refused_with_the_line_the_rule_and_the_value(
            String settings, String[] expected) {
        String destination = settings.contains("!destination") ? "" : "\ndestination: {bucket: b}";

        assertThat(ConfigFile.stream(folder, settings + destination).problems())
                .hasSameSizeAs(expected)
                .allSatisfy(p -> assertThat(Stream.of(expected)).anyMatch(p::startsWith));
    }

    static Stream<Arguments> destinations() {
        return Stream.of(
                row("{}", "4 streams.s.destination.bucket: must be given"),
                row(
                        "{bucket: a/b}",
                        "4 streams.s.destination.bucket: must be 1 to 255 of [A-Za-z0-9_.-], was a/b"),
                row(
                        "{bucket: ..}",
                        "4 streams.s.destination.bucket: must be 1 to 255 of [A-Za-z0-9_.-], was .."),
                row(
                        "{bucket: b, store: lcal}",
                        "4 streams.s.destination.store: must be one of stores (local), was lcal; did you mean local?"),
                row(
                        "{bucket: b, timezone: Europe/Berln}",
                        "4 streams.s.destination.timezone: must be a time zone such as Europe/Berlin or UTC, was Europe/Berln; did you mean Europe/Berlin?"),
                row(
                        "{bucket: b, timezone: '+02:00'}",
                        "4 streams.s.destination.timezone: must be a time zone such as Europe/Berlin or UTC, was +02:00"),
                row(
                        "{bucket: b, fileExtension: log}",
                        "4 streams.s.destination.fileExtension: must be at most 128 characters, a dot and then [0-9a-z!-_.*'()], was log"),
                row(
                        "{bucket: b, errorBucket: c}",
                        "4 streams.s.destination.errorBucket: not supported: the error output goes to the destination's bucket; supported here: store, bucket, prefix, errorPrefix, compression, timezone, fileExtension"),
                row(
                        "{bucket: b, prefix: '!{timestamp:yyyy}/'}",
                        "4 streams.s.destination.errorPrefix: Ths supplied prefix(es) do not satisfy the following constraint: ErrorOutputPrefix cannot be null or empty when Prefix contains expressions"),
                row(
                        "{bucket: b, prefix: '!{foo:bar}/', errorPrefix: e/}",
                        "4 streams.s.destination.prefix: Prefix "),
                row(
                        "{bucket: '${NOT_SET}'}",
                        "4 streams.s.destination.bucket: the environment variable NOT_SET is not set"),
                row(
                        "{bucket: '${}'}",
                        "4 streams.s.destination.bucket: must name an environment variable or file:path between ${ and }, was ${}; a literal ${ is written $${"),
                row(
                        "{bucket: 'a${B'}",
                        "4 streams.s.destination.bucket: has ${ without }; a literal ${ is written $${"),
                row(
                        "{bucket: '${file:none.txt}'}",
                        "4 streams.s.destination.bucket: ${file:none.txt}: there is no such file"),
                row(
                        "{bucket: ${BUCKET}}",
                        "4: is not YAML: inside braces and brackets quote a value with ${…}, for example '${NAME}'"));
    }

    @ParameterizedTest
    @MethodSource("destinations")
    void a_wrong_destination_is_refused_with_the_line_the_rule_and_the_value(
            String destination, String[] expected) {
        assertThat(ConfigFile.stream(folder, "destination: " + destination).problems())
                .hasSameSizeAs(expected)
                .allSatisfy(p -> assertThat(Stream.of(expected)).anyMatch(p::startsWith));
    }

    static Stream<Arguments> files() {
        return Stream.of(
                row("", " is empty"),
                row("# nothing\n", " is empty"),
                row("just a text", " must be a section"),
                row("- a\n- b", " must be a section"),
                row("server: {\n", "2: is not YAML: "),
                row("server:\n\tapi: x", "2: is not YAML: tabs cannot indent, use spaces"),
                row("a: 1\n---\nb: 2", "2: is not YAML: expected a single document"),
                row(
                        "server: *none",
                        "1: is not YAML: found undefined alias; put a text that begins with * into quotes"),
                row(
                        "stores: &a {x: *a}",
                        "1 stores.x.x: unknown",
                        "1 stores.x: must have one of s3 and directory"),
                row("sever: {}", "1 sever: unknown; did you mean server?"),
                row("dataDir: ''", "1 dataDir: must be a path, was empty"),
                // server
                row(
                        "server: {api: '4573'}",
                        "1 server.api: must be an address such as 127.0.0.1:4573, was 4573; did you mean 127.0.0.1:4573?"),
                row(
                        "server: {api: 'localhost:70000'}",
                        "1 server.api: must be an address such as 127.0.0.1:4573, was localhost:70000"),
                row(
                        "server: {api: '0.0.0.0:4573'}",
                        "1 server.api: must be a loopback address such as 127.0.0.1:4573 while server.credentials lists none, was 0.0.0.0:4573: anybody could write; list credentials to open it"),
                row(
                        "server: {admin: '127.0.0.1:4573'}",
                        "1 server.admin: must differ from server.api, both were 127.0.0.1:4573"),
                row("server: {adminToken: ''}", "1 server.adminToken: must not be empty"),
                row(
                        "server: {maxConnections: 9}",
                        "1 server.maxConnections: must be between 10 and 100000, was 9"),
                row(
                        "server: {idleTimeout: 500ms}",
                        "1 server.idleTimeout: must be between 1 s and 24 h, was 500 ms"),
                row(
                        "server:\n  cors:\n    - '*'\n    - https://app.example.com/\n    - null.example\n",
                        "4 server.cors[1]: must be an origin as browsers send it, such as https://app.example.com, or *, was https://app.example.com/",
                        "5 server.cors[2]: must be an origin as browsers send it, such as https://app.example.com, or *, was null.example"),
                row(
                        "server: {adminNames: ['delivery.example.com:4574']}",
                        "1 server.adminNames[0]: must be a host name without a port, was delivery.example.com:4574"),
                row(
                        "server: {region: 'US East'}",
                        "1 server.region: must be a region such as us-east-1, was US East"),
                row("server: {account: 1234}", "1 server.account: must have 12 digits, was 1234"),
                row(
                        "server: {credentials: {accessKeyId: a}}",
                        "1 server.credentials: must be a list of sections, was a section"),
                row(
                        "server: {credentials: [{}]}",
                        "1 server.credentials[0].accessKeyId: must be given",
                        "1 server.credentials[0].secretAccessKey: must be given"),
                row(
                        "server:\n  credentials:\n    - {accessKeyId: a, secretAccessKey: b}\n    - {accessKeyId: a, secretAccessKey: ''}",
                        "4 server.credentials[1].secretAccessKey: must not be empty",
                        "4 server.credentials[1].accessKeyId: must be given once, was a as in server.credentials[0]"),
                row(
                        "server: {credentials: [{accessKeyId: a, secretAccessKey: b, allow: {actions: [GetRecord], streams: []}}]}",
                        "1 server.credentials[0].allow.streams: must name at least one stream, or '*'",
                        "1 server.credentials[0].allow.actions[0]: must match an operation of the API (CreateDeliveryStream,"),
                row(
                        "server: {tls: {certificate: no.crt}}",
                        "1 server.tls.certificate: must be a file that can be read, was no.crt, which is not at ",
                        "1 server.tls.key: must be given"),
                row(
                        "server: {shutdown: {grace: 25}}",
                        "1 server.shutdown.grace: needs a unit, was 25; did you mean 25s?"),
                // limits
                row(
                        "limits: {disk: 10}",
                        "1 limits.disk: needs a unit, was 10; did you mean 10GB?"),
                row("limits: {disk: 63MB}", "1 limits.disk: must be at least 64MB, was 63MB"),
                row("limits: {memory: 1MB}", "1 limits.memory: must be at least 64MB, was 1MB"),
                row(
                        "limits: {requestBody: 65MB}",
                        "1 limits.requestBody: must be between 6MB and 64MB, was 65MB"),
                row(
                        "limits: {memory: 100MB, requestBody: 13MB}",
                        "1 limits.requestBody: must be at most 12MB, an eighth of limits.memory (100MB), was 13MB"),
                row(
                        "limits: {memory: 64MB, requestBody: 9MB}",
                        "1 limits.requestBody: must be at most 8MB, an eighth of limits.memory (64MB), was 9MB"),
                row("limits: {ledger: 1KB}", "1 limits.ledger: must be at least 1MB, was 1KB"),
                row(
                        "log: {level: warning}",
                        "1 log.level: must be one of error, warn, info, debug, was warning"),
                // stores
                row("stores: {lake: {}}", "1 stores.lake: must have one of s3 and directory"),
                row(
                        "stores: {lake: {s3: {}, directory: /lake}}",
                        "1 stores.lake: must have one of s3 and directory, and has both"),
                row(
                        "stores: {lake: {directory: data/lake}}",
                        "1 stores.lake.directory: must be apart from dataDir ("),
                row(
                        "stores: {lake: {s3: {endpoint: 'minio:9000'}}}",
                        "1 stores.lake.s3.endpoint: must be a URL such as http://minio:9000, was minio:9000; did you mean http://minio:9000?"),
                row(
                        "stores: {lake: {s3: {endpoint: 'http://me:hidden@minio'}}}",
                        "1 stores.lake.s3.endpoint: must not contain a user or password; they belong under credentials"),
                row(
                        "stores: {lake: {s3: {partSize: 4MB}}}",
                        "1 stores.lake.s3.partSize: must be between 5MB and 5GB, was 4MB"),
                row(
                        "stores: {lake: {s3: {checksums: when_required}}}",
                        "1 stores.lake.s3.checksums: must be one of whenSupported, whenRequired, was when_required; did you mean whenRequired?"),
                row(
                        "stores: {lake: {s3: {encryption: kms}}}",
                        "1 stores.lake.s3.encryption: must be one of none, aes256, {kms: key}, was kms"),
                row(
                        "stores: {lake: {s3: {credentials: {accessKeyId: a}}}}",
                        "1 stores.lake.s3.credentials.secretAccessKey: must be given"),
                row(
                        "stores: {a: {directory: a, default: true}, b: {directory: b, default: true}}",
                        "1 stores.b.default: must be true for one store at most, was true for a and b"),
                row(
                        "stores: {a: {directory: a}}\nbuckets: [{match: '*', store: b}]",
                        "2 buckets[0].store: must be one of stores (a), was b; did you mean a?"),
                row(
                        "stores: {a: {directory: a}, b: {directory: b}}\nstreams: {s: {destination: {bucket: b}}}",
                        "2 streams.s.destination.store: must be given, because stores has no only store and none with default: true"),
                // streams together
                row(
                        "stores: {a: {directory: a}}\nstreams:\n  logs: {destination: {bucket: b}}\n  Logs: {destination: {bucket: b}}",
                        "4 streams.Logs: must differ from streams.logs in more than upper and lower case"),
                row(
                        "stores: {a: {directory: a}}\nstreams: {'a b': {destination: {bucket: b}}}",
                        "2 streams.a b: a stream's name has 1 to 64 of [a-zA-Z0-9_.-], was a b"),
                row(
                        "stores: {a: {directory: a}}\ncatalogs: {main: {file: .}}\nstreams:\n  s:\n    format: {parquet: {compression: brotli, blockSize: 1MB}, schema: {table: t}}\n    destination: {bucket: b, compression: gzip, errorPrefix: e/}",
                        "5 streams.s.format.parquet.compression: must be one of none, snappy, gzip, zstd, was brotli",
                        "5 streams.s.format.schema.table: must be database.table, was t",
                        "5 streams.s.format.parquet.blockSize: must be at least 64MB, was 1MB",
                        "6 streams.s.destination.compression: must be none with format.parquet, which compresses inside (format.parquet.compression), was gzip"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void a_wrong_file_is_refused_with_the_line_the_rule_and_the_value(
            String text, String[] expected) {
        assertThat(ConfigFile.in(folder, text).problems())
                .hasSameSizeAs(expected)
                .allSatisfy(p -> assertThat(Stream.of(expected)).anyMatch(p::startsWith));
    }

    @Test
    void all_problems_are_reported_at_once_in_the_order_of_the_lines() {
        ConfigFile file =
                ConfigFile.in(
                        folder,
                        """
                        server: {api: 0.0.0.0:80}
                        limits: {memory: 12}
                        stores: {local: {directory: lake}}
                        streams:
                          orders:
                            buffer: {size: 512MB}
                            destination: {bucket: b, store: lake}
                            bufer: {}
                        """);

        assertThat(file.problems())
                .extracting(p -> p.substring(0, p.indexOf(':')))
                .containsExactly(
                        "1 server.api",
                        "2 limits.memory",
                        "6 streams.orders.buffer.size",
                        "7 streams.orders.destination.store",
                        "8 streams.orders.bufer");
    }

    @Test
    void a_secret_is_never_in_a_message() {
        ConfigFile file =
                ConfigFile.in(
                                folder,
                                """
                                server:
                                  account: x
                                  credentials: [{accessKeyId: a, secretAccessKey: '${S}', secret: '${S}'}]
                                stores: {lake: {s3: {endpoint: 'http://${S}@minio', credentials: '${S}'}}}
                                """)
                        .with("S", "hidden");

        assertThat(file.problems()).hasSize(4).noneMatch(p -> p.contains("hidden"));
    }

    @Test
    void aliases_stand_for_what_they_name() {
        LoadedConfig loaded =
                ConfigFile.in(
                                folder,
                                """
                                stores: {local: {directory: lake}}
                                streams:
                                  a: {buffer: &small {size: 2MB}, destination: &to {bucket: b}}
                                  b: {buffer: *small, destination: *to}
                                """)
                        .load();

        assertThat(loaded.config().stream("b").orElseThrow().buffer().sizeInMBs()).isEqualTo(2);
    }

    @Test
    void a_file_that_cannot_be_read_is_a_problem_like_any_other() throws Exception {
        assertThat(problem(folder.resolve("none.yaml")))
                .endsWith("none.yaml: there is no such file");
        assertThat(problem(folder)).endsWith(": is a folder, not a file");
        Path binary = folder.resolve("binary.yaml");
        Files.write(binary, new byte[] {'a', ':', ' ', (byte) 0xC3, '('});
        assertThat(problem(binary)).endsWith(": is not UTF-8 text");
        assertThat(problem(ConfigFile.write(folder.resolve("deep.yaml"), "[".repeat(200_000))))
                .contains("deep.yaml");
        assertThat(problem(ConfigFile.write(folder.resolve("nul.yaml"), "a: \0")))
                .contains(": is not YAML: ");
    }

    @Test
    void only_regular_files_of_a_sensible_length_are_read() throws Exception {
        Path pipe = pipe("pipe.yaml");
        Path large = folder.resolve("large.yaml");
        Files.write(large, new byte[(16 << 20) + 1]);

        assertThat(problem(pipe)).endsWith(": is a pipe or a device, not a file");
        assertThat(problem(Path.of("/dev/zero"))).endsWith(": is a pipe or a device, not a file");
        assertThat(problem(large)).endsWith(": is longer than 16MB");
    }

    @Test
    void only_regular_files_of_a_sensible_length_are_substituted_and_named() throws Exception {
        pipe("pipe");
        Files.write(folder.resolve("large"), new byte[(64 << 10) + 1]);
        Files.write(folder.resolve("huge.pem"), new byte[(4 << 20) + 1]);

        assertThat(
                        ConfigFile.in(
                                        folder,
                                        """
                                        server:
                                          region: ${file:pipe}
                                          account: ${file:/dev/zero}
                                          adminToken: ${file:large}
                                          tls: {certificate: huge.pem, key: pipe}
                                        stores: {local: {directory: lake}}
                                        """)
                                .problems())
                .containsExactly(
                        "2 server.region: ${file:pipe} is a pipe or a device, not a file",
                        "3 server.account: ${file:/dev/zero} is a pipe or a device, not a file",
                        "4 server.adminToken: ${file:large} is longer than 64KB",
                        "5 server.tls.certificate: must be a file of at most 4MB, was huge.pem",
                        "5 server.tls.key: must be a file that can be read, was pipe, which is not at "
                                + folder.resolve("pipe"));
    }

    private Path pipe(String name) throws Exception {
        Path pipe = folder.resolve(name);
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        return pipe;
    }

    private static String problem(Path file) {
        InvalidConfigException refused =
                catchThrowableOfType(
                        InvalidConfigException.class,
                        () -> new ConfigLoader(java.util.Map.of(), Programs.OURS).load(file));
        assertThat(refused.problems()).hasSize(1);
        return refused.getMessage();
    }

    private static Arguments row(String text, String... problems) {
        return Arguments.of(text, problems);
    }
}
