package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.wiring.ClassArchive;
import io.delivery.wiring.ProofParts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real program, killed under load, and after most kills what it did not sync is taken back, as
 * by a power cut: {@code make powercut SECONDS=60 SEED=7}. What that covers is in docs/proof.md.
 */
class PowerCutIT {
    private static final Path SOURCE = Path.of("..", "delivery-proof", "powercut", "powercut.c");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Optional<Integer> seconds =
            Optional.ofNullable(Integer.getInteger("proof.seconds"));
    private final long seed =
            Long.getLong("proof.seed", ThreadLocalRandom.current().nextLong() >>> 16);
    private final SplittableRandom random = new SplittableRandom(seed);

    @TempDir private Path temporary;

    private Path folder;
    private Path library;
    private Path undo;
    private int cuts;
    private long takenBack;

    @BeforeEach
    void compile() throws Exception {
        assumeTrue(seconds.isPresent(), "only where -Dproof.seconds asks for it: make powercut");
        assumeTrue(
                System.getProperty("os.name").equals("Linux"),
                "only on Linux: a library is loaded under the program");
        folder = temporary.toRealPath();
        library = folder.resolve("powercut.so");
        undo = folder.resolve("powercut-undo");
        gcc("-shared", "-fPIC", "-o", library.toString(), SOURCE.toString(), "-ldl", "-lpthread");
        gcc("-DUNDO", "-o", undo.toString(), SOURCE.toString());
    }

    private static void gcc(String... arguments) throws Exception {
        List<String> command =
                Stream.concat(Stream.of("gcc", "-O1"), Stream.of(arguments)).toList();
        try {
            assertThat(run(command)).as("%s", command).doesNotContain("error");
        } catch (IOException noCompiler) {
            assumeTrue(false, "no C compiler: " + noCompiler.getMessage());
        }
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as("%s: %s", command, said).isZero();
        return said;
    }

    @Test
    void nothing_is_lost_or_doubled_when_what_was_not_synced_is_taken_back() throws Exception {
        Duration load = Duration.ofSeconds(seconds.orElseThrow());
        int kills = ProofSettings.of(load, seed).minKills();

        ProofReport report = prove(new ProofSettings(load, PATIENCE, kills, seed), Map.of());

        System.out.println(report.text());
        System.out.printf("%d power cuts, %d changes taken back%n", cuts, takenBack);
        assertThat(report.proved()).as(report.text()).isTrue();
        assertThat(cuts).as("power cuts").isPositive();
        assertThat(takenBack).as("changes that were not synced").isPositive();
    }

    /** A proof that cannot fail proves nothing. */
    @Test
    void a_disk_that_lies_about_its_syncs_is_found() throws Exception {
        ProofSettings brief = new ProofSettings(Duration.ofSeconds(6), PATIENCE, 4, seed);

        ProofReport report = prove(brief, Map.of("POWERCUT_SYNCS_LIE", "yes"));

        assertThat(report.proved()).as(report.text()).isFalse();
    }

    private ProofReport prove(ProofSettings asked, Map<String, String> more) throws Exception {
        Path scratch = Files.createDirectory(folder.resolve("scratch"));
        Path data = Files.createDirectory(scratch.resolve("data"));
        Path trash = Files.createDirectory(folder.resolve("trash"));
        Path log = folder.resolve("changes");
        Map<String, String> environment =
                Map.of(
                        "LD_PRELOAD", library.toString(),
                        "POWERCUT_DIRECTORY", data.toString(),
                        "POWERCUT_TRASH", trash.toString(),
                        "POWERCUT_LOG", log.toString());
        ProofStore store = ProofParts.directory(folder.resolve("lake"), "proof", "");
        try (Lake lake = store.lake()) {
            return ProofParts.proof(
                            asked,
                            store,
                            ClassArchive.program()
                                    .withEnvironment(environment)
                                    .withEnvironment(more),
                            ProofProgress.UNSEEN,
                            scratch)
                    .afterEachKill(() -> maybeCut(log, data, trash))
                    .run();
        }
    }

    /**
     * After one kill in three the power stays: what was not synced may be lost with a later one.
     */
    private void maybeCut(Path log, Path data, Path trash)
            throws IOException, InterruptedException {
        if (random.nextInt(3) == 0 || !Files.exists(log)) {
            return;
        }
        String said =
                run(
                        List.of(
                                undo.toString(),
                                log.toString(),
                                data.toString(),
                                trash.toString(),
                                Integer.toString(random.nextInt(1 << 30))));
        cuts++;
        takenBack += Long.parseLong(said.substring(0, said.indexOf(' ')));
        Files.delete(log);
        try (Stream<Path> kept = Files.list(trash)) {
            for (Path file : kept.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
