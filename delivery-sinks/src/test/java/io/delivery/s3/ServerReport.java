package io.delivery.s3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Writes a file for each server into {@code target/s3-servers}: one line with the server, its
 * version, and the tests that were run or the reason why not.
 */
final class ServerReport implements TestWatcher, AfterAllCallback {
    private static final Path FOLDER = Path.of("target", "s3-servers");

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

    private static void write(String title, String version, String result) throws IOException {
        Files.createDirectories(FOLDER);
        Files.writeString(
                FOLDER.resolve(title.replace(' ', '-') + ".tsv"),
                title + "\t" + version + "\t" + result + "\n");
    }
}
