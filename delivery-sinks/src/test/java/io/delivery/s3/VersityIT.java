package io.delivery.s3;

import io.delivery.testkit.servers.S3Server;
import io.delivery.testkit.servers.VersityServer;
import java.util.Optional;

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
}
