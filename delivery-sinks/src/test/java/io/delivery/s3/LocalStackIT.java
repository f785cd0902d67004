package io.delivery.s3;

import io.delivery.testkit.servers.LocalStackServer;
import io.delivery.testkit.servers.S3Server;
import java.util.Optional;

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
}
