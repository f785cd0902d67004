package io.delivery.s3;

import io.delivery.testkit.servers.S3ProxyServer;
import io.delivery.testkit.servers.S3Server;
import java.util.Optional;

/** S3Proxy, objects in memory: in every build. */
class S3ProxyIT extends S3StoreContract {
    @Override
    String title() {
        return "S3Proxy";
    }

    @Override
    Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    S3Server start() {
        return S3ProxyServer.start();
    }
}
