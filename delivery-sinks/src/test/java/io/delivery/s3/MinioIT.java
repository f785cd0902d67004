package io.delivery.s3;

import io.delivery.testkit.servers.MinioServer;
import io.delivery.testkit.servers.S3Server;
import java.util.Optional;

/** MinIO, when the tools folder has it. */
class MinioIT extends S3StoreContract {
    @Override
    String title() {
        return "MinIO";
    }

    @Override
    Optional<String> missing() {
        return MinioServer.missing();
    }

    @Override
    S3Server start() {
        return MinioServer.start();
    }
}
