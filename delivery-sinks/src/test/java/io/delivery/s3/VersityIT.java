package io.delivery.s3;

import io.delivery.testkit.servers.S3Server;
import io.delivery.testkit.servers.VersityServer;
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

    @Override
    Optional<String> example() {
        return Optional.of("s3-versitygw");
    }

    @Deviation("`encryption` is accepted and nothing is encrypted, as `check --online` says")
    @Test
    @Override
    protected void encryption_by_the_store_is_asked_for() throws Exception {
        encryptionIsIgnoredAndTheProbeSaysSo();
    }
}
