package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;

class RuntimePortsTest {
    @Test
    void a_port_that_an_error_does_not_let_open_is_left_nowhere() throws Exception {
        try (RuntimePorts ports = new RuntimePorts()) {
            OutOfMemoryError noThread = new OutOfMemoryError("unable to create native thread");
            ServerConnector port =
                    new ServerConnector(ports.server) {
                        @Override
                        protected void doStart() throws Exception {
                            super.doStart();
                            throw noThread;
                        }
                    };

            assertThatThrownBy(() -> ports.begin(port)).isSameAs(noThread);

            assertThat(ports.server.getConnectors()).isEmpty();
            assertThat(port.isOpen()).isFalse();
        }
    }

    @Test
    void so_it_is_behind_an_exception() throws Exception {
        try (RuntimePorts ports = new RuntimePorts()) {
            ServerConnector port = new ServerConnector(ports.server);
            port.setHost("192.0.2.1"); // of no machine: TEST-NET-1

            assertThatThrownBy(() -> ports.begin(port))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No port could be opened on loopback");

            assertThat(ports.server.getConnectors()).isEmpty();
        }
    }
}
