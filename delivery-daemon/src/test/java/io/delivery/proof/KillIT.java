package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.config.StoreSettings;
import io.delivery.testkit.servers.LocalStackServer;
import io.delivery.testkit.servers.MinioServer;
import io.delivery.testkit.servers.S3Bucket;
import io.delivery.testkit.servers.S3ProxyServer;
import io.delivery.testkit.servers.S3Server;
import io.delivery.testkit.servers.VersityServer;
import io.delivery.wiring.ClassArchive;
import io.delivery.wiring.ProofParts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code delivery prove} does, short: killed with SIGKILL under load, and before stores whose
 * requests meet faults. {@code -Dproof.seed=N} repeats records, faults and kill delays, {@code
 * -Dproof.seconds=N} takes longer, before every store that is installed, and prints the report.
 * Without it S3Proxy is the only store: the others ask for the same work of the program.
 */
class KillIT {
    private static final int SHORT_SECONDS = 4;

    /** Also where a start takes as long as a life: enough calls come through, and some fail. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final int FEWEST_KILLS = 4;
    private static final int FEWEST_KILLS_WHEN_SHORT = 2;

    private final long seed =
            Long.getLong("proof.seed", ThreadLocalRandom.current().nextLong() >>> 16);
    private final Optional<Integer> seconds = LongProof.seconds();

    @TempDir private Path folder;

    private enum Versions {
        KEPT,
        NOT_KEPT
    }

    @Test
    void nothing_is_lost_or_doubled_in_a_directory_by_kills() throws Exception {
        LongProof.assumeAskedFor();
        prove(ProofParts.directory(folder.resolve("lake"), "proof", ""));
    }

    @Test
    void nothing_is_lost_or_doubled_by_kills_and_faults_before_s3proxy() throws Exception {
        prove(S3ProxyServer.start(), Versions.NOT_KEPT);
    }

    @Test
    void nothing_is_lost_or_doubled_by_kills_and_faults_before_minio() throws Exception {
        assumeTrue(MinioServer.missing().isEmpty(), () -> MinioServer.missing().orElse(""));
        LongProof.assumeAskedFor();
        prove(MinioServer.start(), Versions.KEPT);
    }

    @Test
    void nothing_is_lost_or_doubled_by_kills_and_faults_before_versitygw() throws Exception {
        assumeTrue(VersityServer.missing().isEmpty(), () -> VersityServer.missing().orElse(""));
        LongProof.assumeAskedFor();
        prove(VersityServer.start(), Versions.KEPT);
    }

    @Test
    void nothing_is_lost_or_doubled_by_kills_and_faults_before_localstack() throws Exception {
        assumeTrue(
                LocalStackServer.missing().isEmpty(), () -> LocalStackServer.missing().orElse(""));
        LongProof.assumeAskedFor();
        prove(LocalStackServer.start(), Versions.KEPT);
    }

    /** A proof that cannot fail proves nothing. */
    @Test
    void an_object_that_disappears_and_one_that_changes_are_found() throws Exception {
        ProofStore honest = ProofParts.directory(folder.resolve("lake"), "proof", "");
        ProofReport report;
        try (Lake lake = new Sabotaged(honest.lake())) {
            ProofStore store =
                    new ProofStore(
                            "sabotaged",
                            honest.bucket(),
                            honest.prefix(),
                            honest.settings(),
                            honest.environment(),
                            honest.endpoint(),
                            honest.withoutFaults(),
                            lake);
            report =
                    ProofParts.proof(
                                    new ProofSettings(Duration.ofSeconds(3), PATIENCE, 2, seed),
                                    store,
                                    ClassArchive.program(),
                                    ProofProgress.UNSEEN,
                                    folder.resolve("scratch"))
                            .run();
        }

        assertThat(report.proved()).isFalse();
        assertThat(report.violations().counts())
                .containsKeys(
                        BrokenPromises.Kind.LOST,
                        BrokenPromises.Kind.CHANGED,
                        BrokenPromises.Kind.OBJECT_GONE,
                        BrokenPromises.Kind.OBJECT_CHANGED,
                        BrokenPromises.Kind.BOOKS);
        assertThat(report.text()).contains("NOT PROVED", folder.resolve("scratch").toString());
    }

    /** Loses the first backup it has shown, and shows other bytes of the second one. */
    private static final class Sabotaged implements Lake {
        private final Lake honest;
        private final List<String> shown = new ArrayList<>();

        Sabotaged(Lake honest) {
            this.honest = honest;
        }

        @Override
        public synchronized Map<String, Long> list(String prefix) throws IOException {
            Map<String, Long> there = honest.list(prefix);
            if (shown.size() == 2) {
                there.remove(shown.get(0));
            }
            return there;
        }

        @Override
        public synchronized Optional<byte[]> read(String key) throws IOException {
            Optional<byte[]> bytes = honest.read(key);
            if (bytes.isPresent() && key.equals(shown.size() == 2 ? shown.get(1) : "")) {
                bytes.get()[bytes.get().length / 2] ^= 1;
            } else if (key.contains("backup/") && shown.size() < 2) {
                shown.add(key);
            }
            return bytes;
        }

        @Override
        public Optional<Map<String, Integer>> versions(String prefix) {
            return Optional.empty();
        }

        @Override
        public void remove(String key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            honest.close();
        }
    }

    private void prove(S3Server started, Versions versions) throws Exception {
        try (S3Server server = started;
                S3Bucket bucket = S3Bucket.create(server, "proof")) {
            if (versions == Versions.KEPT) {
                bucket.keepVersions();
            }
            StoreSettings store =
                    ServerStores.settings(server, server.name() + " " + server.version());

            ProofReport report = prove(ProofParts.store(store, "proof", "run/"));

            assertThat(report.faults().values()).anyMatch(count -> count > 0);
            assertThat(report.versions().isPresent()).isEqualTo(versions == Versions.KEPT);
        }
    }

    private ProofReport prove(ProofStore store) throws Exception {
        Duration load = Duration.ofSeconds(seconds.orElse(SHORT_SECONDS));
        int kills =
                seconds.isPresent()
                        ? Math.max(FEWEST_KILLS, ProofSettings.of(load, seed).minKills())
                        : FEWEST_KILLS_WHEN_SHORT;
        ProofReport report;
        try (Lake lake = store.lake()) {
            report =
                    ProofParts.proof(
                                    new ProofSettings(load, PATIENCE, kills, seed),
                                    store,
                                    ClassArchive.program(),
                                    ProofProgress.UNSEEN,
                                    folder.resolve("scratch"))
                            .run();
        }
        System.out.println(report.text());
        assertThat(report.proved()).as(report.text()).isTrue();
        assertThat(report.kills()).isGreaterThanOrEqualTo(kills);
        assertThat(report.acknowledged()).isGreaterThan(100);
        assertThat(report.streams())
                .hasSize(ProofFunction.present().isPresent() ? 4 : 3)
                .allMatch(stream -> stream.acknowledged() > 0)
                .anyMatch(stream -> stream.errors() > 0);
        assertThat(report.seenEarly()).isPositive();
        return report;
    }
}
