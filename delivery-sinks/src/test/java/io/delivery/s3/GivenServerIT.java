package io.delivery.s3;

import io.delivery.testkit.servers.GivenServer;
import io.delivery.testkit.servers.S3Server;
import java.util.Optional;
import java.util.UUID;

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
    S3Server start() {
        return GivenServer.fromProperties().orElseThrow();
    }
}
