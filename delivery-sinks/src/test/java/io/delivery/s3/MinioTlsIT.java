package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.landing.ObjectStore.Found;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.Presence;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.servers.MinioServer;
import io.delivery.testkit.servers.PrivateAuthority;
import io.delivery.testkit.servers.S3Server;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MinIO over https, with a certificate of a private authority. */
class MinioTlsIT extends S3StoreContract {
    @TempDir static Path temp;

    @Override
    String title() {
        return "MinIO over TLS";
    }

    @Override
    Optional<String> missing() {
        return MinioServer.missing();
    }

    @Override
    S3Server start() throws Exception {
        PrivateAuthority authority = PrivateAuthority.create(temp);
        caFile = authority.caFile();
        return MinioServer.start(authority);
    }

    @Override
    Optional<String> example() {
        return Optional.of("s3-minio");
    }

    @Test
    void a_certificate_of_an_unknown_authority_is_refused_with_the_setting_to_cure_it()
            throws Exception {
        Change change = new Change();
        change.caFile = Optional.empty();
        S3Store trusting = open(change);
        SampleContent content = SampleContent.of("x");

        Landing landing = landIn(trusting, content, name("untrusted"));

        assertThat(denied(landing).code()).isEqualTo("UntrustedCertificate");
        assertThat(denied(landing).remedy()).contains("caFile");
        Found found = findIn(trusting, content, name("untrusted"));
        assertThat(found.presence()).isEqualTo(Presence.UNKNOWN);
        assertThat(found.reason()).contains("UntrustedCertificate", "caFile");
    }
}
