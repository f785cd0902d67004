package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.config.StoreDefinition.Acl;
import io.delivery.config.StoreDefinition.Checksums;
import io.delivery.config.StoreDefinition.ConditionalWrites;
import io.delivery.config.StoreDefinition.Encryption;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore.Found;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.Presence;
import io.delivery.landing.ObjectStore.UploadListener;
import io.delivery.landing.StoreProbe.BucketState;
import io.delivery.landing.StoreProbe.Finding;
import io.delivery.landing.StoreProbe.Verdict;
import io.delivery.machine.Machine;
import io.delivery.record.ObjectName;
import io.delivery.s3.S3Settings.Credentials;
import io.delivery.staging.StagedContent;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.contract.ObjectStoreContract;
import io.delivery.testkit.servers.Conformance;
import io.delivery.testkit.servers.S3Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** What {@link S3Store} does in front of every server that speaks S3. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(ServerReport.class)
abstract class S3StoreContract extends ObjectStoreContract {
    /** Small parts, so that a large object has five of them. */
    static final long PART_SIZE = S3Settings.MIN_PART_SIZE;

    S3Server server;
    Path caFile;

    private final Machine machine = new Machine();
    private final List<S3Store> opened = new ArrayList<>();
    private S3Store store;
    private S3Connection raw;

    /** What the report calls it. */
    abstract String title();

    /** Why the server cannot be started; empty when it can. */
    abstract Optional<String> missing();

    abstract S3Server start() throws Exception;

    /**
     * Whether each build runs the suite before this server. Before the others {@code make
     * conformance} does: what only one of them shows is a fault all the same, and takes a server
     * that starts slowly to be seen.
     */
    boolean inEachBuild() {
        return false;
    }

    /** Its file in config-examples, without the ending; empty when there is none. */
    Optional<String> example() {
        return Optional.empty();
    }

    /** The settings that this server needs, beside its region. */
    void suit(Change change) {}

    @BeforeAll
    void startServer() throws Exception {
        Optional<String> missing =
                missing().or(() -> inEachBuild() ? Optional.empty() : Conformance.unwanted());
        if (missing.isPresent()) {
            ServerReport.notRun(title(), missing.get());
            System.out.println("S3 contract not run against " + title() + ": " + missing.get());
            Assumptions.abort(title() + " not run: " + missing.get());
        }
        server = start();
        System.out.println("S3 contract against " + server);
        store = open(new Change());
        raw = new S3Connection(new Change().settings(), machine.world().scheduler(), 4);
        raw().createBucket(b -> b.bucket(bucket()));
    }

    @AfterAll
    void stopServer() {
        opened.forEach(S3Store::close);
        if (raw != null) {
            raw.close();
        }
        if (server != null) {
            server.close();
        }
        machine.close();
    }

    /** Settings that differ from the suite's own in a few places. */
    final class Change {
        URI endpoint = server.endpoint();
        Credentials credentials =
                new Credentials(server.accessKeyId(), server.secretAccessKey(), Optional.empty());
        Optional<Path> caFile = Optional.ofNullable(S3StoreContract.this.caFile);
        Checksums checksums = Checksums.WHEN_SUPPORTED;
        boolean chunkedEncoding = true;
        boolean signedBodies = true;
        ConditionalWrites conditionalWrites = ConditionalWrites.AUTO;
        boolean readBack;
        Acl acl = Acl.NONE;
        Encryption encryption = new Encryption.None();
        long partSize = PART_SIZE;
        boolean createBuckets;

        Change() {
            suit(this);
        }

        S3Settings settings() {
            return new S3Settings(
                    Optional.of(endpoint),
                    server.region(),
                    true,
                    Optional.of(credentials),
                    Optional.empty(),
                    caFile,
                    checksums,
                    chunkedEncoding,
                    signedBodies,
                    conditionalWrites,
                    readBack,
                    acl,
                    encryption,
                    partSize,
                    createBuckets,
                    8);
        }
    }

    S3Store open(Change change) throws Exception {
        S3Store another = S3Store.open(change.settings(), machine.world());
        opened.add(another);
        return another;
    }

    S3Client raw() {
        return raw.client();
    }

    @Override
    protected S3Store store() {
        return store;
    }

    @Override
    protected Optional<byte[]> contentOf(ObjectName name) {
        try {
            return Optional.of(
                    raw().getObjectAsBytes(b -> b.bucket(name.bucket()).key(name.key()))
                            .asByteArray());
        } catch (SdkServiceException e) {
            if (e.statusCode() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    Landing landIn(S3Store store, StagedContent content, ObjectName name) throws Exception {
        return answerOf(store.land(content, name, marked("mark"), UploadListener.IGNORE));
    }

    Found findIn(S3Store store, StagedContent content, ObjectName name) throws Exception {
        return answerOf(store.find(name, marked("mark"), content));
    }

    static SampleContent sample(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return SampleContent.of(bytes);
    }

    static Landing.Denied denied(Landing landing) {
        assertThat(landing).isInstanceOf(Landing.Denied.class);
        return (Landing.Denied) landing;
    }

    // ------------------------------------------------------------------ what a reader sees

    S3Reader reader() throws IOException {
        return S3Reader.open(new Change().settings(), machine.world().scheduler());
    }

    @Test
    void a_reader_sees_what_has_landed_and_what_is_not_there() throws Exception {
        landIn(store, SampleContent.of("hello"), name("read/one"));
        landIn(store, sample(3_000), name("read/two"));
        landIn(store, SampleContent.of("x"), name("reader"));
        try (S3Reader reader = reader()) {
            assertThat(reader.list(bucket(), "read/"))
                    .containsExactly(Map.entry("read/one", 5L), Map.entry("read/two", 3_000L));
            assertThat(reader.read(bucket(), "read/one"))
                    .hasValue("hello".getBytes(StandardCharsets.UTF_8));
            assertThat(reader.read(bucket(), "read/three")).isEmpty();
            assertThat(reader.versions(bucket(), "read/")).isEmpty();

            reader.remove(bucket(), "read/one");
            reader.remove(bucket(), "read/three");

            assertThat(reader.list(bucket(), "read/")).containsOnlyKeys("read/two");
            assertThatThrownBy(() -> reader.list("no-such-bucket-here", ""))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("list s3://no-such-bucket-here/")
                    .hasMessageContaining("NoSuchBucket");
        }
    }

    // ------------------------------------------------------------------ what an object carries

    @Test
    protected void an_object_carries_mark_checksum_records_and_headers() throws Exception {
        anObjectCarriesWhatBelongsToItAnd("application/octet-stream");
    }

    void anObjectCarriesWhatBelongsToItAnd(String contentType) throws Exception {
        SampleContent content = SampleContent.of("hello");
        ObjectAttributes attributes = new ObjectAttributes("0a/main-1/0/0/5a", 42, "gzip");

        answerOf(store.land(content, name("headers.gz"), attributes, UploadListener.IGNORE));

        HeadObjectResponse there = raw().headObject(b -> b.bucket(bucket()).key("headers.gz"));
        assertThat(there.metadata())
                .containsEntry("delivery-object", "0a/main-1/0/0/5a")
                .containsEntry("delivery-crc32", "3610a686")
                .containsEntry("delivery-records", "42");
        assertThat(there.contentType()).isEqualTo(contentType);
        assertThat(there.contentEncoding()).isEqualTo("gzip");
    }

    @Test
    protected void a_multipart_object_carries_the_same_and_tells_its_upload() throws Exception {
        aMultipartObjectCarriesTheSameAnd("application/octet-stream");
    }

    void aMultipartObjectCarriesTheSameAnd(String contentType) throws Exception {
        SampleContent content = sample((int) PART_SIZE + 1);
        ObjectAttributes attributes = new ObjectAttributes("0a/main-1/0/1/5a", 42, "gzip");
        List<String> uploads = new ArrayList<>();

        Landing landing = answerOf(store.land(content, name("parts.gz"), attributes, uploads::add));

        assertThat(landing).isInstanceOf(Landing.Landed.class);
        assertThat(uploads).hasSize(1);
        HeadObjectResponse there = raw().headObject(b -> b.bucket(bucket()).key("parts.gz"));
        assertThat(there.contentLength()).isEqualTo(PART_SIZE + 1);
        assertThat(there.metadata())
                .containsEntry("delivery-object", "0a/main-1/0/1/5a")
                .containsEntry("delivery-records", "42");
        assertThat(there.contentType()).isEqualTo(contentType);
        assertThat(there.contentEncoding()).isEqualTo("gzip");
        assertThat(answerOf(store.find(name("parts.gz"), attributes, content)))
                .isEqualTo(Found.OURS);
        assertThat(answerOf(store.readBack(name("parts.gz"), attributes, content)))
                .isEqualTo(Found.OURS);
    }

    @Test
    void an_object_of_exactly_the_part_size_is_one_put() throws Exception {
        List<String> uploads = new ArrayList<>();

        answerOf(store.land(sample((int) PART_SIZE), name("exact"), marked("mark"), uploads::add));

        assertThat(uploads).isEmpty();
        assertThat(findIn(store, sample((int) PART_SIZE), name("exact"))).isEqualTo(Found.OURS);
    }

    @Test
    void an_object_is_ours_whatever_the_part_size_is_by_now() throws Exception {
        SampleContent content = sample((int) (PART_SIZE * 2));
        landIn(store, content, name("part-size"));
        Change change = new Change();
        change.partSize = PART_SIZE + (1 << 20);

        assertThat(findIn(open(change), content, name("part-size"))).isEqualTo(Found.OURS);
    }

    /** What is left of the race where the store looks at no condition, or not at once. */
    void anyOfLandingsThatRaceMayWin() throws Exception {
        ObjectName name = name("race");
        List<Callable<CompletionStage<Landing>>> landings = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            SampleContent content = SampleContent.of("racer " + i);
            ObjectAttributes attributes = marked("mark/" + i);
            landings.add(() -> store().land(content, name, attributes, UploadListener.IGNORE));
        }

        List<Landing> answers = race(landings);

        assertThat(answers).anyMatch(Landing.Landed.class::isInstance);
        assertThat(contentOf(name))
                .hasValueSatisfying(
                        there ->
                                assertThat(new String(there, StandardCharsets.UTF_8))
                                        .startsWith("racer "));
    }

    // ------------------------------------------------------------------ uploads that were left

    @Test
    protected void the_look_ends_uploads_of_exactly_this_key() throws Exception {
        SampleContent content = sample((int) PART_SIZE + 1);
        String ours = leftUpload("left/object");
        String another = leftUpload("left/object-2");

        assertThat(findIn(store, content, name("left/object"))).isEqualTo(Found.ABSENT);

        assertThat(uploadIds("left/object")).doesNotContain(ours);
        assertThat(uploadIds("left/object-2")).contains(another);
    }

    @Test
    void an_upload_is_aborted_by_its_id() throws Exception {
        String id = leftUpload("left/by-id");

        answerOf(store.abort(name("left/by-id"), id));

        assertThat(uploadIds("left/by-id")).isEmpty();
    }

    @Test
    protected void a_refused_completion_leaves_no_upload() throws Exception {
        landIn(store, SampleContent.of("first"), name("left/refused"));

        Landing landing = landIn(store, sample((int) PART_SIZE + 1), name("left/refused"));

        assertThat(landing).isEqualTo(new Landing.Occupied());
        assertThat(uploadIds("left/refused")).isEmpty();
    }

    private String leftUpload(String key) {
        return raw().createMultipartUpload(b -> b.bucket(bucket()).key(key)).uploadId();
    }

    private List<String> uploadIds(String key) {
        return raw().listMultipartUploads(b -> b.bucket(bucket()).prefix(key)).uploads().stream()
                .filter(upload -> upload.key().equals(key))
                .map(upload -> upload.uploadId())
                .toList();
    }

    // ------------------------------------------------------------------ settings

    @Test
    void older_gateways_get_neither_checksums_nor_chunks() throws Exception {
        Change change = new Change();
        change.checksums = Checksums.WHEN_REQUIRED;
        change.chunkedEncoding = false;
        S3Store plain = open(change);
        SampleContent small = sample(100_000);
        SampleContent large = sample((int) PART_SIZE + 1);

        assertThat(landIn(plain, small, name("plain/small"))).isInstanceOf(Landing.Landed.class);
        assertThat(landIn(plain, large, name("plain/large"))).isInstanceOf(Landing.Landed.class);

        assertThat(contentOf(name("plain/small"))).hasValue(small.open().readAllBytes());
        assertThat(findIn(plain, small, name("plain/small"))).isEqualTo(Found.OURS);
        assertThat(findIn(plain, large, name("plain/large"))).isEqualTo(Found.OURS);
        assertThat(findIn(store, large, name("plain/large"))).isEqualTo(Found.OURS);
    }

    /** Where the server is given no checksums, bodies are signed all the same. */
    @Test
    protected void bodies_without_a_signature_land_and_the_probe_says_so() throws Exception {
        Change change = new Change();
        change.signedBodies = false;
        S3Store unsigned = open(change);
        SampleContent small = sample(100_000);
        SampleContent large = sample((int) PART_SIZE + 1);

        assertThat(landIn(unsigned, small, name("unsigned/small")))
                .isInstanceOf(Landing.Landed.class);
        assertThat(landIn(unsigned, SampleContent.of(""), name("unsigned/empty")))
                .isInstanceOf(Landing.Landed.class);
        assertThat(landIn(unsigned, large, name("unsigned/large")))
                .isInstanceOf(Landing.Landed.class);
        assertThat(landIn(unsigned, small, name("unsigned/small")))
                .isEqualTo(new Landing.Occupied());

        assertThat(contentOf(name("unsigned/small"))).hasValue(small.open().readAllBytes());
        assertThat(contentOf(name("unsigned/empty"))).hasValue(new byte[0]);
        assertThat(contentOf(name("unsigned/large"))).hasValue(large.open().readAllBytes());
        assertThat(findIn(store, large, name("unsigned/large"))).isEqualTo(Found.OURS);
        S3Settings settings = change.settings();
        assertThat(unsigned.probe(bucket(), "unsigned/"))
                .filteredOn(finding -> finding.subject().equals("body without a signature"))
                .hasSize(settings.trustsChecksums() ? 1 : 0);
    }

    @Test
    void without_conditional_writes_a_look_keeps_what_is_there() throws Exception {
        Change change = new Change();
        change.conditionalWrites = ConditionalWrites.NEVER;
        S3Store unconditional = open(change);
        ObjectName name = name("unconditional");

        assertThat(landIn(unconditional, SampleContent.of("first"), name))
                .isInstanceOf(Landing.Landed.class);
        assertThat(landIn(unconditional, SampleContent.of("second"), name))
                .isEqualTo(new Landing.Occupied());

        assertThat(contentOf(name)).hasValue("first".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void with_read_back_objects_land_and_are_found() throws Exception {
        Change change = new Change();
        change.readBack = true;
        S3Store careful = open(change);
        SampleContent large = sample((int) PART_SIZE + 1);

        assertThat(landIn(careful, large, name("read-back"))).isInstanceOf(Landing.Landed.class);
        assertThat(findIn(careful, large, name("read-back"))).isEqualTo(Found.OURS);
    }

    @Test
    protected void a_missing_bucket_is_refused_or_created_as_wanted() throws Exception {
        ObjectName name = new ObjectName("not-yet-" + title().length() + "there", "key");
        SampleContent content = SampleContent.of("x");
        Change change = new Change();
        change.createBuckets = true;
        S3Store creating = open(change);
        assertThat(store.bucket(name.bucket())).isEqualTo(BucketState.MISSING);
        assertThat(findIn(store, content, name)).isEqualTo(Found.ABSENT);

        Landing refused = landIn(store, content, name);
        Landing landed = landIn(creating, content, name);

        assertThat(denied(refused).code()).isEqualTo("NoSuchBucket");
        assertThat(denied(refused).remedy()).contains("createBuckets: true");
        assertThat(landed).isInstanceOf(Landing.Landed.class);
        assertThat(store.bucket(name.bucket())).isEqualTo(BucketState.PRESENT);
    }

    @Test
    protected void encryption_by_the_store_is_asked_for() throws Exception {
        Change change = new Change();
        change.encryption = new Encryption.Aes256();
        S3Store encrypting = open(change);
        SampleContent large = sample((int) PART_SIZE + 1);

        assertThat(landIn(encrypting, SampleContent.of("x"), name("sse/small")))
                .isInstanceOf(Landing.Landed.class);
        assertThat(landIn(encrypting, large, name("sse/large"))).isInstanceOf(Landing.Landed.class);

        assertThat(encryptionOf("sse/small")).isEqualTo("AES256");
        assertThat(encryptionOf("sse/large")).isEqualTo("AES256");
        assertThat(findIn(encrypting, large, name("sse/large"))).isEqualTo(Found.OURS);
    }

    /** What is left of the test above where the store takes the header and does not encrypt. */
    void encryptionIsIgnoredAndTheProbeSaysSo() throws Exception {
        Change change = new Change();
        change.encryption = new Encryption.Aes256();
        S3Store encrypting = open(change);

        Landing landing = landIn(encrypting, SampleContent.of("x"), name("sse/small"));
        List<Finding> findings = encrypting.probe(bucket(), "sse/");

        assertThat(landing).isInstanceOf(Landing.Landed.class);
        assertThat(encryptionOf("sse/small")).isNull();
        assertThat(findings)
                .filteredOn(finding -> finding.subject().equals("encryption"))
                .extracting(Finding::verdict)
                .containsExactly(Verdict.IGNORED);
    }

    String encryptionOf(String key) {
        return raw().headObject(b -> b.bucket(bucket()).key(key)).serverSideEncryptionAsString();
    }

    @Test
    protected void the_bucket_owner_may_be_given_control() throws Exception {
        Change change = new Change();
        change.acl = Acl.BUCKET_OWNER_FULL_CONTROL;
        S3Store giving = open(change);

        assertThat(landIn(giving, SampleContent.of("x"), name("acl/small")))
                .isInstanceOf(Landing.Landed.class);
        assertThat(landIn(giving, sample((int) PART_SIZE + 1), name("acl/large")))
                .isInstanceOf(Landing.Landed.class);
    }

    // ------------------------------------------------------------------ refusals

    @Test
    protected void wrong_credentials_are_refused_with_a_remedy() throws Exception {
        Change wrongSecret = new Change();
        wrongSecret.credentials =
                new Credentials(server.accessKeyId(), "no-such-secret-123", Optional.empty());
        Change unknownKey = new Change();
        unknownKey.credentials = new Credentials("nobody", "nothing-123456", Optional.empty());

        for (Change change : List.of(wrongSecret, unknownKey)) {
            Landing landing = landIn(open(change), SampleContent.of("x"), name("credentials"));

            assertThat(denied(landing).remedy()).startsWith("Correct the store's credentials");
            assertThat(denied(landing).message()).doesNotContain("no-such-secret-123");
        }
        assertThat(contentOf(name("credentials"))).isEmpty();
    }

    @Test
    void a_store_that_is_away_gives_no_answer() throws Exception {
        Change change = new Change();
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            change.endpoint = URI.create("http://127.0.0.1:" + closed.getLocalPort());
        }
        S3Store away = open(change);

        assertThat(landIn(away, SampleContent.of("x"), name("away")))
                .isInstanceOf(Landing.Unknown.class);
        assertThat(landIn(away, sample((int) PART_SIZE + 1), name("away")))
                .isInstanceOf(Landing.Unknown.class);
        Found found = findIn(away, SampleContent.of("x"), name("away"));
        assertThat(found.presence()).isEqualTo(Presence.UNKNOWN);
        assertThat(found.reason()).contains("Connection refused");
        assertThat(away.bucket("lake")).isEqualTo(BucketState.UNKNOWN);
    }

    /** Whatever a store makes of such a key: it refuses, or it shows the object under that key. */
    @ParameterizedTest
    @ValueSource(strings = {"slashes//in a row", "/leading", "trailing/", "dots/../in/./it"})
    protected void keys_that_stores_rewrite_are_refused_or_found(String key) throws Exception {
        SampleContent content = SampleContent.of(key);

        Landing landing = landIn(store, content, name(key));

        if (landing instanceof Landing.Landed) {
            assertThat(findIn(store, content, name(key))).isEqualTo(Found.OURS);
            assertThat(contentOf(name(key))).hasValue(key.getBytes(StandardCharsets.UTF_8));
        } else {
            assertThat(denied(landing).remedy()).isNotBlank();
        }
    }

    @Test
    protected void a_key_below_another_lands_or_is_refused() throws Exception {
        landIn(store, SampleContent.of("x"), name("below"));
        SampleContent content = SampleContent.of("y");

        Landing landing = landIn(store, content, name("below/it"));

        if (landing instanceof Landing.Landed) {
            assertThat(findIn(store, content, name("below/it"))).isEqualTo(Found.OURS);
        } else {
            assertThat(denied(landing).of()).isEqualTo(Landing.Denied.Of.THE_KEY);
            assertThat(denied(landing).remedy()).contains("object is in the way of this key");
        }
    }

    // ------------------------------------------------------------------ the probe

    /** What differs from {@link #PROBED} at this server with the settings that it needs. */
    Map<String, Verdict> probeDeviations() {
        return Map.of();
    }

    private static final List<String> PROBED =
            List.of(
                    "put",
                    "look (HEAD)",
                    "checksum kept",
                    "look for an absent key",
                    "read back, small object",
                    "If-None-Match on PUT",
                    "read back, after a refused second put",
                    "put, compressed",
                    "read back, compressed object",
                    "put, empty",
                    "read back, empty object",
                    "wrong checksum",
                    "multipart upload",
                    "read back, multipart object",
                    "If-None-Match on completion",
                    "delete");

    @Test
    protected void the_probe_tells_what_the_store_honours() {
        Map<String, Verdict> expected = new TreeMap<>();
        PROBED.forEach(subject -> expected.put(subject, Verdict.HONOURED));
        S3Settings given = new Change().settings();
        if (given.checksums() == Checksums.WHEN_REQUIRED) {
            expected.keySet().removeAll(List.of("checksum kept", "wrong checksum"));
        }
        if (given.conditionalWrites() == ConditionalWrites.NEVER) {
            expected.put("If-None-Match on PUT", Verdict.MISSING);
            expected.keySet()
                    .removeAll(
                            List.of(
                                    "read back, after a refused second put",
                                    "If-None-Match on completion"));
        }
        expected.putAll(probeDeviations());

        List<Finding> findings = store.probe(bucket(), "in/");

        Map<String, Verdict> found = new TreeMap<>();
        findings.forEach(finding -> found.put(finding.subject(), finding.verdict()));
        assertThat(found).as(findings.toString()).isEqualTo(expected);
        assertThat(raw().listObjectsV2(b -> b.bucket(bucket()).prefix("in/")).contents()).isEmpty();
    }

    /** So that nobody gives up a protection for a server that has it. */
    @Test
    void without_a_setting_that_the_server_is_given_the_probe_finds_something_amiss()
            throws Exception {
        Change given = new Change();
        List<Change> without = new ArrayList<>();
        if (given.checksums != Checksums.WHEN_SUPPORTED) {
            Change change = new Change();
            change.checksums = Checksums.WHEN_SUPPORTED;
            without.add(change);
        }
        if (!given.chunkedEncoding) {
            Change change = new Change();
            change.chunkedEncoding = true;
            without.add(change);
        }
        if (given.conditionalWrites != ConditionalWrites.AUTO) {
            Change change = new Change();
            change.conditionalWrites = ConditionalWrites.AUTO;
            without.add(change);
        }

        for (Change change : without) {
            List<Finding> findings = open(change).probe(bucket(), "without/");

            assertThat(findings)
                    .as(change.settings().toString())
                    .anyMatch(
                            finding ->
                                    finding.verdict() != Verdict.HONOURED
                                            && finding.verdict()
                                                    != probeDeviations().get(finding.subject()));
        }
    }

    @Test
    protected void the_probe_stops_at_a_missing_bucket() {
        List<Finding> findings = store.probe("no-such-bucket-here", "");

        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).isProblem()).isTrue();
        assertThat(findings.get(0).saw()).contains("NoSuchBucket");
    }
}
