package io.delivery.proof;

import io.delivery.config.AccessKey;
import io.delivery.config.Secret;
import io.delivery.config.StoreDefinition;
import io.delivery.config.StoreSettings;
import io.delivery.testkit.servers.S3Server;
import io.delivery.wiring.ProofParts;
import java.io.IOException;
import java.util.Optional;

/** Servers of the test kit as stores of a configuration. */
final class ServerStores {
    private ServerStores() {}

    static StoreSettings settings(S3Server server, String name) {
        StoreDefinition.S3 s3 =
                new StoreDefinition.S3(
                        Optional.of(server.endpoint()),
                        server.region(),
                        true,
                        Optional.of(
                                new AccessKey(
                                        server.accessKeyId(),
                                        new Secret(server.secretAccessKey()))),
                        Optional.empty(),
                        Optional.empty(),
                        StoreDefinition.Checksums.WHEN_SUPPORTED,
                        true,
                        true,
                        StoreDefinition.ConditionalWrites.AUTO,
                        false,
                        StoreDefinition.Acl.NONE,
                        new StoreDefinition.Encryption.None(),
                        StoreDefinition.S3.MIN_PART_SIZE_BYTES);
        return new StoreSettings(name, s3, true, false);
    }

    /** What lands there has keys that begin with this prefix. */
    static ProofStore store(S3Server server, String bucket, String prefix) throws IOException {
        return ProofParts.store(settings(server, server.name()), bucket, prefix);
    }
}
