package io.delivery.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.record.ObjectName;
import io.delivery.testkit.DiskCall;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.SimDisk;
import io.delivery.testkit.SimWorld;
import io.delivery.world.Disk;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * A reader removes folders that it has emptied while objects land in them: what is told as landed
 * is below names that are durable, whoever of two landings made the folder again.
 */
class RemovedFolderTest {
    private static final Path LAKE = Path.of("/srv/lake");
    private static final Path CLICKS = LAKE.resolve("events/clicks");
    private static final Path FOLDER = CLICKS.resolve("hour=10");

    private final SimWorld world = SimWorld.seeded(1);
    private final SimDisk disk = world.disk();

    /** Runs once, after the next sync of a directory; null when nothing is to run. */
    private Runnable afterSync;

    private final DirectoryLandings landings = landings();

    /** Two landings at a time are one inside a call of the other. */
    private DirectoryLandings landings() {
        Disk watched = watched();
        Folders folders = new Folders(watched, LAKE);
        Copies copies =
                new Copies(watched, world.world().entropy(), folders, LAKE.resolve(".delivery"));
        return new DirectoryLandings(
                watched, new DirectorySettings(LAKE), folders, copies, Runnable::run);
    }

    private Disk watched() {
        return (Disk)
                Proxy.newProxyInstance(
                        Disk.class.getClassLoader(),
                        new Class<?>[] {Disk.class},
                        (proxy, method, arguments) -> {
                            Object answer;
                            try {
                                answer = method.invoke(disk, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                            if (afterSync != null
                                    && method.getName().equals("syncDirectory")
                                    && arguments[0].equals(CLICKS)) {
                                Runnable meanwhile = afterSync;
                                afterSync = null;
                                meanwhile.run();
                            }
                            return answer;
                        });
    }

    private Landing land(String key) {
        return landings.land(
                        SampleContent.of("bytes of " + key),
                        new ObjectName("events", "clicks/" + key),
                        new ObjectAttributes("0a/main-1/0/" + key + "/s", 3, ""))
                .toCompletableFuture()
                .join();
    }

    /** Its objects were there before, too, and were deleted. */
    private void remove(Path... emptied) {
        try {
            for (Path path : emptied) {
                disk.delete(path);
            }
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private void before(Predicate<DiskCall> which, Runnable meanwhile) {
        boolean[] done = {false};
        disk.onCall(
                call -> {
                    if (!done[0] && which.test(call)) {
                        done[0] = true;
                        meanwhile.run();
                    }
                });
    }

    private static Predicate<DiskCall> syncOf(Path directory) {
        return call -> call.kind() == DiskCall.Kind.SYNC_DIRECTORY && call.path().equals(directory);
    }

    private void assertSurvives(Landing landing, String key) throws IOException {
        assertThat(landing).isInstanceOf(Landing.Landed.class);
        disk.powerCutLosingAllUnsynced();
        world.restart();
        assertThat(disk.exists(CLICKS.resolve(key))).isTrue();
    }

    @Test
    void an_object_beside_the_one_that_makes_the_folder_again_waits_for_its_name() {
        land("hour=10/a");
        remove(FOLDER.resolve("a"), FOLDER);
        List<Landing> told = new ArrayList<>();
        before(
                syncOf(CLICKS),
                () -> {
                    told.add(land("hour=10/c"));
                    disk.powerCutLosingAllUnsynced();
                });

        landings.land(
                SampleContent.of("b"),
                new ObjectName("events", "clicks/hour=10/b"),
                new ObjectAttributes("0a/main-1/0/b/s", 3, ""));

        assertThat(told).hasSize(1).first().isInstanceOf(Landing.Landed.class);
        world.restart();
        assertThat(disk.exists(FOLDER.resolve("c"))).isTrue();
    }

    @Test
    void a_folder_that_goes_and_comes_before_the_link_is_synced_by_whoever_links()
            throws Exception {
        land("hour=10/a");
        before(
                call -> call.kind() == DiskCall.Kind.CREATE,
                () -> {
                    remove(FOLDER.resolve("a"), FOLDER);
                    makeAgainWithoutItsName("hour=10/c", CLICKS);
                });

        assertSurvives(land("hour=10/b"), "hour=10/b");
    }

    @Test
    void a_folder_that_goes_and_comes_after_its_name_was_synced_is_not_known_as_durable()
            throws Exception {
        land("hour=09/a");
        afterSync =
                () -> {
                    remove(FOLDER);
                    makeAgainWithoutItsName("hour=10/c", CLICKS);
                };

        assertSurvives(land("hour=10/b"), "hour=10/b");
    }

    @Test
    void so_is_a_folder_above_that_goes_and_comes() throws Exception {
        land("hour=10/a");
        before(
                call ->
                        call.kind() == DiskCall.Kind.CREATE_DIRECTORIES
                                && call.path().equals(FOLDER.resolve("b")),
                () -> {
                    remove(FOLDER.resolve("a"), FOLDER);
                    makeAgainWithoutItsName("hour=10/c", CLICKS);
                });

        assertSurvives(land("hour=10/b/b"), "hour=10/b/b");
    }

    @Test
    void what_lands_there_later_rests_on_a_folder_above_whose_name_is_durable() throws Exception {
        land("hour=10/b/a");
        remove(FOLDER.resolve("b/a"), FOLDER.resolve("b"), FOLDER);
        makeAgainWithoutItsName("hour=10/b/c", CLICKS);

        assertSurvives(land("hour=10/b/d"), "hour=10/b/d");
    }

    @Test
    void a_file_in_the_place_of_a_folder_is_told_each_time() throws Exception {
        land("hour=10/a");

        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThat(land("hour=10/a/below")).isInstanceOf(Landing.Denied.class);
        }
    }

    private void makeAgainWithoutItsName(String key, Path above) {
        disk.failNext(syncOf(above), new IOException("I/O error"));
        assertThat(land(key)).isInstanceOf(Landing.Unknown.class);
    }
}
