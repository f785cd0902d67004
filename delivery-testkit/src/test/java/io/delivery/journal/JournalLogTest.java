package io.delivery.journal;

import io.delivery.log.Log;
import io.delivery.testkit.contract.LogContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;

/** The journal as a log, in a simulated world. */
class JournalLogTest extends LogContract {
    private final JournalWorld world = new JournalWorld(3);
    private boolean failing;

    @BeforeEach
    void open() throws IOException {
        world.open();
        world.disk()
                .onRead(
                        offset -> {
                            if (failing) {
                                failing = false;
                                throw new IOException("injected: the disk does not answer");
                            }
                        });
    }

    @Override
    protected Log log() {
        return world.journal;
    }

    @Override
    protected void append(String... records) {
        world.append(records);
    }

    @Override
    protected void restart() throws IOException {
        world.openAfterKill();
    }

    @Override
    protected void lose(String record) throws IOException {
        for (Path file : world.segmentFiles()) {
            String content = new String(world.disk().bytes(file), StandardCharsets.ISO_8859_1);
            int at = content.indexOf(record);
            if (at >= 0) {
                world.disk().flipBit(file, at * 8L);
                return;
            }
        }
        throw new AssertionError("not in the journal: " + record);
    }

    @Override
    protected void failNextRead() {
        failing = true;
    }
}
