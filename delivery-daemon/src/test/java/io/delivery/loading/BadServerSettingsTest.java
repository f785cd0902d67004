package io.delivery.loading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.delivery.wiring.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of rights, secrets in files, quotas and the mode for tests that are wrong. */
class BadServerSettingsTest {
    @TempDir Path folder;

    static Stream<Arguments> settings() {
        return Stream.of(
                // rights
                row(
                        "server: {credentials: [{accessKeyId: a, secretAccessKey: b, allow: {actions: [PutRecrd, 'firehose:putRecordBatch']}}]}",
                        "1 server.credentials[0].allow.actions[0]: must match an operation of the API (CreateDeliveryStream, DeleteDeliveryStream, DescribeDeliveryStream, ListDeliveryStreams, ListTagsForDeliveryStream, PutRecord, PutRecordBatch, StartDeliveryStreamEncryption, StopDeliveryStreamEncryption, TagDeliveryStream, UntagDeliveryStream, UpdateDestination), was PutRecrd; did you mean PutRecord?",
                        "1 server.credentials[0].allow.actions[1]: must match an operation of the API (CreateDeliveryStream, DeleteDeliveryStream, DescribeDeliveryStream, ListDeliveryStreams, ListTagsForDeliveryStream, PutRecord, PutRecordBatch, StartDeliveryStreamEncryption, StopDeliveryStreamEncryption, TagDeliveryStream, UntagDeliveryStream, UpdateDestination), was firehose:putRecordBatch; did you mean PutRecordBatch?"),
                row(
                        "server: {credentials: [{accessKeyId: a, secretAccessKey: b, sessionToken: ''}, {accessKeyId: c, secretAccessKey: d, sessionToken: 'a b'}]}",
                        "1 server.credentials[0].sessionToken: must be 1 to 8192 printable ASCII characters without blanks, as it goes into a header",
                        "1 server.credentials[1].sessionToken: must be 1 to 8192 printable ASCII characters without blanks, as it goes into a header"),
                // files
                row(
                        "server: {credentialsFile: none.yaml, adminTokenFile: none}",
                        "1 server.credentialsFile: must be a file that can be read, was none.yaml, which is not at ",
                        "1 server.adminTokenFile: must be a file that can be read, was none, which is not at "),
                row(
                        "server: {credentials: [{accessKeyId: a, secretAccessKey: b}], credentialsFile: callers.yaml, adminToken: t, adminTokenFile: token}",
                        "1 server.credentialsFile: must not be given beside server.credentials: list all callers in one of the two",
                        "1 server.adminTokenFile: must not be given beside server.adminToken: give one of the two"),
                row(
                        "server: {adminTokenFile: two-lines}",
                        "1 server.adminTokenFile: the token in "),
                row(
                        "stores: {lake: {s3: {credentials: {accessKeyId: a, secretAccessKey: b}, credentialsFile: token}}}",
                        "1 stores.lake.s3.credentialsFile: must not be given beside stores.lake.s3.credentials: give one of the two"),
                row(
                        "stores: {lake: {s3: {endpoint: 'http://minio:9000', checksums: whenRequired, signedBodies: false}}}",
                        "1 stores.lake.s3.signedBodies: must be true where stores.lake.s3.checksums is whenRequired: a body without a signature needs a checksum"),
                // quotas
                row(
                        "quotas: {records: 5/s}",
                        "1 quotas: must be a list of sections, was a section"),
                row("quotas: [{records: 5/s}]", "1 quotas[0].match: must be given"),
                row(
                        "quotas: [{match: '*'}]",
                        "1 quotas[0]: must limit at least one of records, bytes and requests"),
                row(
                        "quotas: [{match: '*', records: 5}]",
                        "1 quotas[0].records: must be a rate such as 100000/s, was 5; did you mean 5/s?"),
                row(
                        "quotas: [{match: '*', records: 5/m}]",
                        "1 quotas[0].records: must be a rate such as 100000/s, was 5/m"),
                row(
                        "quotas: [{match: '*', records: 1.5/s}]",
                        "1 quotas[0].records: must be a rate such as 100000/s, was 1.5/s"),
                row(
                        "quotas: [{match: '*', records: 5MB/s}]",
                        "1 quotas[0].records: must be a rate such as 100000/s, was 5MB/s"),
                row(
                        "quotas: [{match: '*', records: 0/s}]",
                        "1 quotas[0].records: must be between 1/s and 1000000000/s, was 0/s"),
                row(
                        "quotas: [{match: '*', requests: 1000000001/s}]",
                        "1 quotas[0].requests: must be between 1/s and 1000000000/s, was 1000000001/s"),
                row(
                        "quotas: [{match: '*', requests: 99999999999999999999/s}]",
                        "1 quotas[0].requests: must be a rate such as 2000/s, was 99999999999999999999/s"),
                row(
                        "quotas: [{match: '*', bytes: 5MB}]",
                        "1 quotas[0].bytes: must be a rate such as 100MB/s, was 5MB; did you mean 5MB/s?"),
                row(
                        "quotas: [{match: '*', bytes: 5/s}]",
                        "1 quotas[0].bytes: needs a unit, was 5; did you mean 5MB?"),
                row(
                        "quotas: [{match: '*', bytes: 0MB/s}]",
                        "1 quotas[0].bytes: must be between 1B/s and 1048576000000B/s, was 0B/s"),
                row(
                        "quotas: [{match: '*', bytes: 1000001MB/s}]",
                        "1 quotas[0].bytes: must be between 1B/s and 1048576000000B/s, was 1048577048576B/s"),
                row(
                        "quotas: [{match: '*', recrods: 5/s}]",
                        "1 quotas[0].recrods: unknown; did you mean records?",
                        "1 quotas[0]: must limit at least one of records, bytes and requests"),
                row(
                        "streams: {s: {quota: {records: 5/s}, destination: {bucket: b}}}",
                        "1 streams.s.quota: not supported: quotas of streams are rules beside them: quotas: [{match: NAME, records: 1000/s}]"),
                // testing
                row(
                        "server: {testing: true}",
                        "1 server.testing: must be a section with maxInterval, createBuckets, was a single value"),
                row(
                        "server: {testing: {maxInterval: 1}}",
                        "1 server.testing.maxInterval: needs a unit, was 1; did you mean 1s?"),
                row(
                        "server: {testing: {maxInterval: 500ms}}",
                        "1 server.testing.maxInterval: must be a whole number of seconds, was 500ms"),
                row(
                        "server: {testing: {maxInterval: 61s}}",
                        "1 server.testing.maxInterval: must be between 0 s and 60 s, was 61 s"),
                row(
                        "server: {testing: {createBuckets: yes}}",
                        "1 server.testing.createBuckets: must be true or false, was yes; did you mean true?"),
                row(
                        "server: {testing: {maxIntervall: 1s}}",
                        "1 server.testing.maxIntervall: unknown; did you mean maxInterval?"),
                row("testing: {}", "1 testing: unknown here; did you mean server.testing?"));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void what_is_wrong_is_said(String text, String... expected) throws Exception {
        Files.writeString(
                folder.resolve("callers.yaml"), "- {accessKeyId: a, secretAccessKey: b}\n");
        Files.writeString(folder.resolve("token"), "t0ken");
        Files.writeString(folder.resolve("two-lines"), "t0ken\nother\n");
        String stores = text.startsWith("stores:") ? "" : "\n" + ConfigFile.STORES;

        var problems = ConfigFile.in(folder, text + stores).problems();

        assertThat(problems).hasSameSizeAs(expected).noneMatch(p -> p.contains("t0ken"));
        for (int i = 0; i < expected.length; i++) {
            assertThat(problems.get(i)).startsWith(expected[i]);
        }
    }

    static Stream<Arguments> callers() {
        return Stream.of(
                row("", ": is empty"),
                row("[]", ": must list at least one caller, and lists none"),
                row("accessKeyId: a", ": must be a list of sections, was a section"),
                row("- a", ":1 [0]: must be a section with accessKeyId,"),
                row("- {accessKeyId: a, secret", ":1: is not YAML: "),
                row(
                        "- {accessKeyId: a, secretAccessKey: b}\n- {accessKeyId: a}",
                        ":2 [1].secretAccessKey: must be given"),
                row(
                        "- {accessKeyId: a, secretAccessKey: b}\n- {accessKeyId: a, secretAccessKey: c}",
                        ":2 [1].accessKeyId: must be given once, was a as in [0]"),
                row(
                        "- {accessKeyId: a, secretAccessKey: '${NOT_SET}'}",
                        ":1 [0].secretAccessKey: the environment variable NOT_SET is not set"),
                row(
                        "- {accessKeyId: a, secretAccesKey: b}",
                        ":1 [0]: unknown; did you mean secretAccessKey?",
                        ":1 [0].secretAccessKey: must be given"),
                row(
                        "- {accessKeyId: a, secretAccessKey: '${file:secret}'}",
                        ":1 [0].secretAccessKey: must not name a file with ${file:…} here"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- {accessKeyId: a, secretAccessKey: !Hunter2}",
                "- {accessKeyId: a, secretAccessKey: *Hunter2}",
                "- {accessKeyId: a, secretAccessKey: &Hunter2 }",
                "- {accessKeyId: a, secretAccessKey: %Hunter2}",
                "- {accessKeyId: a, secretAccessKey: @Hunter2}",
                "- {accessKeyId: a, secretAccessKey: 'Hunter2}",
                "- {accessKeyId: a, secretAccessKey: !Hunter2!x y}",
                "- {accessKeyId: a, secretAccessKey:Hunter2}",
                "- accessKeyId: a\n  secretAccessKey:Hunter2: x",
                "- accessKeyId: a\n  Hunter2: x\n  Hunter2: x",
                "- accessKeyId: a\n  Hunter2.x[1]: x",
                "- {accessKeyId: a, secretAccessKey: 'x${Hunter2}y'}",
                "- {accessKeyId: a, secretAccessKey: '${Hunter2!}'}",
                "- {accessKeyId: a, secretAccessKey: '${file:Hunter2}'}",
                "- {accessKeyId: a, secretAccessKey: [Hunter2]}",
                "- {accessKeyId: a, secretAccessKey: b, allow: !Hunter2 {}}"
            })
    void nothing_of_a_file_of_callers_is_shown(String text) {
        Path callers = ConfigFile.write(folder.resolve("callers.yaml"), text);

        InvalidConfigException refused =
                catchThrowableOfType(
                        InvalidConfigException.class,
                        () ->
                                new ConfigLoader(Map.of(), Programs.OURS)
                                        .credentialsFile(callers)
                                        .read());

        assertThat(refused.problems())
                .isNotEmpty()
                .allSatisfy(
                        problem ->
                                assertThat(problem.toString())
                                        .startsWith(callers + ":")
                                        .doesNotContain("Hunter2"));
    }

    @ParameterizedTest
    @MethodSource("callers")
    void what_is_wrong_with_a_file_of_callers_is_said_with_its_name(
            String text, String... expected) {
        Path callers = ConfigFile.write(folder.resolve("callers.yaml"), text);
        Path config =
                ConfigFile.write(
                        folder.resolve("delivery.yaml"),
                        "server: {credentialsFile: callers.yaml, account: 1}\n"
                                + ConfigFile.STORES);

        InvalidConfigException refused =
                catchThrowableOfType(
                        InvalidConfigException.class,
                        () -> new ConfigLoader(Map.of(), Programs.OURS).load(config));

        assertThat(refused.problems().get(0).toString())
                .isEqualTo(config + ":1 server.account: must have 12 digits, was 1");
        assertThat(refused.problems()).hasSize(1 + expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(refused.problems().get(1 + i).toString()).startsWith(callers + expected[i]);
        }
    }

    @Test
    void an_open_port_is_no_mistake_where_a_file_lists_callers() {
        ConfigFile.write(folder.resolve("callers.yaml"), "- {accessKeyId: a, secretAccessKey: b}");

        assertThat(
                        ConfigFile.in(
                                        folder,
                                        "server: {api: '0.0.0.0:80', credentialsFile: callers.yaml}\n"
                                                + ConfigFile.STORES)
                                .problems())
                .isEmpty();
    }

    private static Arguments row(String text, String... problems) {
        return Arguments.of(text, problems);
    }
}
