package io.delivery.s3;

import io.delivery.testkit.servers.MotoServer;
import io.delivery.testkit.servers.S3Server;
import java.util.Optional;

/** moto, when the tools folder has it. */
class MotoIT extends S3StoreContract {
    @Override
    String title() {
        return "moto";
    }

    @Override
    Optional<String> missing() {
        return MotoServer.missing();
    }

    @Override
    S3Server start() {
        return MotoServer.start();
    }
}
