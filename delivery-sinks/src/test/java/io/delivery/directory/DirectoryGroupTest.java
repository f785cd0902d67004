package io.delivery.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore.Found;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.UploadListener;
import io.delivery.record.ObjectName;
import io.delivery.staging.DamagedStagingException;
import io.delivery.testkit.DiskCall;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.SimDisk;
import io.delivery.testkit.SimWorld;
import io.delivery.testkit.SimulatedCrash;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Objects that wait together are landed together, and what happens to one happens to no other. */
class DirectoryGroupTest {
    private static final Path LAKE = Path.of("/srv/lake");
    private static final Path PREFIX = LAKE.resolve("events/clicks");
    private static final int OBJECTS = 4;

    /** A landing of the group on a fresh disk takes this many mutating calls at most. */
    private static final int STEPS = 80;

    private static DirectoryStore open(SimWorld world) {
        return DirectoryStore.open(new DirectorySettings(LAKE), world.world());
    }

    private static ObjectName name(int number) {
        return new ObjectName("events", "clicks/customer=" + number + "/x");
    }

    private static ObjectAttributes attributes(int number) {
        return new ObjectAttributes("0a/main-1/0/" + number + "/s", 3, "");
    }

    private static SampleContent content(int number) {
        return SampleContent.of("bytes of " + number);
    }

    private static List<CompletableFuture<Landing>> landAll(SimWorld world, DirectoryStore store) {
        List<CompletableFuture<Landing>> landings = new ArrayList<>();
        for (int number = 0; number < OBJECTS; number++) {
            landings.add(land(store, number, content(number)));
        }
        run(world);
        return landings;
    }

    private static CompletableFuture<Landing> land(
            DirectoryStore store, int number, SampleContent content) {
        return store.land(content, name(number), attributes(number), UploadListener.IGNORE)
                .toCompletableFuture();
    }

    private static void run(SimWorld world) {
        try {
            world.scheduler().runUntilIdle();
        } catch (SimulatedCrash e) {
            assertThat(world.disk().crashed()).isTrue();
        }
    }

    private static Path file(int number) {
        return PREFIX.resolve("customer=" + number + "/x");
    }

    private static void assertVisible(SimDisk disk, int number, String story) throws IOException {
        assertThat(disk.bytes(file(number)))
                .as(story)
                .isEqualTo(content(number).open().readAllBytes());
    }

    @Test
    void they_share_the_sync_of_the_directory_that_their_folders_are_made_in() {
        SimWorld world = SimWorld.seeded(1);
        DirectoryStore store = open(world);
        List<Path> synced = new ArrayList<>();
        world.disk()
                .onCall(
                        call -> {
                            if (call.kind() == DiskCall.Kind.SYNC_DIRECTORY) {
                                synced.add(call.path());
                            }
                        });

        landAll(world, store);

        assertThat(synced).containsOnlyOnce(PREFIX, file(0).getParent(), file(3).getParent());
    }

    @Test
    void damaged_bytes_of_one_leave_the_others_alone() throws Exception {
        SimWorld world = SimWorld.seeded(1);
        DirectoryStore store = open(world);

        CompletableFuture<Landing> damaged = land(store, 0, content(0).damagedAt(0));
        CompletableFuture<Landing> sound = land(store, 1, content(1));
        run(world);

        assertThat(damaged)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(DamagedStagingException.class);
        assertThat(world.disk().exists(file(0))).isFalse();
        assertThat(sound.join()).isInstanceOf(Landing.Landed.class);
        assertVisible(world.disk(), 1, "the other one");
        assertThat(world.disk().list(LAKE.resolve(".delivery")).stream())
                .allSatisfy(folder -> assertThat(world.disk().list(folder)).isEmpty());
    }

    @Test
    void none_lands_where_the_sync_that_they_share_fails() throws Exception {
        SimWorld world = SimWorld.seeded(1);
        DirectoryStore store = open(world);
        world.disk()
                .failNext(
                        call ->
                                call.kind() == DiskCall.Kind.SYNC_DIRECTORY
                                        && call.path().equals(PREFIX),
                        new IOException("I/O error"));

        List<CompletableFuture<Landing>> first = landAll(world, store);

        for (int number = 0; number < OBJECTS; number++) {
            assertThat(first.get(number).join()).isInstanceOf(Landing.Unknown.class);
            assertThat(world.disk().exists(file(number))).isFalse();
        }

        List<CompletableFuture<Landing>> second = landAll(world, store);
        world.powerCut();
        world.restart();

        for (int number = 0; number < OBJECTS; number++) {
            assertThat(second.get(number).join()).isInstanceOf(Landing.Landed.class);
            assertVisible(world.disk(), number, "object " + number);
        }
    }

    @Test
    void a_folder_whose_links_cannot_be_synced_takes_no_other_object_with_it() throws Exception {
        SimWorld world = SimWorld.seeded(1);
        DirectoryStore store = open(world);
        world.disk()
                .failNext(
                        call ->
                                call.kind() == DiskCall.Kind.SYNC_DIRECTORY
                                        && call.path().equals(file(2).getParent()),
                        new IOException("I/O error"));

        List<CompletableFuture<Landing>> landings = landAll(world, store);

        for (int number = 0; number < OBJECTS; number++) {
            assertThat(landings.get(number).join())
                    .isInstanceOf(number == 2 ? Landing.Unknown.class : Landing.Landed.class);
        }
    }

    @Test
    void a_crash_at_any_step_leaves_whole_objects_and_what_was_told_survives_a_power_cut()
            throws Exception {
        int crashes = 0;
        for (int step = 1; step <= STEPS; step++) {
            SimWorld world = SimWorld.seeded(step);
            world.disk().crashAfter(step);
            List<CompletableFuture<Landing>> first = landAll(world, open(world));
            crashes += world.disk().crashed() ? 1 : 0;
            world.powerCut();
            world.restart();

            DirectoryStore next = open(world);
            for (int number = 0; number < OBJECTS; number++) {
                String story = "step " + step + ", object " + number;
                boolean told =
                        !first.get(number).isCompletedExceptionally()
                                && first.get(number).getNow(null) instanceof Landing.Landed;
                boolean left = world.disk().exists(file(number));
                if (told || left) {
                    assertVisible(world.disk(), number, story);
                }
                CompletableFuture<Found> found =
                        next.find(name(number), attributes(number), content(number))
                                .toCompletableFuture();
                run(world);
                assertThat(found.join()).as(story).isEqualTo(left ? Found.OURS : Found.ABSENT);
            }
            landAll(world, next);
            world.powerCut();
            world.restart();
            for (int number = 0; number < OBJECTS; number++) {
                assertVisible(world.disk(), number, "step " + step + ", object " + number);
            }
        }
        assertThat(crashes).isBetween(30, STEPS - 1);
    }
}
