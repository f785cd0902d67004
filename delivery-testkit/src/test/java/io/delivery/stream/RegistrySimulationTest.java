package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.Origin;
import io.delivery.crypt.MasterKey;
import io.delivery.lane.LaneStatus;
import io.delivery.testkit.DiskCall;
import io.delivery.testkit.MemoryStore.Fate;
import io.delivery.testkit.SimEntropy;
import io.delivery.testkit.SimulatedCrash;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Streams of both origins are created, changed, tagged, encrypted, deleted, reloaded and put to in
 * random order while the process dies, the power goes and the disk fails. What was answered holds
 * ({@link ApiOracle}); a record of a stream that was not deleted lands once, one of a deleted
 * stream at most once, and never for another stream; nothing is left of what is gone. {@code
 * -Dsimulation.seed=N} repeats one seed, {@code -Dsimulation.seeds=N} runs a tenth of so many.
 */
class RegistrySimulationTest {
    private static final int DEAR = 10;
    private static final int STEPS = 160;

    /** Longer than all pauses between attempts together, and than the rest of a stream's buffer. */
    private static final Duration UNTIL_ALL_ARE_ANSWERED = Duration.ofMinutes(10);

    private static final List<String> MADE = List.of("alpha", "beta", "gamma");
    private static final List<String> CONFIGURED = List.of("xenon", "yttrium");

    private static final class Run {
        private final RegistryWorld world;
        private final SimEntropy chance;
        private final List<String> story = new ArrayList<>();
        private final PutRecords records;
        private final ApiCallers callers;

        /** How often a stream was seen that had begun to rest. */
        private int rests;

        /** Of the present process, by what the file said. */
        private final Set<String> reloads = new TreeSet<>();

        /** What the configuration file says at the moment. */
        private final Map<String, String> file = new TreeMap<>();

        /** The last document of each stream that the file has named and does not name. */
        private final Map<String, String> removed = new HashMap<>();

        Run(long seed) throws IOException {
            this.world = new RegistryWorld(seed);
            world.masterKeys(new MasterKey("k1", new byte[MasterKey.BYTES]));
            this.chance = world.sim().chance();
            this.records = new PutRecords(world.sim());
            this.callers = new ApiCallers(world, MADE, records, story::add);
        }

        void run() throws IOException {
            file.put("xenon", "a");
            begin();
            for (int step = 0; step < STEPS; step++) {
                try {
                    step();
                } catch (SimulatedCrash crashed) {
                    story.add("crashed");
                }
                if (world.sim().disk().crashed()) {
                    begin();
                }
                balanced();
                if (alive()) {
                    callers.check();
                }
            }
            settle();
        }

        // --- lives ---

        private void begin() throws IOException {
            if (world.sim().disk().crashed() && chance.chance(0.4)) {
                story.add("power cut");
                world.sim().powerCut();
            }
            for (int attempt = 0; ; attempt++) {
                world.sim().disk().noMoreFaults(); // those of a start are another test's
                world.sim().restart();
                if (chance.chance(0.2)) {
                    world.sim().disk().crashAfter(1 + chance.below(60));
                }
                try {
                    world.begin(configured());
                    break;
                } catch (SimulatedCrash crashed) {
                    story.add("crashed while starting");
                }
                assertThat(attempt).isLessThan(100);
            }
            story.add("began with " + world.names());
            assertThat(world.registry().all())
                    .noneMatch(stream -> stream.phase() == StreamPhase.CLOSED);
            callers.begun();
            records.begun();
            reloads.clear();
        }

        private DefinedStream[] configured() {
            return file.entrySet().stream()
                    .map(entry -> RegistryWorld.stream(entry.getKey(), entry.getValue()))
                    .toArray(DefinedStream[]::new);
        }

        // --- steps ---

        private void step() throws IOException {
            int dice = chance.below(100);
            if (dice < 20) {
                callers.call();
            } else if (dice < 45) {
                List<RegisteredStream> all = world.registry().all();
                if (!all.isEmpty()) {
                    records.put(all.get(chance.below(all.size())));
                }
            } else if (dice < 65) {
                tasks(1 + chance.below(60));
            } else if (dice < 70) {
                world.sim().scheduler().advance(Duration.ofMillis(chance.below(30_000)));
                tasks(1 + chance.below(60));
            } else if (dice < 72) {
                minutesPass();
            } else if (dice < 77) {
                world.registry().all().forEach(RegisteredStream::flush);
            } else if (dice < 80) {
                reload();
            } else if (dice < 84) {
                Fate[] fates = {Fate.PROMPT, Fate.SLOW, Fate.LATE, Fate.LOST, Fate.DENIED};
                world.sim().store().weather(fates[chance.below(fates.length)], 0.5);
            } else if (dice < 87) {
                world.sim().store().heal();
            } else if (dice < 91) {
                fault();
            } else if (dice < 96) {
                world.sim().disk().crashAfter(1 + chance.below(60));
            } else if (dice < 98) {
                story.add("kill");
                world.sim().kill();
            } else {
                story.add("power cut");
                world.sim().powerCut();
            }
        }

        private void tasks(int count) {
            for (int i = 0; i < count && !world.sim().disk().crashed(); i++) {
                world.sim().scheduler().runOne();
            }
        }

        /** Time enough for a stream to land what it has, and to rest. */
        private void minutesPass() throws IOException {
            Set<String> busy = withOpenFiles();
            world.pass(Duration.ofSeconds(60 + chance.below(60)));
            if (alive()) {
                busy.removeAll(withOpenFiles());
                busy.retainAll(world.folders());
                busy.removeIf(folder -> !isHealthy(folder));
                rests += busy.size();
                story.add("rest " + busy);
            }
        }

        /** Directories of streams in which the process has a file open. */
        private Set<String> withOpenFiles() {
            Path streams = RegistryWorld.DATA.resolve("streams");
            Set<String> folders = new TreeSet<>();
            for (Path file : world.sim().disk().openFiles()) {
                if (file.startsWith(streams)) {
                    folders.add(streams.relativize(file).getName(0).toString());
                }
            }
            return folders;
        }

        private boolean isHealthy(String folder) {
            return world.registry()
                    .find(folder.substring(0, folder.indexOf('~')))
                    .filter(stream -> stream.status().healthy())
                    .isPresent();
        }

        private boolean alive() {
            return !world.sim().disk().crashed();
        }

        private void fault() {
            DiskCall.Kind[] kinds = DiskCall.Kind.values();
            DiskCall.Kind kind = kinds[chance.below(kinds.length)];
            boolean aboutStreams = chance.chance(0.7);
            story.add("fault in " + kind);
            world.sim()
                    .disk()
                    .failNext(
                            call ->
                                    call.kind() == kind
                                            && (!aboutStreams || !call.touches("journal")),
                            new IOException("injected: " + kind + " failed"));
        }

        private void reload() {
            String name = CONFIGURED.get(chance.below(CONFIGURED.size()));
            if (file.containsKey(name) && chance.chance(0.5)) {
                removed.put(name, file.remove(name));
            } else {
                String same = removed.remove(name);
                file.put(name, same != null && chance.chance(0.5) ? same : callers.document());
            }
            story.add("reload " + file);
            String asked = "%d: %s".formatted(story.size(), file);
            reloads.add(asked);
            world.registry()
                    .reload(List.of(configured()), world::components)
                    .whenComplete((changes, failure) -> reloads.remove(asked));
        }

        // --- what must hold ---

        private void balanced() {
            for (RegisteredStream stream : world.registry().all()) {
                for (LaneStatus lane : stream.status().lanes()) {
                    assertThat(lane.books().balanced()).as("%s", stream.status()).isTrue();
                }
            }
        }

        /** Nobody waits for ever for a process that lives and for stores and disks that work. */
        private void everybodyIsAnswered() {
            world.sim().store().heal();
            world.sim().disk().noMoreFaults();
            world.pass(UNTIL_ALL_ARE_ANSWERED);
            callers.check();
            assertThat(callers.unanswered()).as("calls without an answer").isEmpty();
            assertThat(records.unanswered()).as("records without an answer").isEmpty();
            assertThat(reloads).as("reloads without an answer").isEmpty();
        }

        private void settle() throws IOException {
            if (alive()) {
                everybodyIsAnswered();
            }
            world.sim().store().heal();
            file.put("xenon", callers.document());
            file.put("yttrium", callers.document());
            world.sim().kill();
            begin();
            world.sim().disk().noMoreFaults();
            for (int tries = 0; tries < 400 && !settled(); tries++) {
                world.registry().all().forEach(RegisteredStream::flush);
                world.pass(Duration.ofSeconds(10));
                balanced();
            }
            assertThat(settled())
                    .as(
                            "%s",
                            world.registry().all().stream().map(RegisteredStream::status).toList())
                    .isTrue();
            records.checkLanded(owners());
            nothingIsLeft();
        }

        private boolean settled() {
            return world.registry().all().stream()
                    .allMatch(
                            stream ->
                                    stream.phase() == StreamPhase.ACTIVE
                                            && stream.status().healthy()
                                            && stream.status().lanes().stream()
                                                    .allMatch(l -> l.books().settled()));
        }

        /** Streams that nobody has deleted. */
        private Set<String> owners() {
            Set<String> owners = new HashSet<>(CONFIGURED);
            for (RegisteredStream stream : world.registry().all()) {
                if (stream.origin() == Origin.API) {
                    owners.add(stream.status().incarnation());
                }
            }
            return owners;
        }

        private void nothingIsLeft() throws IOException {
            Set<String> folders = new TreeSet<>();
            for (String folder : world.folders()) {
                folders.add(folder.substring(0, folder.indexOf('~')));
            }
            Set<String> begun = new TreeSet<>();
            for (RegisteredStream stream : world.registry().all()) {
                if (!stream.status().incarnation().isEmpty()) {
                    begun.add(stream.name());
                }
            }
            assertThat(folders).isEqualTo(begun);
            assertThat(world.folders()).hasSameSizeAs(begun);
            callers.deleteAll();
            world.await(world.registry().stop(Stopping.KEEP_OPEN, Duration.ZERO));
            assertThat(world.engine().memory().usedBytes()).isZero();
            assertThat(world.openComponents()).isZero();
        }
    }

    @Test
    void what_was_answered_holds_whatever_fails() {
        Long one = Long.getLong("simulation.seed");
        long first = one == null ? Long.getLong("simulation.first", 1) : one;
        long count = one == null ? Long.getLong("simulation.seeds", 200) / DEAR : 1;
        int deletions = 0;
        int accepted = 0;
        int rests = 0;
        int switches = 0;
        for (long seed = first; seed < first + count; seed++) {
            Run run = null;
            try {
                run = new Run(seed);
                run.run();
                deletions += run.callers.deletions();
                accepted += run.records.accepted();
                rests += run.rests;
                switches += run.callers.switches();
            } catch (AssertionError | RuntimeException | IOException failed) {
                throw new AssertionError(
                        "seed %d: %s%n%s"
                                .formatted(seed, failed.getMessage(), run == null ? "" : run.story),
                        failed);
            }
        }
        if (count > 10) {
            assertThat(deletions).isGreaterThan((int) count / 2);
            assertThat(accepted).isGreaterThan((int) count * 10);
            assertThat(rests).as("streams that began to rest").isPositive();
            assertThat(switches)
                    .as("calls that switched encryption")
                    .isGreaterThan((int) count / 2);
        }
    }
}
