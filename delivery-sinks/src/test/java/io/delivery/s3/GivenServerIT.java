package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.StoreDefinition.Acl;
import io.delivery.config.StoreDefinition.Encryption;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.servers.GivenServer;
import io.delivery.testkit.servers.S3Server;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Any server that answers: {@code -Ds3.endpoint -Ds3.accessKey -Ds3.secretKey -Ds3.region}. */
class GivenServerIT extends S3StoreContract {
    private final String bucket = "delivery-" + UUID.randomUUID();

    @Override
    String title() {
        return "given server";
    }

    @Override
    protected String bucket() {
        return bucket;
    }

    @Override
    Optional<String> missing() {
        return GivenServer.fromProperties().isPresent()
                ? Optional.empty()
                : Optional.of("no -Ds3.endpoint was given");
    }

    @Override
    boolean inEachBuild() {
        return true;
    }

    @Override
    S3Server start() {
        return GivenServer.fromProperties().orElseThrow();
    }

    /** Some encrypt, some refuse (MinIO without a key): in silence nobody may do otherwise. */
    @Test
    @Override
    protected void encryption_by_the_store_is_asked_for() throws Exception {
        Change change = new Change();
        change.encryption = new Encryption.Aes256();

        Landing landing = landIn(open(change), SampleContent.of("x"), name("sse"));

        if (landing instanceof Landing.Landed) {
            assertThat(encryptionOf("sse")).isEqualTo("AES256");
        } else {
            assertThat(denied(landing).remedy()).contains("encryption: none");
        }
    }

    /** Some know no such ACL. */
    @Test
    @Override
    protected void the_bucket_owner_may_be_given_control() throws Exception {
        Change change = new Change();
        change.acl = Acl.BUCKET_OWNER_FULL_CONTROL;

        Landing landing = landIn(open(change), SampleContent.of("x"), name("acl"));

        if (!(landing instanceof Landing.Landed)) {
            assertThat(denied(landing).remedy()).contains("acl: none");
        }
    }
}
