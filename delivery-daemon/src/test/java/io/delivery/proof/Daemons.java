package io.delivery.proof;

import io.delivery.wiring.ClassArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The program on the class path of the test, as processes of their own. */
final class Daemons {
    private Daemons() {}

    /** Starts it and waits until it says that it has started. */
    static DaemonProcess start(Path config) throws IOException {
        return DaemonProcess.start(ClassArchive.program(), config);
    }

    /** Starts it with these variables and waits until it says that it has started. */
    static DaemonProcess start(Path config, Map<String, String> environment) throws IOException {
        return DaemonProcess.start(ClassArchive.program().withEnvironment(environment), config);
    }

    /** Starts it and does not wait. */
    static DaemonProcess launch(Path config, String... jvmOptions) throws IOException {
        return DaemonProcess.launch(ClassArchive.program().withJvmOptions(jvmOptions), config);
    }
}
