package io.delivery.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore.Found;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.UploadListener;
import io.delivery.record.ObjectName;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.SimDisk;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.SimulatedCrash;
import io.delivery.world.DiskFile;
import io.delivery.world.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Crashes between any two steps of a landing, on a disk that forgets what was not synced. */
class DirectoryCrashTest {
    private static final Path LAKE = Path.of("/srv/data/lake");
    private static final SampleContent CONTENT = SampleContent.of("some bytes\n".repeat(20_000));
    private static final ObjectName NAME = new ObjectName("events", "dt=2026-11-21/hour=10/x-1");
    private static final ObjectAttributes ATTRIBUTES =
            new ObjectAttributes("0a/main-1/0/0/s", 3, "");

    /** A landing on a fresh disk takes this many mutating calls at most. */
    private static final int STEPS = 40;

    private final List<Landing> landings = new ArrayList<>();
    private final List<Found> finds = new ArrayList<>();

    private static DirectoryStore open(SimWorld world) {
        return DirectoryStore.open(new DirectorySettings(LAKE), world.world());
    }

    private void land(SimWorld world, DirectoryStore store) {
        store.land(CONTENT, NAME, ATTRIBUTES, UploadListener.IGNORE).thenAccept(landings::add);
        run(world);
    }

    private void find(SimWorld world, DirectoryStore store) {
        store.find(NAME, ATTRIBUTES, CONTENT).thenAccept(finds::add);
        run(world);
    }

    private static void run(SimWorld world) {
        try {
            world.scheduler().runUntilIdle();
        } catch (SimulatedCrash e) {
            assertThat(world.disk().crashed()).isTrue();
        }
    }

    private static Optional<byte[]> visible(SimDisk disk) throws IOException {
        Path file = LAKE.resolve(NAME.bucket()).resolve(NAME.key());
        if (!disk.exists(file)) {
            return Optional.empty();
        }
        try (DiskFile there = disk.openReadOnly(file)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) there.length());
            there.readFully(bytes, 0);
            return Optional.of(bytes.array());
        }
    }

    private static byte[] bytes() throws IOException {
        return CONTENT.open().readAllBytes();
    }

    @Test
    void what_was_answered_survives_a_power_cut_at_any_later_time() throws Exception {
        for (long seed = 0; seed < 40; seed++) {
            SimWorld world = SimWorld.seeded(seed);
            landings.clear();

            land(world, open(world));
            world.powerCut();
            world.restart();

            assertThat(landings).hasSize(1).first().isInstanceOf(Landing.Landed.class);
            assertThat(visible(world.disk())).as("seed %d", seed).hasValue(bytes());
        }
    }

    @Test
    void a_crash_at_any_step_leaves_the_whole_object_or_none_and_a_second_try_lands_it()
            throws Exception {
        int crashes = 0;
        for (int step = 1; step <= STEPS; step++) {
            for (long seed = 0; seed < 6; seed++) {
                SimWorld world = SimWorld.seeded(seed);
                landings.clear();
                finds.clear();

                world.disk().crashAfter(step);
                land(world, open(world));
                if (!world.disk().crashed()) {
                    continue; // the landing took fewer steps
                }
                crashes++;
                boolean powerToo = seed % 2 == 0;
                if (powerToo) {
                    world.powerCut();
                }
                world.restart();
                Optional<byte[]> left = visible(world.disk());
                DirectoryStore second = open(world);
                find(world, second);
                if (finds.get(0).equals(Found.ABSENT)) {
                    land(world, second);
                }
                world.powerCut();
                world.restart();

                String story = "step " + step + ", seed " + seed;
                if (left.isPresent()) {
                    assertThat(left).as(story).hasValue(bytes());
                    assertThat(finds).as(story).containsExactly(Found.OURS);
                } else {
                    assertThat(finds).as(story).containsExactly(Found.ABSENT);
                    assertThat(landings).as(story).hasSize(1);
                    assertThat(landings.get(0)).as(story).isInstanceOf(Landing.Landed.class);
                }
                // The power went again right after the answer: it must have rested on synced names.
                assertThat(visible(world.disk())).as(story).hasValue(bytes());
            }
        }
        assertThat(crashes).isGreaterThan(60);
    }

    @Test
    void a_failed_sync_lands_nothing_and_the_next_attempt_writes_a_fresh_copy() throws Exception {
        SimWorld world = SimWorld.seeded(1);
        DirectoryStore store = open(world);
        world.disk().failNextSync(new IOException("I/O error"));

        land(world, store);
        assertThat(landings.get(0)).isInstanceOf(Landing.Unknown.class);
        assertThat(visible(world.disk())).isEmpty();

        land(world, store);
        assertThat(landings.get(1)).isInstanceOf(Landing.Landed.class);
        world.powerCut();
        world.restart();
        assertThat(visible(world.disk())).hasValue(bytes());
    }

    @Test
    void a_full_disk_is_a_reason_to_come_again() throws Exception {
        SimWorld world = SimWorld.seeded(1);
        DirectoryStore store = open(world);
        world.disk().failNextWrite(new DiskFullException("no space left", null));

        land(world, store);
        land(world, store);

        assertThat(landings.get(0)).isInstanceOf(Landing.Unknown.class);
        assertThat(((Landing.Unknown) landings.get(0)).reason()).startsWith("disk full");
        assertThat(landings.get(1)).isInstanceOf(Landing.Landed.class);
    }

    @Test
    void a_landing_whose_directory_cannot_be_synced_is_not_told_as_landed() throws Exception {
        SimWorld world = SimWorld.seeded(1);
        DirectoryStore store = open(world);
        world.disk().failNextDirectorySync(new IOException("I/O error"));

        land(world, store);

        assertThat(landings.get(0)).isInstanceOf(Landing.Unknown.class);
    }
}
