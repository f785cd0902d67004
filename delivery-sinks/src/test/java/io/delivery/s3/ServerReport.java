package io.delivery.s3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Writes {@code target/s3-servers.tsv}: server, version, and tests run or the reason why not. One
 * JVM runs all classes, so the file is written whole each time.
 */
final class ServerReport implements TestWatcher, AfterAllCallback {
    private static final Path FILE = Path.of("target", "s3-servers.tsv");
    private static final Map<String, String> ROWS = new LinkedHashMap<>();

    private int passed;
    private int failed;
    private int skipped;

    @Override
    public void testSuccessful(ExtensionContext context) {
        passed++;
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        failed++;
    }

    @Override
    public void testAborted(ExtensionContext context, Throwable cause) {
        skipped++;
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        skipped++;
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        S3StoreContract suite = (S3StoreContract) context.getRequiredTestInstance();
        if (suite.server == null) {
            return; // told by notRun
        }
        write(
                suite.title(),
                suite.server.version(),
                "%d tests run, %d failed, %d skipped".formatted(passed + failed, failed, skipped));
    }

    static void notRun(String title, String reason) throws IOException {
        write(title, "-", "not run: " + reason);
    }

    private static synchronized void write(String title, String version, String result)
            throws IOException {
        ROWS.put(title, title + "\t" + version + "\t" + result);
        Files.createDirectories(FILE.getParent());
        Files.write(FILE, ROWS.values());
    }
}
