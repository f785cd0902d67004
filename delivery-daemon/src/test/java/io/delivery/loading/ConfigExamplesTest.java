package io.delivery.loading;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.CatalogDefinition;
import io.delivery.config.FormatSettings;
import io.delivery.wiring.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigExamplesTest {
    private static final Path FOLDER = Path.of("../config-examples");
    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "S3_ENDPOINT", "http://127.0.0.1:9000",
                    "S3_ACCESS_KEY", "access",
                    "S3_SECRET_KEY", "secret",
                    "LOGS_SECRET", "also secret",
                    "DELIVERY_KEY_K1", "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=");

    static Stream<Path> examples() throws Exception {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files
                    .filter(f -> f.toString().endsWith(".yaml"))
                    .filter(f -> !f.toString().endsWith(".test.yaml"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void every_example_is_accepted(Path example) throws Exception {
        LoadedConfig loaded = loader().load(example);

        assertThat(loaded.streams()).isNotEmpty();
    }

    @Test
    void the_clickstream_example_reads_as_it_is_written() throws Exception {
        LoadedConfig loaded = loader().load(FOLDER.resolve("clickstream-parquet.yaml"));

        var stream = loaded.config().stream("clickstream").orElseThrow();
        assertThat(stream.format()).isInstanceOf(FormatSettings.Converted.class);
        assertThat(stream.partitioning().orElseThrow().activePartitionsLimit()).isEqualTo(1000);
        assertThat(stream.partitioning().orElseThrow().queryKeys())
                .contains(Set.of("customer_id", "region"));
        assertThat(stream.backup().orElseThrow().bucket()).isEqualTo("events-raw");
        assertThat(loaded.config().catalog("main").orElseThrow().definition())
                .isInstanceOfSatisfying(
                        CatalogDefinition.Files.class,
                        files ->
                                assertThat(files.directory())
                                        .isDirectoryContaining("glob:**/analytics"));
    }

    private static ConfigLoader loader() {
        return new ConfigLoader(ENVIRONMENT, Programs.OURS);
    }
}
