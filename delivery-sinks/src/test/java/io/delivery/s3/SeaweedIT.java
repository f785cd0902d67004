package io.delivery.s3;

import io.delivery.testkit.servers.S3Server;
import io.delivery.testkit.servers.SeaweedServer;
import java.util.Optional;

/** SeaweedFS, when the tools folder has it. */
class SeaweedIT extends S3StoreContract {
    @Override
    String title() {
        return "SeaweedFS";
    }

    @Override
    Optional<String> missing() {
        return SeaweedServer.missing();
    }

    @Override
    S3Server start() {
        return SeaweedServer.start();
    }

    @Override
    Optional<String> example() {
        return Optional.of("s3-seaweedfs");
    }
}
