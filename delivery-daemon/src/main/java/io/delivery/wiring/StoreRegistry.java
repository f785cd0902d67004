package io.delivery.wiring;

import io.delivery.config.StoreSettings;
import io.delivery.directory.DirectorySettings;
import io.delivery.directory.DirectoryStore;
import io.delivery.engine.Stores;
import io.delivery.landing.ObjectStore;
import io.delivery.s3.S3Settings;
import io.delivery.s3.S3Store;
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
    public static StoreRegistry open(List<StoreSettings> settings, World world) throws IOException {
        StoreRegistry registry = new StoreRegistry();
        try {
            for (StoreSettings store : settings) {
                registry.open(store, world, Intervention.NONE);
            }
        } catch (IOException | RuntimeException failed) {
            registry.close();
            throw failed;
        }
        return registry;
    }

    /**
     * Opens one more.
     *
     * @throws IOException when its files, such as its CA, cannot be read
     */
    void open(StoreSettings store, World world, Intervention intervention) throws IOException {
        stores.put(store.name(), intervention.store(open(store, world)));
    }

    static ObjectStore open(StoreSettings store, World world) throws IOException {
        boolean createBuckets = store.createBuckets();
        return store.definition()
                .choose(
                        directory ->
                                DirectoryStore.open(
                                        new DirectorySettings(directory.path(), createBuckets),
                                        world),
                        s3 -> S3Store.open(S3Settings.of(s3, createBuckets), world));
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
