package io.delivery.runtime.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.delivery.world.DiskFullException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CodeRoomTest {
    private static final long MB = 1 << 20;

    private volatile long usable = 400 * MB;
    private final CodeRoom room = new CodeRoom(Path.of("code"), () -> OptionalLong.of(usable));

    /** Asks for room, and waits for it. */
    private FutureTask<Void> waiting(long bytes) {
        FutureTask<Void> asked =
                new FutureTask<>(
                        () -> {
                            room.promise(bytes);
                            return null;
                        });
        Thread thread = new Thread(asked);
        thread.setDaemon(true);
        thread.start();
        await().until(() -> asked.isDone() || thread.getState() == Thread.State.WAITING);
        assertThat(asked).as("it waits").isNotDone();
        return asked;
    }

    @Test
    void what_lacks_only_for_what_others_were_promised_is_waited_for() throws Exception {
        room.promise(200 * MB);
        usable = 220 * MB; // the other has written 180 MB by now
        FutureTask<Void> asked = waiting(150 * MB);
        usable = 200 * MB;

        room.release(200 * MB);

        asked.get(30, TimeUnit.SECONDS);
        assertThatThrownBy(() -> room.promise(300 * MB)).isInstanceOf(DiskFullException.class);
    }

    @Test
    void what_lacks_anyhow_is_not_waited_for() throws Exception {
        room.promise(200 * MB);

        assertThatThrownBy(() -> room.promise(399 * MB))
                .isInstanceOf(DiskFullException.class)
                .hasMessageContaining("419430400 bytes are free, 420478976 are needed");
    }

    @Test
    void a_look_promises_nothing() throws Exception {
        room.require(300 * MB);
        room.require(300 * MB);

        room.promise(300 * MB);
    }

    @Test
    void what_waits_for_room_hears_of_the_end() throws Exception {
        room.promise(200 * MB);
        FutureTask<Void> asked = waiting(300 * MB);

        room.close();

        assertThatThrownBy(() -> asked.get(30, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was closed");
    }
}
