package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.EncryptionSettings;
import io.delivery.config.EncryptionState;
import io.delivery.crypt.MasterKey;
import io.delivery.testkit.SimulatedCrash;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The short life of a stream – created, put to, tagged, encrypted, updated, decrypted, deleted –
 * ended at each call that changes the disk: afterwards it is wholly there, or it is gone and its
 * name is free.
 */
class StreamLifeCrashTest {
    private enum Aftermath {
        ANOTHER_PROCESS,
        POWER_CUT_THAT_TAKES_ALL_UNSYNCED,
        POWER_CUT_THAT_TAKES_SOME,
        POWER_CUT_AFTER_THE_RESTART
    }

    /** What the process had answered when it died. */
    private static final class Answers {
        private boolean created;
        private int version;
        private int tagged;
        private int accepted;

        /** By the last call that was answered. */
        private boolean encrypted;

        /** By the last call. */
        private boolean toBeEncrypted;

        private boolean toBeDeleted;
        private boolean marked;
        private boolean gone;
        private boolean finished;

        @Override
        public String toString() {
            return "created %s, version %d, tagged %d times, encrypted %s, accepted %d, marked %s, gone %s"
                    .formatted(created, version, tagged, encrypted, accepted, marked, gone);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_stream_is_wholly_there_or_gone_whenever_its_process_dies(Aftermath aftermath)
            throws IOException {
        int crashes = 0;
        Answers answers = new Answers();
        for (long call = 1; !answers.finished; call++) {
            RegistryWorld world = new RegistryWorld(call);
            world.masterKeys(new MasterKey("k1", new byte[MasterKey.BYTES]));
            world.begin(RegistryWorld.stream("views", "b"));
            world.sim().disk().crashAfter(call);
            answers = live(world);
            if (answers.finished) {
                break;
            }
            crashes++;
            String story = "crash in call %d, %s".formatted(call, answers);
            begin(world, aftermath);
            look(world, answers, story);
        }
        assertThat(crashes).isGreaterThan(80);
    }

    private static Answers live(RegistryWorld world) {
        Answers answers = new Answers();
        try {
            StreamRegistry registry = world.registry();
            run(world, registry.create(RegistryWorld.stream("clicks", "a backup")));
            answers.created = true;
            answers.version = 1;
            run(world, world.put("clicks", "x"));
            answers.accepted++;
            tag(world, answers);
            encrypt(world, answers, Optional.of(EncryptionSettings.DEFAULT));
            run(world, registry.find("clicks").orElseThrow().flush());
            answers.version = run(world, registry.update(RegistryWorld.stream("clicks", "c"), 1));
            tag(world, answers);
            run(world, world.put("clicks", "y"));
            answers.accepted++;
            encrypt(world, answers, Optional.empty());
            answers.toBeDeleted = true;
            Deletion deletion = registry.delete("clicks");
            run(world, deletion.marked());
            answers.marked = true;
            run(world, deletion.gone());
            answers.gone = true;
            answers.finished = true;
        } catch (SimulatedCrash crashed) {
            assertThat(world.sim().disk().crashed()).isTrue();
        }
        return answers;
    }

    /** One tag more, a letter each. */
    private static void tag(RegistryWorld world, Answers answers) {
        run(world, world.registry().tag("clicks", before -> Optional.of(before.orElse("") + "t")));
        answers.tagged++;
    }

    /** Starts or stops encryption, and waits until that is in force. */
    private static void encrypt(
            RegistryWorld world, Answers answers, Optional<EncryptionSettings> settings) {
        answers.toBeEncrypted = settings.isPresent();
        run(world, world.registry().encryption("clicks", settings));
        answers.encrypted = answers.toBeEncrypted;
        while (encryption(world) != encryption(world).settled()) {
            step(world);
        }
    }

    private static EncryptionState encryption(RegistryWorld world) {
        return world.registry().find("clicks").orElseThrow().encryption().orElseThrow().state();
    }

    private static <T> T run(RegistryWorld world, CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        while (!future.isDone()) {
            step(world);
        }
        if (world.sim().disk().crashed()) {
            // The step took the end of its process for a failure, and nobody hears the answer.
            throw new SimulatedCrash("while it was answered");
        }
        return future.join();
    }

    private static void step(RegistryWorld world) {
        if (world.sim().disk().crashed()) {
            throw new SimulatedCrash("before it was answered");
        }
        if (!world.sim().scheduler().runOne()) {
            world.sim().scheduler().advanceToNextTimer();
        }
    }

    private static void begin(RegistryWorld world, Aftermath aftermath) throws IOException {
        switch (aftermath) {
            case ANOTHER_PROCESS -> world.sim().restart();
            case POWER_CUT_THAT_TAKES_ALL_UNSYNCED -> {
                world.sim().disk().powerCutLosingAllUnsynced();
                world.sim().restart();
            }
            case POWER_CUT_THAT_TAKES_SOME -> {
                world.sim().powerCut();
                world.sim().restart();
            }
            case POWER_CUT_AFTER_THE_RESTART -> {
                world.sim().restart();
                world.begin(RegistryWorld.stream("views", "b"));
                world.sim().disk().powerCutLosingAllUnsynced();
                world.sim().restart();
            }
        }
        world.begin(RegistryWorld.stream("views", "b"));
    }

    private static void look(RegistryWorld world, Answers answers, String story)
            throws IOException {
        boolean there = world.registry().find("clicks").isPresent();
        assertThat(world.status("views").phase()).as(story).isEqualTo(StreamPhase.ACTIVE);
        if (answers.created && !answers.toBeDeleted) {
            assertThat(there).as(story).isTrue();
        }
        if (answers.marked) {
            assertThat(there).as(story).isFalse();
        }
        assertThat(world.folders()).as(story).hasSize(there ? 1 : 0);
        if (there) {
            assertThat(world.status("clicks").phase()).as(story).isEqualTo(StreamPhase.ACTIVE);
            assertThat(world.status("clicks").version())
                    .as(story)
                    .isBetween(Math.max(1, answers.version), 2);
            assertThat(world.registry().find("clicks").orElseThrow().tags().orElse("").length())
                    .as(story)
                    .isBetween(answers.tagged, 2);
            assertThat(encryption(world).encrypts())
                    .as(story)
                    .isIn(answers.encrypted, answers.toBeEncrypted);
            assertThat(world.books("clicks").accepted())
                    .as(story)
                    .isGreaterThanOrEqualTo(answers.accepted);
            world.await(world.registry().find("clicks").orElseThrow().flush());
            world.pass(Duration.ofSeconds(1));
            assertThat(world.books("clicks").settled()).as(story).isTrue();
            assertThat(world.landed("clicks")).as(story).containsAll(expected(answers));
            world.await(world.registry().delete("clicks").gone());
        }
        world.create("clicks", "a");
        assertThat(world.books("clicks").accepted()).as(story).isZero();
        assertThat(world.registry().find("clicks").orElseThrow().tags()).as(story).isEmpty();
        assertThat(encryption(world)).as(story).isEqualTo(EncryptionState.DISABLED);
        assertThat(world.folders()).as(story).hasSize(1);
    }

    private static List<String> expected(Answers answers) {
        return List.of("x", "y").subList(0, answers.accepted);
    }
}
