package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.cli.ExitCodes;
import io.delivery.cli.HostResources;
import io.delivery.cli.ServiceMemory;
import io.delivery.listening.TestCertificate;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.LocatedProblem;
import io.delivery.machine.FileDisk;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * That {@code check} reads what {@code run} reads: each row breaks one thing, and both say the same
 * of it.
 */
class StartPartsTest {
    /** With a certificate that is right: making one takes a second. */
    @TempDir static Path made;

    @TempDir Path folder;

    @BeforeAll
    static void certificate() throws Exception {
        TestCertificate.in(made);
    }

    /** Breaks one thing. */
    private interface Breaking {
        void in(Path folder) throws Exception;
    }

    /**
     * @param yaml settings that follow those of {@link #file}
     * @param said the problem, behind the name of the file
     */
    private record Row(String name, Breaking breaking, String yaml, String said) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Row row(String name, Breaking breaking, String yaml, String said) {
        return new Row(name, breaking, yaml, said);
    }

    static Stream<Row> broken() {
        String tls = ", tls: {certificate: server.crt, key: server.key}";
        String ca = "stores: {lake: {s3: {caFile: ca.pem}}}\n";
        String table =
                "catalogs: {main: {file: schemas}}\nstores: {lake: {directory: lake}}\n"
                        + "streams: {s: {buffer: {size: 64MB}, format: {parquet: {}, schema: {table: db.t}},"
                        + " destination: {bucket: b, prefix: 'p/', errorPrefix: 'e/'}}}\n";
        return Stream.of(
                row(
                        "a certificate that is not there",
                        folder -> Files.delete(folder.resolve("server.crt")),
                        tls,
                        ":1 server.tls.certificate: must be a file that can be read, was server.crt, which is not at /srv/server.crt"),
                row(
                        "a key that is not there",
                        folder -> Files.delete(folder.resolve("server.key")),
                        tls,
                        ":1 server.tls.key: must be a file that can be read, was server.key, which is not at /srv/server.key"),
                row(
                        "a certificate that is no PEM",
                        folder -> Files.writeString(folder.resolve("server.crt"), "certainly"),
                        tls,
                        ":1 server.tls.certificate: /srv/server.crt is not a PEM certificate: No certificate data found"),
                row(
                        "an empty certificate",
                        folder -> Files.writeString(folder.resolve("server.crt"), ""),
                        tls,
                        ":1 server.tls.certificate: /srv/server.crt holds no certificate"),
                row(
                        "a certificate that was cut",
                        folder -> cut(folder.resolve("server.crt"), 200),
                        tls,
                        ":1 server.tls.certificate: /srv/server.crt is not a PEM certificate: "),
                row(
                        "a key that is no PEM",
                        folder -> Files.writeString(folder.resolve("server.key"), "key"),
                        tls,
                        ":1 server.tls.key: /srv/server.key holds no unencrypted PKCS #8 key (-----BEGIN PRIVATE KEY-----); convert it with: openssl pkcs8 -topk8 -nodes"),
                row(
                        "a key of the older form",
                        folder ->
                                Files.writeString(
                                        folder.resolve("server.key"),
                                        Files.readString(folder.resolve("server.key"))
                                                .replace("PRIVATE", "EC PRIVATE")),
                        tls,
                        ":1 server.tls.key: /srv/server.key holds no unencrypted PKCS #8 key"),
                row(
                        "certificate and key in the place of each other",
                        StartPartsTest::swap,
                        tls,
                        ":1 server.tls.certificate: /srv/server.crt "),
                row(
                        "a key of another certificate",
                        folder -> anotherKey(folder, "-keyalg", "EC"),
                        tls,
                        ":1 server.tls.key: /srv/server.key does not belong to the first certificate of /srv/server.crt (CN=localhost): name the key that it was made for"),
                row(
                        "a key of another algorithm",
                        folder -> anotherKey(folder, "-keyalg", "RSA"),
                        tls,
                        ":1 server.tls.key: /srv/server.key does not belong to the first certificate"),
                row(
                        "a CA file that is not there",
                        folder -> {},
                        ca,
                        ":2 stores.lake.s3.caFile: must be a file that can be read, was ca.pem, which is not at /srv/ca.pem"),
                row(
                        "a file with half of a store's key",
                        folder ->
                                Files.writeString(
                                        folder.resolve("key"),
                                        "[default]\naws_access_key_id = a\n"),
                        "stores: {lake: {s3: {credentialsFile: key}}}\n",
                        ":2 stores.lake.s3.credentialsFile: /srv/key has no aws_secret_access_key in [default]"),
                row(
                        "a CA file that is no PEM",
                        folder -> Files.writeString(folder.resolve("ca.pem"), "authority"),
                        ca,
                        ":2 stores.lake.s3.caFile: caFile /srv/ca.pem cannot be read as PEM certificates: "),
                row(
                        "a CA file that was cut",
                        folder -> {
                            Files.copy(folder.resolve("server.crt"), folder.resolve("ca.pem"));
                            cut(folder.resolve("ca.pem"), 200);
                        },
                        ca,
                        ":2 stores.lake.s3.caFile: caFile /srv/ca.pem cannot be read as PEM certificates: "),
                row(
                        "a token file that is not there",
                        folder -> {},
                        ", adminToken: '${file:token}'",
                        ":1 server.adminToken: ${file:token}: there is no such file"),
                row(
                        "a token file with two lines",
                        folder -> Files.writeString(folder.resolve("token"), "one\ntwo\n"),
                        ", adminToken: '${file:token}'",
                        ":1 server.adminToken: must be one line of printable ASCII without blanks at its edges, as it goes into a header"),
                row(
                        "an empty token file",
                        folder -> Files.writeString(folder.resolve("token"), "\n"),
                        ", adminToken: '${file:token}'",
                        ":1 server.adminToken: must not be empty"),
                row(
                        "a secret with a blank behind it",
                        folder -> Files.writeString(folder.resolve("secret"), "abc \n"),
                        "stores: {lake: {s3: {credentials: {accessKeyId: a, secretAccessKey: '${file:secret}'}}}}\n",
                        ":2 stores.lake.s3.credentials.secretAccessKey: must be one line without blanks at its edges"),
                row(
                        "a secret of a caller with two lines",
                        folder -> Files.writeString(folder.resolve("secret"), "abc\ndef\n"),
                        ", credentials: [{accessKeyId: a, secretAccessKey: '${file:secret}'}]",
                        ":1 server.credentials[0].secretAccessKey: must be one line without blanks at its edges"),
                row(
                        "a key id with a line break",
                        folder -> Files.writeString(folder.resolve("id"), "abc\ndef\n"),
                        ", credentials: [{accessKeyId: '${file:id}', secretAccessKey: b}]",
                        ":1 server.credentials[0].accessKeyId: must have no blanks, commas or slashes"),
                row(
                        "a secret file that is a folder",
                        folder -> Files.createDirectory(folder.resolve("secret")),
                        ", credentials: [{accessKeyId: a, secretAccessKey: '${file:secret}'}]",
                        ":1 server.credentials[0].secretAccessKey: ${file:secret} is a folder, not a file"),
                row(
                        "a host that nobody knows",
                        folder -> {},
                        "HOST nohost.invalid",
                        ":1 server.admin: must have a host that this machine can resolve, was nohost.invalid:0"),
                row(
                        "a region that cannot be in a host name",
                        folder -> {},
                        "stores: {lake: {s3: {region: EU West}}}\n",
                        ":2 stores.lake.s3.region: must be a region of AWS such as us-east-1, was EU West; a service elsewhere needs its endpoint"),
                row(
                        "a region that cannot be signed",
                        folder -> {},
                        "stores: {lake: {s3: {endpoint: 'http://minio:9000', region: 'a/b'}}}\n",
                        ":2 stores.lake.s3.region: must have no blanks, commas or slashes, was a/b"),
                row(
                        "a port that there is not",
                        folder -> {},
                        "stores: {lake: {s3: {endpoint: 'http://minio:99999'}}}\n",
                        ":2 stores.lake.s3.endpoint: must be a URL such as http://minio:9000, was http://minio:99999"),
                row(
                        "an encryption key without a name",
                        folder -> {},
                        "stores: {lake: {s3: {encryption: {kms: ''}}}}\n",
                        ":2 stores.lake.s3.encryption.kms: must name a key, was empty"),
                row(
                        "more memory than the heap has",
                        folder -> {},
                        "limits: {memory: 900GB}\n",
                        ":2 limits.memory: must be at most 60 % of the heap of "),
                row(
                        "a catalog that is a file",
                        folder -> Files.writeString(folder.resolve("schemas"), ""),
                        table,
                        ":2 catalogs.main.file: must be a folder of schemas, and /srv/schemas is none"),
                row(
                        "a table in both forms",
                        folder -> {
                            schema(folder, "t.yaml", "columns: [{name: a, type: int}]");
                            schema(folder, "t.avsc", "{}");
                        },
                        table,
                        "/srv/schemas/db/t.yaml: t.avsc and this file are both there; a table has one of them"),
                row(
                        "code of a function that is not there",
                        folder -> {},
                        "functions:\n  f:\n    runtime: provided\n    code: f\n",
                        ":5 functions.f.code: /srv/f does not exist"),
                row(
                        "a bootstrap that is not in the code of its function",
                        folder -> Files.createDirectory(folder.resolve("f")),
                        "functions: {f: {runtime: provided, code: f}}\n",
                        ":2 functions.f.code: runtime provided needs an executable with the name bootstrap"),
                row(
                        "a plugin that is in no jar",
                        folder -> {},
                        "functions: {p: {plugin: a.B}}\n",
                        ":2 functions.p.plugin: there is no plugin class a.B in /srv/plugins; the folder does not exist"),
                row(
                        "a table that is no Avro schema",
                        folder -> schema(folder, "t.avsc", "{\"type\": \"record\"}"),
                        table,
                        "/srv/schemas/db/t.avsc"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void what_check_finds_run_refuses_with_the_same_words(Row row) throws Exception {
        Path file = file(row);

        ProgramRun check = ProgramRun.of(Map.of(), "check", file.toString());
        ProgramRun run = ProgramRun.of(Map.of(), "run", file.toString());

        assertThat(check.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(run.exitCode()).isEqualTo(ExitCodes.CONFIG_REFUSED);
        assertThat(placed(run.err())).startsWith(said(row));
        assertThat(placed(check.out())).startsWith(said(row));
        assertThat(check.out().lines().findFirst()).isEqualTo(run.err().lines().findFirst());
        assertThat(folder.resolve("data")).doesNotExist();
    }

    static Stream<Row> passing() {
        return Stream.of(
                row(
                        "a certificate that has expired",
                        folder -> TestCertificate.in(folder, "-startdate", "-3d", "-validity", "1"),
                        ", tls: {certificate: server.crt, key: server.key}",
                        ":1 server.tls.certificate: must be valid now, was /srv/server.crt: the certificate has expired on "),
                row(
                        "a certificate of tomorrow",
                        folder -> TestCertificate.in(folder, "-startdate", "+1d"),
                        ", tls: {certificate: server.crt, key: server.key}",
                        ":1 server.tls.certificate: must be valid now, was /srv/server.crt: the certificate is not valid before "),
                row(
                        "a certificate that expires soon",
                        folder ->
                                TestCertificate.in(folder, "-startdate", "-80d", "-validity", "90"),
                        ", tls: {certificate: server.crt, key: server.key}",
                        ":1 server.tls.certificate: must be valid for longer, was /srv/server.crt: the certificate expires on "),
                row(
                        "a folder of schemas that is not there",
                        folder -> {},
                        "catalogs: {main: {file: schemas}}\n",
                        ":2 catalogs.main.file: must be a folder of schemas, and /srv/schemas is not there"),
                row(
                        "a directory store below a file",
                        folder -> Files.writeString(folder.resolve("lake"), ""),
                        "stores: {lake: {directory: lake/objects}}\n",
                        ":2 stores.lake.directory: must be a folder or a place for one, and /srv/lake is a file"));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void what_may_pass_is_a_finding_of_check_and_lets_run_start(Row row) throws Exception {
        Path file = file(row);

        ProgramRun check = ProgramRun.of(Map.of(), "check", file.toString());

        assertThat(check.exitCode()).isEqualTo(ExitCodes.FOUND);
        assertThat(placed(check.out())).startsWith(said(row));
        Service.start(new ConfigLoader(Map.of(), Programs.OURS).load(file)).close();
    }

    @Test
    void an_address_of_another_machine_is_found_without_its_port() throws Exception {
        Path file = file(row("fine", folder -> {}, "", ""));
        String text = Files.readString(file);
        Files.writeString(file, text.replace("admin: '127.0.0.1", "admin: '192.0.2.1"));

        assertThat(problems(file))
                .singleElement()
                .satisfies(
                        problem -> {
                            assertThat(problem.path()).isEqualTo("server.admin");
                            assertThat(problem.message())
                                    .startsWith(
                                            "must have a host that is this machine, was 192.0.2.1:0");
                        });
    }

    @Test
    void readiness_tells_that_the_certificate_has_expired() throws Exception {
        Path file = file(passing().findFirst().orElseThrow());
        try (Service service =
                Service.start(new ConfigLoader(Map.of(), Programs.OURS).load(file))) {
            HttpResponse<String> ready =
                    HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(
                                                    service.adminUri().resolve("/health/ready"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString());

            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(ready.body())
                    .contains("server.tls.certificate: the certificate has expired on ");
        }
    }

    @Test
    void a_data_directory_that_is_a_file_or_of_a_newer_program_is_found_without_touching_it()
            throws Exception {
        Path file = file(row("fine", folder -> {}, "", ""));
        Path data = folder.resolve("data");

        assertThat(problems(file)).isEmpty();
        assertThat(data).doesNotExist();

        Files.createDirectory(data);
        Files.writeString(data.resolve("FORMAT"), "delivery data 9\n");
        assertThat(problems(file))
                .singleElement()
                .extracting(LocatedProblem::path)
                .isEqualTo("dataDir");

        Files.delete(data.resolve("FORMAT"));
        Files.delete(data);
        Files.writeString(data, "");
        assertThat(problems(file))
                .singleElement()
                .extracting(LocatedProblem::message)
                .isEqualTo("must be a directory, and %s is a file".formatted(data));
    }

    @Test
    void a_command_in_the_container_of_a_service_judges_by_the_heap_of_the_service()
            throws Exception {
        long ofService = 614L << 20;
        String ports = "server: {api: '127.0.0.1:0', admin: '127.0.0.1:0'}\n";
        Path plain = Files.writeString(folder.resolve("plain.yaml"), ports);
        Path body =
                Files.writeString(
                        folder.resolve("body.yaml"), ports + "limits: {requestBody: 16MB}\n");

        assertThat(problemsWith(ofService, plain)).isEmpty();
        assertThat(problemsWith(ofService, body)).isEmpty();
        assertThat(problemsWith(96L << 20, plain))
                .singleElement()
                .extracting(LocatedProblem::path)
                .isEqualTo("limits.memory");
    }

    private static List<LocatedProblem> problemsWith(long heapBytes, Path file) throws Exception {
        HostResources host =
                HostResources.local(
                        new FileDisk(),
                        new ServiceMemory(OptionalLong.empty(), OptionalLong.of(heapBytes)));
        return StartParts.foreseen(
                        new ConfigLoader(Map.of(), Programs.OURS, host.heapBytes()).load(file),
                        host,
                        false)
                .problems();
    }

    private static List<LocatedProblem> problems(Path file) throws Exception {
        return StartParts.foreseen(
                        new ConfigLoader(Map.of(), Programs.OURS).load(file),
                        HostResources.local(new FileDisk()),
                        false)
                .problems();
    }

    /** With a certificate that is right, and then what the row breaks. */
    private Path file(Row row) throws Exception {
        for (String pem : List.of("server.crt", "server.key")) {
            Files.copy(made.resolve(pem), folder.resolve(pem));
        }
        row.breaking().in(folder);
        if (row.yaml().startsWith("HOST ")) {
            return Files.writeString(
                    folder.resolve("delivery.yaml"),
                    "server: {api: '127.0.0.1:0', admin: '%s:0'}\nlimits: {memory: 64MB, requestBody: 6MB}\n"
                            .formatted(row.yaml().substring(5)));
        }
        boolean ofServer = row.yaml().startsWith(", ");
        return Files.writeString(
                folder.resolve("delivery.yaml"),
                "server: {api: '127.0.0.1:0', admin: '127.0.0.1:0'%s}\n%s%s"
                        .formatted(
                                ofServer ? row.yaml() : "",
                                ofServer ? "" : row.yaml(),
                                row.yaml().contains("limits:")
                                        ? ""
                                        : "limits: {memory: 64MB, requestBody: 6MB}\n"));
    }

    private static String said(Row row) {
        return row.said().startsWith(":") ? "/srv/delivery.yaml" + row.said() : row.said();
    }

    private String placed(String printed) {
        return printed.replace(folder.toString(), "/srv");
    }

    private static void cut(Path file, int length) throws IOException {
        Files.writeString(file, Files.readString(file).substring(0, length));
    }

    private static void swap(Path folder) throws IOException {
        Path other = folder.resolve("other");
        Files.move(folder.resolve("server.crt"), other);
        Files.move(folder.resolve("server.key"), folder.resolve("server.crt"));
        Files.move(other, folder.resolve("server.key"));
    }

    private static void anotherKey(Path folder, String... options) throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        TestCertificate.PemFiles made = TestCertificate.in(other, options);
        Files.copy(made.key(), folder.resolve("server.key"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static void schema(Path folder, String name, String content) throws IOException {
        Path database = Files.createDirectories(folder.resolve("schemas/db"));
        Files.writeString(database.resolve(name), content);
    }
}
