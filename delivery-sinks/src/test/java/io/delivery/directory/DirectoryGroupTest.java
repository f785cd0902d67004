package io.delivery.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.delivery.world.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Objects that wait together are landed together, and what happens to one happens to no other. */
class DirectoryGroupTest {
    private static final Path LAKE = Path.of("/srv/lake");
    private static final Path PREFIX = LAKE.resolve("events/clicks");
    private static final int OBJECTS = 4;

    /** More than two groups, so that some are told while others are on their way. */
    private static final int MANY = 13;

    /** Landing all of these on a fresh disk takes this many mutating calls at most. */
    private static final int STEPS = 160;

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
        return landAll(world, store, OBJECTS);
    }

    private static List<CompletableFuture<Landing>> landAll(
            SimWorld world, DirectoryStore store, int objects) {
        List<CompletableFuture<Landing>> landings = new ArrayList<>();
        for (int number = 0; number < objects; number++) {
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
    void an_error_of_which_not_even_the_message_can_be_had_leaves_no_object_without_an_answer() {
        for (DiskCall.Kind kind : List.of(DiskCall.Kind.LINK, DiskCall.Kind.DELETE)) {
            SimWorld world = SimWorld.seeded(1);
            DirectoryStore store = open(world);
            world.disk().failNext(call -> call.kind() == kind, new Unspeakable());

            List<CompletableFuture<Landing>> landings = landAll(world, store);

            assertThat(landings).as("%s", kind).allMatch(CompletableFuture::isDone);
            assertThat(landings.get(0))
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCauseInstanceOf(StackOverflowError.class);
            assertThat(landings.subList(1, OBJECTS))
                    .as("%s", kind)
                    .allSatisfy(
                            landing ->
                                    assertThat(landing.join()).isInstanceOf(Landing.Landed.class));
        }
    }

    private static final class Unspeakable extends IOException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new StackOverflowError("no room for a message");
        }
    }

    @Test
    void what_found_no_thread_is_not_landed_later_beside_its_next_attempt() {
        SimWorld world = SimWorld.seeded(1);
        List<Runnable> tasks = new ArrayList<>();
        DirectoryLandings landings =
                landings(
                        world.disk(),
                        world,
                        task -> {
                            if (tasks.size() == 1) {
                                throw new RejectedExecutionException("no thread");
                            }
                            tasks.add(task);
                        });

        CompletableFuture<Landing> first =
                landings.land(content(0), name(0), attributes(0)).toCompletableFuture();
        assertThatThrownBy(() -> landings.land(content(1), name(1), attributes(1)))
                .isInstanceOf(RejectedExecutionException.class);
        tasks.get(0).run();

        assertThat(first.join()).isInstanceOf(Landing.Landed.class);
        assertThat(world.disk().exists(file(1))).isFalse();
    }

    private static DirectoryLandings landings(Disk disk, SimWorld world, Executor pool) {
        Folders folders = new Folders(disk, LAKE);
        Copies copies =
                new Copies(disk, world.world().entropy(), folders, LAKE.resolve(".delivery"));
        return new DirectoryLandings(disk, new DirectorySettings(LAKE), folders, copies, pool);
    }

    @Test
    void the_copy_of_an_object_that_the_disk_has_no_room_for_takes_no_room_from_the_next() {
        SimWorld world = SimWorld.seeded(1);
        DirectoryStore store = open(world);
        world.disk().fullAfter(100_000);

        List<CompletableFuture<Landing>> landings = new ArrayList<>();
        for (int bytes : new int[] {1_000, 200_000, 50_000, 1_000}) {
            landings.add(land(store, landings.size(), SampleContent.of(new byte[bytes])));
        }
        run(world);

        assertThat(landings)
                .extracting(landing -> landing.join().getClass().getSimpleName())
                .containsExactly("Landed", "Unknown", "Landed", "Landed");
    }

    @Test
    void a_large_object_goes_alone() {
        SimWorld world = SimWorld.seeded(1);
        DirectoryStore store = open(world);
        List<Integer> toldAtCopies = new ArrayList<>();
        List<CompletableFuture<Landing>> landings = new ArrayList<>();
        world.disk()
                .onCall(
                        call -> {
                            if (call.kind() == DiskCall.Kind.CREATE) {
                                toldAtCopies.add(
                                        (int)
                                                landings.stream()
                                                        .filter(CompletableFuture::isDone)
                                                        .count());
                            }
                        });

        for (int bytes : new int[] {1_000, 1_000, 1 << 20, 1_000, (1 << 20) - 1_000, 1}) {
            landings.add(land(store, landings.size(), SampleContent.of(new byte[bytes])));
        }
        run(world);

        // The first copy is tried before its folder is there.
        assertThat(toldAtCopies).containsExactly(0, 0, 0, 2, 3, 3, 5);
    }

    @Test
    void a_crash_at_any_step_leaves_whole_objects_and_what_was_told_survives_a_power_cut()
            throws Exception {
        int crashes = 0;
        int toldBeforeCrash = 0;
        for (int run = 2; run < 2 * STEPS + 2; run++) {
            int step = run / 2;
            boolean losingAll = run % 2 == 0;
            SimWorld world = SimWorld.seeded(step);
            world.disk().crashAfter(step);
            List<CompletableFuture<Landing>> first = landAll(world, open(world), MANY);
            boolean crashed = world.disk().crashed();
            crashes += crashed ? 1 : 0;
            cutPower(world, losingAll);

            DirectoryStore next = open(world);
            for (int number = 0; number < MANY; number++) {
                String story = "step " + step + ", object " + number + ", all lost " + losingAll;
                boolean told =
                        !first.get(number).isCompletedExceptionally()
                                && first.get(number).getNow(null) instanceof Landing.Landed;
                toldBeforeCrash += told && crashed ? 1 : 0;
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
            landAll(world, next, MANY);
            cutPower(world, losingAll);
            for (int number = 0; number < MANY; number++) {
                assertVisible(world.disk(), number, "step " + step + ", object " + number);
            }
        }
        assertThat(crashes).isBetween(200, 2 * STEPS - 2);
        assertThat(toldBeforeCrash).isGreaterThan(500);
    }

    private static void cutPower(SimWorld world, boolean losingAll) {
        if (losingAll) {
            world.disk().powerCutLosingAllUnsynced();
        } else {
            world.powerCut();
        }
        world.restart();
    }
}
