package io.delivery.landing;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.UploadListener;
import io.delivery.record.ObjectName;
import io.delivery.testkit.DiskCall;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.SimWorld;
import io.delivery.world.DiskFullException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Skipped objects never take the room that the service needs to drain. */
class SkippedFolderTest {
    private static final Path DATA = Path.of("/data");
    private static final Path FOLDER = DATA.resolve("skipped");
    private static final Path FILE = FOLDER.resolve("lake/err/1");
    private static final long KEPT = 8L << 20;

    private final SimWorld world = SimWorld.seeded(7);
    private final SampleContent content = SampleContent.of(new byte[200_000]);
    private SkippedFolder folder;

    @BeforeEach
    void open() throws IOException {
        world.disk().createDirectories(DATA);
        world.disk().syncDirectory(DATA.getParent());
        folder = new SkippedFolder(DATA, world.world());
    }

    private Landing land(SampleContent what) {
        CompletableFuture<Landing> answer =
                folder.land(
                                what,
                                new ObjectName("lake", "err/1"),
                                new ObjectAttributes("0a/main-1/0/0/5a", 1, ""),
                                UploadListener.IGNORE)
                        .toCompletableFuture();
        world.scheduler().runUntilIdle();
        return answer.join();
    }

    @Test
    void an_object_is_kept_as_long_as_the_reserve_stays_free() throws IOException {
        world.disk().fullAfter(content.length() + KEPT);

        assertThat(land(content)).isInstanceOf(Landing.Landed.class);

        assertThat(world.disk().bytes(FILE)).hasSize(200_000);
    }

    @Test
    void an_object_that_would_take_a_byte_of_the_reserve_is_not_begun_until_there_is_room()
            throws IOException {
        world.disk().fullAfter(content.length() + KEPT - 1);
        long used = world.disk().usedBytes();

        Landing landing = land(content);

        assertThat(landing).isInstanceOf(Landing.Unknown.class);
        assertThat(((Landing.Unknown) landing).reason())
                .contains("no room in skipped/")
                .contains("8588608 bytes") // that are needed
                .contains("8588607"); // that are free
        assertThat(world.disk().usedBytes()).isEqualTo(used);
        assertThat(world.disk().list(FILE.getParent())).isEmpty();
        world.disk().roomAgain();
        assertThat(land(content)).isInstanceOf(Landing.Landed.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = DiskCall.Kind.class,
            names = {"WRITE", "SYNC"})
    void nothing_is_left_of_an_object_that_could_not_be_written(DiskCall.Kind failing)
            throws IOException {
        world.disk()
                .failNext(
                        call -> call.isOn(failing, "1.new"),
                        new DiskFullException("no space left", null));

        assertThat(land(content)).isInstanceOf(Landing.Unknown.class);

        assertThat(world.disk().list(FILE.getParent())).isEmpty();
        assertThat(land(content)).isInstanceOf(Landing.Landed.class);
    }

    @Test
    void nothing_is_left_of_damaged_staged_bytes() throws IOException {
        CompletableFuture<Landing> answer =
                folder.land(
                                content.damagedAt(3),
                                new ObjectName("lake", "err/1"),
                                new ObjectAttributes("0a/main-1/0/0/5a", 1, ""),
                                UploadListener.IGNORE)
                        .toCompletableFuture();
        world.scheduler().runUntilIdle();

        assertThat(answer).isCompletedExceptionally();
        assertThat(world.disk().list(FILE.getParent())).isEmpty();
    }
}
