package io.delivery.wiring;

import io.delivery.config.ApiCredentials;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.ServerSettings;
import io.delivery.config.StoreDefinition;
import io.delivery.config.StoreSettings;
import io.delivery.config.TlsSettings;
import io.delivery.listening.ServerCertificate;
import io.delivery.loading.AdminTokenFile;
import io.delivery.loading.CredentialsFile;
import io.delivery.loading.LoadedConfig;
import io.delivery.metrics.Metrics;
import io.delivery.s3.FileCredentials;
import io.delivery.watching.FileContents;
import io.delivery.watching.FileUse;
import io.delivery.watching.FileWatch;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of the configuration that are read again while the service runs: callers of the API,
 * the admin token, the certificate, and the keys and authorities of stores. Reads them once in the
 * beginning; who is to hear of other contents says so before {@link #start}.
 */
final class ReloadedFiles implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReloadedFiles.class);

    private volatile ServerSettings server;
    private final Optional<CredentialsFile> callersFile;
    private final FileWatch watch;

    /** By setting, those of stores. */
    private final Map<String, Path> keyFiles = new HashMap<>();

    /** By setting, what was in the files when the stores were opened. */
    private final Map<String, FileContents> authorities = new HashMap<>();

    /** Before they are read: what changes meanwhile is noticed by the first look. */
    private final FileContents callersAtStart;

    private final FileContents tokenAtStart;
    private final FileContents certificateAtStart;
    private final FileContents adminCertificateAtStart;

    ReloadedFiles(LoadedConfig loaded, World world, Metrics metrics) {
        this.server = loaded.config().server();
        this.callersFile = loaded.credentialsFile();
        this.watch = new FileWatch(world, metrics);
        this.callersAtStart = contents(callersFile.map(CredentialsFile::file));
        this.tokenAtStart = contents(server.files().adminToken());
        this.certificateAtStart = FileContents.of(filesOf(server.tls()));
        this.adminCertificateAtStart = FileContents.of(filesOf(server.adminTls()));
        watchStores(loaded.config().stores());
    }

    private static FileContents contents(Optional<Path> file) {
        return FileContents.of(file.stream().toList());
    }

    private static List<Path> filesOf(Optional<TlsSettings> settings) {
        return settings.map(tls -> List.of(tls.certificate(), tls.key())).orElse(List.of());
    }

    /** Secrets that stand in the configuration itself are those of this one from now on. */
    void configured(ServerSettings next) {
        server = next;
    }

    /**
     * Callers of the API, as they are now.
     *
     * @throws IOException when their file cannot be used
     */
    List<ApiCredentials> callers() throws IOException {
        return callersFile.isPresent() ? callersFile.get().readOrFail() : server.credentials();
    }

    /**
     * The token of the admin server, as it is now; empty when none is configured.
     *
     * @throws IOException when its file cannot be used
     */
    Optional<String> adminToken() throws IOException {
        Optional<Path> file = server.files().adminToken();
        return file.isPresent()
                ? Optional.of(AdminTokenFile.read(file.get()).value())
                : server.adminToken().map(token -> token.value());
    }

    /**
     * The certificate of the API, as it is now; empty when none is configured.
     *
     * @throws IOException when it cannot be used
     */
    Optional<ServerCertificate> certificate() throws IOException {
        return read(server.tls());
    }

    /**
     * The certificate of the admin server, as it is now; empty when none is configured.
     *
     * @throws IOException when it cannot be used
     */
    Optional<ServerCertificate> adminCertificate() throws IOException {
        return read(server.adminTls());
    }

    private static Optional<ServerCertificate> read(Optional<TlsSettings> tls) throws IOException {
        return tls.isPresent()
                ? Optional.of(ServerCertificate.read(tls.get().certificate(), tls.get().key()))
                : Optional.empty();
    }

    /** Calls these when contents have changed; each reads what has become of its files. */
    void onChange(
            FileUse callers, FileUse adminToken, FileUse certificate, FileUse adminCertificate) {
        addIfAny("server.credentialsFile", callersAtStart, callers);
        addIfAny("server.adminTokenFile", tokenAtStart, adminToken);
        addIfAny("server.tls", certificateAtStart, certificate);
        addIfAny("server.adminTls", adminCertificateAtStart, adminCertificate);
    }

    private void addIfAny(String setting, FileContents atStart, FileUse use) {
        if (!atStart.files().isEmpty()) {
            watch.add(setting, atStart, use);
        }
    }

    /**
     * Watches the keys of these stores and of no others, from now on. What is known of files that
     * were watched for the same store before stays known.
     */
    synchronized void watchStores(List<StoreSettings> stores) {
        Map<String, Path> next = new HashMap<>();
        for (StoreSettings store : stores) {
            keyFile(store)
                    .ifPresent(
                            file ->
                                    next.put(
                                            "stores." + store.name() + ".s3.credentialsFile",
                                            file));
        }
        Map<String, Path> former = Map.copyOf(keyFiles);
        keyFiles.keySet().removeIf(setting -> !former.get(setting).equals(next.get(setting)));
        watch.removeIf(setting -> former.containsKey(setting) && !keyFiles.containsKey(setting));
        next.forEach(
                (setting, file) -> {
                    if (keyFiles.putIfAbsent(setting, file) == null) {
                        watchKey(setting, file);
                    }
                });
    }

    /** The store reads it by itself at its next request; here it is told whether that works. */
    private void watchKey(String setting, Path file) {
        FileContents there = FileContents.of(List.of(file));
        try {
            FileCredentials.check(file);
        } catch (IOException unusable) {
            log.debug("key of a store cannot be used: setting={}", setting, unusable);
            there = there.inDoubt(); // the looks tell of it
        }
        watch.add(setting, there, () -> FileCredentials.check(file));
    }

    /** Uses a store with the files that it names now. */
    @FunctionalInterface
    interface StoreUse {
        /**
         * Returns at once.
         *
         * @return completes when they are in force. Fails when they cannot be used: the former ones
         *     count
         */
        CompletionStage<?> begin(String store);
    }

    private static String settingOf(StoreRegistry.Authorities authorities) {
        return "stores." + authorities.store() + ".s3.caFile";
    }

    /**
     * Watches these authorities of stores and no others, from now on.
     *
     * @param inForce what stores were opened with
     * @param reopening opens a store again
     */
    synchronized void watchAuthorities(
            List<StoreRegistry.Authorities> inForce, StoreUse reopening) {
        Map<String, FileContents> former = Map.copyOf(authorities);
        authorities.clear();
        for (StoreRegistry.Authorities of : inForce) {
            authorities.put(
                    settingOf(of), new FileContents(List.of(of.file()), List.of(of.digest()), ""));
        }
        watch.removeIf(
                setting ->
                        former.containsKey(setting)
                                && !former.get(setting).equals(authorities.get(setting)));
        for (StoreRegistry.Authorities of : inForce) {
            String setting = settingOf(of);
            if (!authorities.get(setting).equals(former.get(setting))) {
                watch.addAsync(
                        setting, authorities.get(setting), () -> reopening.begin(of.store()));
            }
        }
    }

    /** Those of a configuration: what is wrong with their contents the watch tells. */
    static Set<Path> of(DeliveryConfig config) {
        ServerSettings server = config.server();
        return Stream.of(
                        server.files().credentials().stream(),
                        server.files().adminToken().stream(),
                        filesOf(server.tls()).stream(),
                        filesOf(server.adminTls()).stream(),
                        config.stores().stream().flatMap(store -> keyFile(store).stream()),
                        config.stores().stream()
                                .flatMap(store -> StoreRegistry.caFile(store).stream()))
                .flatMap(files -> files)
                .collect(Collectors.toUnmodifiableSet());
    }

    static Optional<Path> keyFile(StoreSettings store) {
        return store.definition()
                .choose(directory -> Optional.empty(), StoreDefinition.S3::credentialsFile);
    }

    void start() {
        watch.start();
    }

    /** A sentence for each setting whose changed files are not in force. */
    List<String> troubles() {
        return watch.troubles();
    }

    @Override
    public void close() {
        watch.close();
    }
}
