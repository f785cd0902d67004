package io.delivery.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.landing.ObjectStore.Landing;
import io.delivery.s3.S3Settings.Credentials;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.servers.LocalStackServer;
import io.delivery.testkit.servers.S3Server;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** LocalStack, when the tools folder has it. */
class LocalStackIT extends S3StoreContract {
    @Override
    String title() {
        return "LocalStack";
    }

    @Override
    Optional<String> missing() {
        return LocalStackServer.missing();
    }

    @Override
    S3Server start() {
        return LocalStackServer.start();
    }

    @Override
    Optional<String> example() {
        return Optional.of("s3-localstack");
    }

    @Deviation("takes any key")
    @Test
    @Override
    protected void wrong_credentials_are_refused_with_a_remedy() throws Exception {
        Change change = new Change();
        change.credentials = new Credentials("nobody", "nothing-123456", Optional.empty());

        Landing landing = landIn(open(change), SampleContent.of("x"), name("credentials"));

        assertThat(landing).isInstanceOf(Landing.Landed.class);
    }
}
