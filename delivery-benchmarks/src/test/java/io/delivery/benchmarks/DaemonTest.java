package io.delivery.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DaemonTest {
    private static final Path LAUNCHER = Path.of("../delivery-daemon/src/dist/bin/delivery");

    @Test
    void the_service_is_measured_with_the_options_that_its_launcher_gives() throws IOException {
        assertThat(Files.readString(LAUNCHER)).contains(Daemon.OPTIONS);
    }
}
