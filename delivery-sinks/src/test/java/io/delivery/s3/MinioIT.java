package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.StoreDefinition.Encryption;
import io.delivery.landing.ObjectStore.Found;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.StoreProbe.Finding;
import io.delivery.landing.StoreProbe.Verdict;
import io.delivery.s3.S3Settings.Credentials;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.servers.MinioServer;
import io.delivery.testkit.servers.S3Server;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/** MinIO, when the tools folder has it. */
class MinioIT extends S3StoreContract {
    /** What Firehose's role needs to write, without the rights to read. */
    private static final String MAY_ONLY_PUT =
            """
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Allow", "Resource": ["arn:aws:s3:::lake/in/*"],
               "Action": ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]},
              {"Effect": "Allow", "Resource": ["arn:aws:s3:::lake"],
               "Action": ["s3:ListBucket", "s3:ListBucketMultipartUploads"]}]}
            """;

    @Override
    String title() {
        return "MinIO";
    }

    @Override
    Optional<String> missing() {
        return MinioServer.missing();
    }

    @Override
    boolean inEachBuild() {
        return true;
    }

    @Override
    S3Server start() {
        return MinioServer.start();
    }

    @Override
    Optional<String> example() {
        return Optional.of("s3-minio");
    }

    private S3Store mayOnlyPut() throws Exception {
        Optional<String> missing = MinioServer.missingClient();
        Assumptions.assumeTrue(missing.isEmpty(), () -> "mc: " + missing.orElse(""));
        ((MinioServer) server).addUser("writer", "writersecret123", MAY_ONLY_PUT);
        Change change = new Change();
        change.credentials = new Credentials("writer", "writersecret123", Optional.empty());
        return open(change);
    }

    @Test
    void a_reader_removes_an_object_with_its_versions_and_leaves_its_neighbours() throws Exception {
        String versioned = bucket() + "-versioned";
        raw().createBucket(b -> b.bucket(versioned));
        raw().putBucketVersioning(
                        b ->
                                b.bucket(versioned)
                                        .versioningConfiguration(
                                                v -> v.status(BucketVersioningStatus.ENABLED)));
        for (String key : List.of("one", "one", "one-more")) {
            raw().putObject(b -> b.bucket(versioned).key(key), RequestBody.fromString("x"));
        }
        raw().deleteObject(b -> b.bucket(versioned).key("one"));
        try (S3Reader reader = reader()) {
            assertThat(reader.versions(versioned, "")).hasValue(Map.of("one", 3, "one-more", 1));

            reader.remove(versioned, "one");

            assertThat(reader.versions(versioned, "")).hasValue(Map.of("one-more", 1));
        }
    }

    @Test
    void a_role_that_may_only_put_lands_and_may_not_look() throws Exception {
        S3Store store = mayOnlyPut();
        SampleContent large = sample((int) PART_SIZE + 1);

        assertThat(findIn(store, large, name("in/large"))).isEqualTo(Found.FORBIDDEN);
        assertThat(landIn(store, large, name("in/large"))).isInstanceOf(Landing.Landed.class);
        assertThat(landIn(store, large, name("in/large"))).isEqualTo(new Landing.Occupied());
        assertThat(findIn(store, large, name("in/large"))).isEqualTo(Found.FORBIDDEN);
        Landing elsewhere = landIn(store, SampleContent.of("x"), name("elsewhere"));
        assertThat(denied(elsewhere).code()).isEqualTo("AccessDenied");
        assertThat(denied(elsewhere).remedy()).contains("s3:PutObject");

        Map<String, Verdict> probed =
                store.probe(bucket(), "in/put-only/").stream()
                        .collect(Collectors.toMap(Finding::subject, Finding::verdict));
        assertThat(probed)
                .containsEntry("put", Verdict.HONOURED)
                .containsEntry("look (HEAD)", Verdict.MISSING)
                .containsEntry("read back, small object", Verdict.MISSING)
                .containsEntry("If-None-Match on PUT", Verdict.HONOURED)
                .containsEntry("multipart upload", Verdict.HONOURED)
                .containsEntry("delete", Verdict.MISSING)
                .doesNotContainValue(Verdict.REFUSED);
    }

    @Test
    void encryption_with_a_key_is_asked_for() throws Exception {
        Change change = new Change();
        change.encryption = new Encryption.Kms(MinioServer.KMS_KEY);
        S3Store encrypting = open(change);

        assertThat(landIn(encrypting, SampleContent.of("x"), name("kms/small")))
                .isInstanceOf(Landing.Landed.class);
        assertThat(landIn(encrypting, sample((int) PART_SIZE + 1), name("kms/large")))
                .isInstanceOf(Landing.Landed.class);

        assertThat(encryptionOf("kms/small")).isEqualTo("aws:kms");
        assertThat(encryptionOf("kms/large")).isEqualTo("aws:kms");
    }

    @Test
    void an_unknown_encryption_key_is_refused() throws Exception {
        Change change = new Change();
        change.encryption = new Encryption.Kms("no-such-key");

        Landing landing = landIn(open(change), SampleContent.of("x"), name("kms/unknown"));

        assertThat(landing).isInstanceOf(Landing.Denied.class);
        assertThat(contentOf(name("kms/unknown"))).isEmpty();
    }
}
