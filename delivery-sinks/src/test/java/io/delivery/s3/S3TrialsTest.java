package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.delivery.landing.StoreProbe.Finding;
import io.delivery.landing.StoreProbe.Verdict;
import io.delivery.machine.Machine;
import io.delivery.s3.S3Settings.Credentials;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code check --online} finds where a store takes some objects and not others. */
class S3TrialsTest {
    private static final Optional<Credentials> KEY =
            Optional.of(new Credentials("key", "secret-of-the-test", Optional.empty()));

    private final Machine machine = new Machine();
    private final FickleS3 server = new FickleS3();

    S3TrialsTest() throws IOException {}

    @AfterEach
    void close() {
        server.close();
        machine.close();
    }

    private List<Finding> probe(S3Settings settings) throws Exception {
        return all(settings).stream()
                .filter(finding -> finding.subject().startsWith("put"))
                .toList();
    }

    private List<Finding> all(S3Settings settings) throws Exception {
        try (S3Store store = S3Store.open(settings, machine.world())) {
            return store.probe("lake", "in/");
        }
    }

    @Test
    void a_compressed_and_an_empty_object_that_are_refused_in_chunks_name_the_settings_that_help()
            throws Exception {
        server.refusesUnusualChunks();

        List<Finding> findings = probe(server.settingsWithChunks(KEY));

        assertThat(findings)
                .extracting(Finding::subject)
                .containsExactly("put", "put, compressed", "put, empty");
        assertThat(findings)
                .filteredOn(Finding::isProblem)
                .allSatisfy(
                        finding ->
                                assertThat(finding.remedy())
                                        .startsWith(
                                                "Set chunkedEncoding: false and checksums:"
                                                        + " whenRequired"))
                .extracting(Finding::subject)
                .containsExactly("put, compressed", "put, empty");
    }

    @Test
    void with_the_settings_that_help_they_land() throws Exception {
        server.refusesUnusualChunks();

        List<Finding> findings = probe(server.settings(KEY));

        assertThat(findings).hasSize(3).extracting(Finding::verdict).containsOnly(Verdict.HONOURED);
    }

    @Test
    void a_store_that_compares_nothing_is_not_to_be_trusted_with_bodies_without_a_signature()
            throws Exception {
        assertThat(all(server.settings(KEY)))
                .filteredOn(finding -> finding.subject().equals("wrong checksum"))
                .extracting(Finding::verdict)
                .containsExactly(Verdict.IGNORED);

        List<Finding> findings = all(server.settingsWithUnsignedBodies(KEY));

        assertThat(findings)
                .filteredOn(finding -> finding.subject().equals("body without a signature"))
                .extracting(Finding::verdict)
                .containsExactly(Verdict.HONOURED);
        assertThat(findings)
                .filteredOn(finding -> finding.subject().equals("wrong checksum"))
                .singleElement()
                .satisfies(
                        finding -> {
                            assertThat(finding.isProblem()).isTrue();
                            assertThat(finding.remedy()).startsWith("Set signedBodies: true");
                        });
    }

    @Test
    void a_refused_body_without_a_signature_names_the_setting() throws Exception {
        server.refusesFrom(FickleS3.Step.PUT, 403, "SignatureDoesNotMatch");

        assertThat(probe(server.settingsWithUnsignedBodies(KEY)))
                .singleElement()
                .satisfies(
                        finding -> {
                            assertThat(finding.isProblem()).isTrue();
                            assertThat(finding.remedy()).startsWith("Set signedBodies: true");
                        });
    }

    @Test
    void where_the_condition_is_not_implemented_every_object_lands_without_it() throws Exception {
        server.knowsNoConditions();

        List<Finding> findings = all(server.settings(KEY));

        assertThat(findings)
                .filteredOn(finding -> finding.subject().startsWith("put"))
                .extracting(Finding::subject, Finding::verdict)
                .containsExactly(
                        tuple("put", Verdict.HONOURED),
                        tuple("put, compressed", Verdict.HONOURED),
                        tuple("put, empty", Verdict.HONOURED));
        assertThat(findings)
                .filteredOn(finding -> finding.saw().startsWith("501"))
                .extracting(Finding::subject, Finding::verdict)
                .containsExactly(
                        tuple("If-None-Match on PUT", Verdict.MISSING),
                        tuple("If-None-Match on completion", Verdict.MISSING));
        assertThat(findings).extracting(Finding::verdict).doesNotContain(Verdict.REFUSED);
    }

    @Test
    void every_kind_of_object_is_read_back() throws Exception {
        server.letsRead();

        List<Finding> findings = all(server.settings(KEY));

        assertThat(findings)
                .filteredOn(finding -> finding.subject().startsWith("read back"))
                .extracting(Finding::subject, Finding::verdict)
                .containsExactly(
                        tuple("read back, small object", Verdict.HONOURED),
                        tuple("read back, after a refused second put", Verdict.HONOURED),
                        tuple("read back, compressed object", Verdict.HONOURED),
                        tuple("read back, empty object", Verdict.HONOURED),
                        tuple("read back, multipart object", Verdict.HONOURED));
    }

    @Test
    void a_store_that_keeps_other_bytes_of_a_compressed_and_an_empty_object_is_noticed()
            throws Exception {
        server.letsRead();
        server.keepsOtherBytesOfUnusualObjects();

        List<Finding> findings = all(server.settings(KEY));

        assertThat(findings)
                .filteredOn(finding -> finding.saw().equals("other bytes than were sent"))
                .extracting(Finding::subject, Finding::verdict)
                .containsExactly(
                        tuple("read back, compressed object", Verdict.CORRUPTED),
                        tuple("read back, empty object", Verdict.CORRUPTED));
        assertThat(findings)
                .filteredOn(finding -> finding.remedy().contains("Content-Encoding: gzip"))
                .extracting(Finding::subject)
                .containsExactly("read back, compressed object");
    }

    @Test
    void what_landed_without_the_condition_is_removed_too() throws Exception {
        server.knowsNoConditions();

        all(server.settings(KEY));

        // This server compares no checksum, and keeps nothing of what was written.
        assertThat(server.made()).isEqualTo(5);
        assertThat(server.objects()).isEmpty();
    }
}
