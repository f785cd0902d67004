package io.delivery.loading;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.StreamDefinition;
import io.delivery.wiring.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigTextTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "S3_ENDPOINT", "http://127.0.0.1:9000",
                    "S3_ACCESS_KEY", "access",
                    "S3_SECRET_KEY", "secret",
                    "LOGS_SECRET", "also secret",
                    "DELIVERY_KEY_K1", "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=");

    @TempDir private Path folder;

    static Stream<Path> examples() throws Exception {
        return ConfigExamplesTest.examples();
    }

    private static String text(StreamDefinition stream) {
        return ConfigText.of(List.of(), ConfigText.settings(stream));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void the_streams_of_every_example_are_the_same_once_they_were_written_and_read(Path example)
            throws Exception {
        ConfigLoader loader = new ConfigLoader(ENVIRONMENT, Programs.OURS);
        LoadedConfig loaded = loader.load(example);

        for (StreamDefinition stream : loaded.config().streams()) {
            LoadedStream again =
                    loader.loadStream(stream.name(), text(stream), example, loaded.config());
            assertThat(again.definition()).as(text(stream)).isEqualTo(stream);
        }
    }

    @Test
    void what_has_its_default_is_left_out() {
        LoadedConfig loaded =
                ConfigFile.stream(
                                folder,
                                """
                                source: directPut
                                buffer: {size: 5MB, interval: 300s, lowLatency: false}
                                format: {raw: {delimiter: none}}
                                destination: {bucket: b, compression: none, timezone: UTC}
                                backup: {bucket: kept, buffer: {size: 5MB}, delimiter: none}
                                """)
                        .load();

        assertThat(text(loaded.config().streams().get(0)))
                .isEqualTo(
                        """
                        destination:
                          store: local
                          bucket: b
                        backup:
                          store: local
                          bucket: kept
                        """);
    }

    @Test
    void a_buffer_is_left_out_by_what_the_format_makes_its_default() {
        LoadedConfig loaded =
                ConfigFile.in(
                                folder,
                                ConfigFile.STORES
                                        + """
                                        catalogs: {main: {file: .}}
                                        streams:
                                          s:
                                            buffer: {size: 128MB}
                                            format: {parquet: {}, schema: {table: d.t}}
                                            destination: {bucket: b, errorPrefix: e/}
                                        """)
                        .load();

        assertThat(text(loaded.config().streams().get(0)))
                .isEqualTo(
                        """
                        format:
                          parquet: {}
                          schema:
                            catalog: main
                            table: d.t
                        destination:
                          store: local
                          bucket: b
                          errorPrefix: e/
                        """);
    }

    @Test
    void settings_come_in_the_order_of_the_reference() throws Exception {
        String page = ConfigReference.markdown();
        for (Path example : examples().toList()) {
            LoadedConfig loaded = new ConfigLoader(ENVIRONMENT, Programs.OURS).load(example);
            for (StreamDefinition stream : loaded.config().streams()) {
                assertOrder(page, "streams.NAME", ConfigText.settings(stream));
            }
        }
    }

    /** Each section of the page has a row for each of its settings. */
    private static void assertOrder(String page, String section, Map<?, ?> settings) {
        int heading = page.indexOf("## `%s`\n".formatted(section));
        if (heading < 0) {
            return; // names of the user's
        }
        int end = page.indexOf("\n## ", heading + 1);
        String rows = page.substring(heading, end < 0 ? page.length() : end);
        List<Integer> places = new ArrayList<>();
        settings.forEach(
                (name, value) -> {
                    places.add(rows.indexOf("\n| `%s` |".formatted(name)));
                    if (value instanceof Map<?, ?> below) {
                        assertOrder(page, section + "." + name, below);
                    }
                });
        assertThat(places).as("%s in %s", section, settings).isSorted().doesNotContain(-1);
    }

    @Test
    void a_comment_cannot_become_a_setting() throws Exception {
        String text =
                ConfigText.of(
                        List.of("from a\nstores: {}", "and b\u0085evil: 1", "c\u2028d"),
                        Map.of("streams", Map.of()));

        assertThat(text.lines()).hasSize(4).filteredOn(line -> !line.startsWith("#")).hasSize(1);
        assertThat(
                        new ConfigLoader(Map.of(), Programs.OURS)
                                .load(Files.writeString(folder.resolve("c.yaml"), text))
                                .streams())
                .isEmpty();
    }

    @Test
    void texts_that_yaml_would_read_otherwise_are_quoted() {
        Map<String, Object> texts = new java.util.LinkedHashMap<>();
        for (String text :
                List.of("null", "~", "", " a", "a: b", "- a", "#a", "'", "\n", "é", "a#b", "yes")) {
            texts.put("k" + texts.size(), text);
        }

        assertThat(ConfigText.of(List.of(), texts))
                .isEqualTo(
                        """
                        k0: 'null'
                        k1: '~'
                        k2: ''
                        k3: ' a'
                        k4: 'a: b'
                        k5: '- a'
                        k6: '#a'
                        k7: ''''
                        k8: "\\n"
                        k9: "é"
                        k10: 'a#b'
                        k11: yes
                        """);
    }
}
