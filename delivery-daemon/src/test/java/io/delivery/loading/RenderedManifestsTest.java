package io.delivery.loading;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.DeliveryConfig;
import io.delivery.wiring.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the Helm chart renders, and deploy/manifests keeps, is a configuration of this program. */
class RenderedManifestsTest {
    private static final String KEY = "  delivery.yaml: |\n";

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"demo", "any-s3"})
    void the_configuration_of_the_manifests_is_accepted_once_its_secrets_are_there(String name)
            throws Exception {
        String manifests = Files.readString(Path.of("../deploy/manifests/" + name + ".yaml"));
        String text = configuration(manifests).replace("/etc/delivery/secrets", folder.toString());
        ConfigFile.write(
                folder.resolve("callers/callers.yaml"),
                "- {accessKeyId: shop, secretAccessKey: a-long-secret}\n");
        ConfigFile.write(folder.resolve("admin/admin.token"), "a-long-token\n");
        ConfigFile.write(folder.resolve("s3/credentials"), "[default]\n");
        ConfigFile.write(folder.resolve("house/ca.crt"), "");
        Path file = ConfigFile.write(folder.resolve("delivery.yaml"), text);

        DeliveryConfig config = new ConfigLoader(Map.of(), Programs.OURS).load(file).config();

        assertThat(config.streams()).hasSize(1);
        assertThat(config.stores()).hasSize(1);
        assertThat(config.dataDir()).isEqualTo(Path.of("/var/lib/delivery/data"));
        Duration longest = config.server().shutdown().longest();
        assertThat(manifests)
                .contains("terminationGracePeriodSeconds: %d".formatted(longest.toSeconds()));
    }

    /** The lines below the key of the ConfigMap, which are further in than the key. */
    private static String configuration(String manifests) {
        String below = manifests.substring(manifests.indexOf(KEY) + KEY.length());
        return below.lines()
                .takeWhile(line -> line.startsWith("    ") || line.isEmpty())
                .map(String::stripTrailing)
                .collect(Collectors.joining("\n"))
                .stripIndent();
    }
}
