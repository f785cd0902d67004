package io.delivery.wiring;

import io.delivery.config.AccessKey;
import io.delivery.config.StoreDefinition;
import io.delivery.config.StoreSettings;
import io.delivery.directory.DirectorySettings;
import io.delivery.directory.DirectoryStore;
import io.delivery.landing.ObjectStore;
import io.delivery.s3.S3Settings;
import io.delivery.s3.S3Store;
import io.delivery.stream.Stores;
import io.delivery.world.World;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Opens the configured stores, once each. */
public final class StoreRegistry implements Stores, AutoCloseable {
    private final Map<String, ObjectStore> stores = new LinkedHashMap<>();

    /**
     * @throws IOException when a store's files, such as its CA, cannot be read
     */
    public static StoreRegistry open(List<StoreSettings> settings, World world)
            throws IOException {
        StoreRegistry registry = new StoreRegistry();
        try {
            for (StoreSettings store : settings) {
                registry.stores.put(store.name(), open(store, world));
            }
        } catch (IOException | RuntimeException failed) {
            registry.close();
            throw failed;
        }
        return registry;
    }

    private static ObjectStore open(StoreSettings store, World world) throws IOException {
        if (store.definition() instanceof StoreDefinition.Directory directory) {
            return DirectoryStore.open(
                    new DirectorySettings(directory.path(), store.createBuckets()), world);
        }
        StoreDefinition.S3 s3 = (StoreDefinition.S3) store.definition();
        return S3Store.open(settings(s3, store.createBuckets()), world);
    }

    private static S3Settings settings(StoreDefinition.S3 s3, boolean createBuckets) {
        return new S3Settings(
                s3.endpoint(),
                s3.region(),
                s3.pathStyle(),
                s3.credentials().map(StoreRegistry::credentials),
                s3.caFile(),
                S3Settings.Checksums.valueOf(s3.checksums().name()),
                s3.chunkedEncoding(),
                S3Settings.ConditionalWrites.valueOf(s3.conditionalWrites().name()),
                s3.readBack(),
                S3Settings.Acl.valueOf(s3.acl().name()),
                encryption(s3.encryption()),
                s3.partSizeBytes(),
                createBuckets,
                S3Settings.DEFAULT_UPLOADS);
    }

    private static S3Settings.Credentials credentials(AccessKey key) {
        return new S3Settings.Credentials(
                key.accessKeyId(), key.secretAccessKey().value(), java.util.Optional.empty());
    }

    private static S3Settings.Encryption encryption(StoreDefinition.Encryption encryption) {
        if (encryption instanceof StoreDefinition.Encryption.Kms kms) {
            return S3Settings.Encryption.kms(kms.key());
        }
        return encryption instanceof StoreDefinition.Encryption.Aes256
                ? S3Settings.Encryption.AES256
                : S3Settings.Encryption.NONE;
    }

    @Override
    public ObjectStore store(String name) {
        return stores.get(name);
    }

    @Override
    public void close() {
        stores.values().forEach(ObjectStore::close);
    }
}
