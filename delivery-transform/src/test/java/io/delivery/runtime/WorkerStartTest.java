package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.config.FunctionRunner;
import io.delivery.config.FunctionSettings;
import io.delivery.machine.Machine;
import io.delivery.runtime.code.CodeStore;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WorkerStartTest {
    @Test
    void a_process_that_cannot_be_ended_keeps_nothing_else_from_being_cleaned_up(
            @TempDir Path folder) throws Exception {
        Path code = Files.createDirectories(folder.resolve("its-code"));
        Files.writeString(code.resolve("index.py"), "def handler(event, context): pass");
        FunctionRunner.Process process =
                new FunctionRunner.Process(
                        FunctionRunner.Runtime.PYTHON,
                        code,
                        Optional.of("index.handler"),
                        256L << 20,
                        Map.of());
        try (Machine machine = new Machine();
                RuntimeHost host =
                        RuntimeHost.open(
                                folder.resolve("functions"),
                                machine.world(),
                                new RuntimeHost.Identity("eu-north-1", "123456789012"),
                                (function, source, line) -> {})) {
            WorkerStart start =
                    new WorkerStart(
                            new FunctionSettings("enrich", process, Duration.ofSeconds(10), 1),
                            process,
                            host,
                            null);
            RuntimePorts.Port port = host.port(null, 1);
            Path temporary = host.temporaryFolder();
            CodeStore.Lease lease = host.code().take(code);
            int number = Integer.parseInt(port.address().split(":")[1]);

            // No process is there: to end it fails.
            assertThatThrownBy(
                            () -> start.cleanUp(new Worker.Running(null, port, temporary, lease)))
                    .isInstanceOf(NullPointerException.class);

            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), number))
                    .isInstanceOf(ConnectException.class);
            assertThat(temporary).doesNotExist();
            assertThat(lease.root()).doesNotExist();
        }
    }
}
