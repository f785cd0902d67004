package io.delivery.wiring;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** The interpreter that some functions of the tests run in. */
public final class Python {
    private Python() {}

    /** Skips the test where there is none. */
    public static void assume() {
        assumeTrue(isThere(), "python3 is not on the PATH");
    }

    private static boolean isThere() {
        try {
            Process version = new ProcessBuilder("python3", "--version").start();
            return version.waitFor(30, TimeUnit.SECONDS) && version.exitValue() == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
