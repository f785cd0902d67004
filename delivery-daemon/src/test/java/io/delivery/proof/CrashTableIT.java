package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.testkit.servers.S3Bucket;
import io.delivery.testkit.servers.S3ProxyServer;
import io.delivery.testkit.servers.S3Server;
import io.delivery.wiring.ClassArchive;
import io.delivery.wiring.CrashStep;
import io.delivery.wiring.HaltingMain;
import io.delivery.wiring.ProofParts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real program ends itself at each step of the landing protocol, under load; the next start
 * must find everything it needs. What landed is compared with what was sent, as by {@code prove}.
 * Two at a time: most of a run is waiting for intervals and for a JVM to start.
 */
@Execution(ExecutionMode.CONCURRENT)
class CrashTableIT {
    private static final long SEED = Long.getLong("proof.seed", 11);
    private static final boolean EVERYTHING = Boolean.getBoolean("crash.everything");

    /** The lane's state is torn; the store has what the lane has not committed. */
    private static final Set<CrashStep> IN_EACH_BUILD =
            EnumSet.of(CrashStep.IN_A_TORN_APPEND_OF_OBJECTS, CrashStep.DURING_THE_COMMIT);

    /** An object that nobody here knows of, whole and in parts. */
    private static final Set<CrashStep> IN_EACH_BUILD_IN_S3 =
            EnumSet.of(
                    CrashStep.AFTER_THE_UPLOAD_WITH_ITS_ANSWER_LOST,
                    CrashStep.AFTER_THE_UPLOAD_RECORD_BETWEEN_PARTS);

    private static S3Server server;
    private static S3Bucket bucket;

    @TempDir private Path folder;

    @BeforeAll
    static void startServer() {
        server = S3ProxyServer.start();
        bucket = S3Bucket.create(server, "proof");
    }

    @AfterAll
    static void stopServer() {
        bucket.close();
        server.close();
    }

    /** All of them with {@code -Dcrash.everything=true}; otherwise one of each kind. */
    static Stream<CrashStep> stepsOfAnyUpload() {
        return Stream.of(CrashStep.values())
                .filter(step -> !step.needsParts())
                .filter(step -> EVERYTHING || IN_EACH_BUILD.contains(step));
    }

    /**
     * All of them with {@code -Dcrash.everything=true}; otherwise two of those that depend on the
     * store.
     */
    static Stream<CrashStep> stepsInS3() {
        return Stream.of(CrashStep.values())
                .filter(step -> EVERYTHING || IN_EACH_BUILD_IN_S3.contains(step));
    }

    @ParameterizedTest(name = "a crash {0} loses and doubles nothing in a directory")
    @MethodSource("stepsOfAnyUpload")
    void a_crash_loses_and_doubles_nothing_in_a_directory(CrashStep step) throws Exception {
        crash(step, ProofParts.directory(folder.resolve("lake"), "proof", ""));
    }

    @ParameterizedTest(name = "a crash {0} loses and doubles nothing in S3Proxy")
    @MethodSource("stepsInS3")
    void a_crash_loses_and_doubles_nothing_in_s3proxy(CrashStep step) throws Exception {
        String prefix = step.name().toLowerCase(Locale.ROOT) + "/";
        crash(step, ServerStores.store(server, "proof", prefix));
    }

    private void crash(CrashStep step, ProofStore store) throws Exception {
        DaemonCommand halting =
                ClassArchive.command(HaltingMain.class)
                        .withJvmOptions("-D" + HaltingMain.PROPERTY + "=" + step.name());
        ProofReport report;
        try (Lake lake = store.lake()) {
            report =
                    ProofParts.proof(
                                    new ProofSettings(Duration.ZERO, Duration.ZERO, 1, SEED),
                                    store,
                                    ClassArchive.program(),
                                    ProofProgress.UNSEEN,
                                    folder.resolve("scratch"))
                            .untilItHalts(
                                    step.needsParts() ? ProofStream.LINES : ProofStream.CLICKS,
                                    halting,
                                    HaltingMain.HALTED,
                                    config -> adjusted(step, config));
        }

        assertThat(report.proved()).as("%s%n%s", step, report.text()).isTrue();
        assertThat(report.acknowledged()).as(report.text()).isPositive();
        assertThat(report.objects()).isPositive();
    }

    /** A buffer that is full closes before its range is sealed, if the interval lets it. */
    private static String adjusted(CrashStep step, String config) {
        return step == CrashStep.AFTER_SOME_OBJECT_RECORDS_BEFORE_THE_SEAL
                ? config.replace("interval: 1s", "interval: 20s")
                : config;
    }
}
