package io.delivery.s3;

import io.delivery.config.StoreDefinition.Checksums;
import io.delivery.config.StoreDefinition.ConditionalWrites;
import io.delivery.landing.StoreProbe.Verdict;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Writes a file for each server into {@code target/s3-servers}: one line with the server, its
 * version, the tests that were run or the reason why not, the settings that the suite gave the
 * store beside endpoint and keys, in what the server differs, and the name of its example. The
 * table in docs/compatibility.md is made from these files (S3ServersTableTest of delivery-daemon).
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
        if (context.getExecutionException().isPresent()) {
            failed++; // before or after all tests
        }
        write(
                suite.title(),
                suite.server.version(),
                "%d tests run, %d failed, %d skipped".formatted(passed + failed, failed, skipped),
                String.join(", ", settings(suite.new Change().settings())),
                String.join("; ", deviations(suite)),
                suite.example().orElse(""));
    }

    static void notRun(String title, String reason) throws IOException {
        write(title, "-", "not run: " + reason, "", "", "");
    }

    /** Those of {@code stores.NAME.s3} that are not as they are by default, as YAML has them. */
    private static List<String> settings(S3Settings given) {
        Map<String, String> settings = new TreeMap<>();
        if (!given.region().equals(S3Settings.DEFAULTS.region())) {
            settings.put("region", given.region());
        }
        if (given.checksums() == Checksums.WHEN_REQUIRED) {
            settings.put("checksums", "whenRequired");
        }
        if (given.conditionalWrites() == ConditionalWrites.NEVER) {
            settings.put("conditionalWrites", "never");
        }
        if (!given.chunkedEncoding()) {
            settings.put("chunkedEncoding", "false");
        }
        if (!given.signedBodies()) {
            settings.put("signedBodies", "false");
        }
        if (given.readBack()) {
            settings.put("readBack", "true");
        }
        if (given.caFile().isPresent()) {
            settings.put("caFile", "ca.pem");
        }
        return settings.entrySet().stream()
                .map(setting -> setting.getKey() + ": " + setting.getValue())
                .toList();
    }

    private static TreeSet<String> deviations(S3StoreContract suite) {
        TreeSet<String> all = new TreeSet<>();
        for (Method method : suite.getClass().getDeclaredMethods()) {
            Optional.ofNullable(method.getAnnotation(Deviation.class))
                    .ifPresent(deviation -> all.add(deviation.value()));
        }
        suite.probeDeviations()
                .forEach((subject, verdict) -> all.add(subject + ": " + words(verdict)));
        return all;
    }

    private static String words(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }

    private static void write(String title, String... columns) throws IOException {
        List<String> line = new ArrayList<>(List.of(title));
        Arrays.stream(columns).map(column -> column.replaceAll("\\s", " ")).forEach(line::add);
        Files.createDirectories(FOLDER);
        Files.writeString(
                FOLDER.resolve(title.replace(' ', '-') + ".tsv"), String.join("\t", line) + "\n");
    }
}
