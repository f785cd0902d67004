package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.StoreDefinition.Encryption;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.StoreProbe.Finding;
import io.delivery.landing.StoreProbe.Verdict;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.servers.S3Server;
import io.delivery.testkit.servers.VersityServer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** versitygw, when the tools folder has it. */
class VersityIT extends S3StoreContract {
    @Override
    String title() {
        return "versitygw";
    }

    @Override
    Optional<String> missing() {
        return VersityServer.missing();
    }

    @Override
    S3Server start() {
        return VersityServer.start();
    }

    /** It takes the header and does not encrypt; the probe says so. */
    @Test
    @Override
    protected void encryption_by_the_store_is_asked_for() throws Exception {
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
}
