package io.delivery.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.api.control.Resolver;
import io.delivery.config.DeliveryConfig;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.InvalidConfigException;
import io.delivery.wiring.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Imports of documents that are beside the tests, or of texts. */
final class Imports {
    private Imports() {}

    /** What names mean in a configuration, with the programs as they run. */
    static Resolver resolver(DeliveryConfig config) {
        return new Resolver() {
            @Override
            public DeliveryConfig config() {
                return config;
            }

            @Override
            public Optional<Set<String>> queryKeys(String query) {
                return Programs.OURS.queryKeys(query);
            }

            @Override
            public void checkTimestampFormat(String format) {
                Programs.OURS.checkTimestampFormat(format);
            }
        };
    }

    static ImportFile document(String name) {
        try (InputStream in = Imports.class.getResourceAsStream(name)) {
            return new ImportFile(name, in.readAllBytes());
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    static ImportFile text(String name, String text) {
        return new ImportFile(name, text.getBytes(StandardCharsets.UTF_8));
    }

    static Imported of(ImportFile... files) {
        return new Importer(Imports::resolver).read(List.of(files));
    }

    /** Streams for a configuration. */
    static Imported into(DeliveryConfig config, ImportFile... files) {
        return new Importer(Imports::resolver).read(List.of(files), config);
    }

    static Imported of(String name, String text) {
        return of(text(name, text));
    }

    /** Lines that say so. */
    static List<String> told(Imported imported, Finding.Kind kind) {
        return imported.findings().stream()
                .filter(finding -> finding.kind() == kind)
                .map(finding -> finding.place() + ": " + finding.message())
                .toList();
    }

    /** The configuration that a check accepts. */
    static DeliveryConfig loaded(Path folder, String yaml, String... environment) {
        try {
            Path file = Files.writeString(folder.resolve("imported.yaml"), yaml);
            return new ConfigLoader(variables(environment), Programs.OURS).load(file).config();
        } catch (IOException | InvalidConfigException refused) {
            throw new AssertionError(refused.getMessage() + "\n" + yaml, refused);
        }
    }

    private static Map<String, String> variables(String... namesAndValues) {
        Map<String, String> variables = new java.util.HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            variables.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return variables;
    }

    /** Nothing was imported, for this reason. */
    static void assertRefused(Imported imported, String... words) {
        assertThat(imported.streams()).isZero();
        assertThat(imported.yaml()).isEmpty();
        assertThat(imported.needsALook()).isTrue();
        assertThat(told(imported, Finding.Kind.NOT_IMPORTED))
                .anySatisfy(line -> assertThat(line).contains(Arrays.asList(words)));
    }
}
