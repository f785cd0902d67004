package io.delivery.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of a configuration file, whose stores are replaced. */
class ConfigurationIT {
    private static final Path FILE = Path.of("src/test/resources/streams.yaml");

    @RegisterExtension
    static final Delivery delivery =
            Delivery.withDirectory().configuration(FILE).environment("LAKE_SECRET", "unused");

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc"})
    void rows_of_a_format_have_the_values_of_their_types(String stream) throws Exception {
        Producer.put(
                delivery.endpoint(),
                stream,
                "{\"id\":1,\"price\":\"12.50\",\"day\":\"2026-11-30\",\"tags\":[\"a\",\"b\"]}",
                "{\"id\":2}",
                "{\"id\":\"no number\"}");

        Landed landed = delivery.landed(stream);

        Map<String, Object> second = new HashMap<>();
        second.put("id", 2L);
        second.put("price", null);
        second.put("day", null);
        second.put("tags", null);
        assertThat(landed.rows())
                .containsExactly(
                        Map.of(
                                "id",
                                1L,
                                "price",
                                new BigDecimal("12.50"),
                                "day",
                                LocalDate.of(2026, 11, 30),
                                "tags",
                                List.of("a", "b")),
                        second);
        landed.assertError("DataFormatConversion.MalformedData");
        assertThat(landed.errors().get(0).rawText()).isEqualTo("{\"id\":\"no number\"}");
        assertThat(landed.describe())
                .contains("2 are in the destination, 1 in the error output", "{id=2, ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"measures-parquet", "measures-orc"})
    void values_of_every_type_are_found_as_they_were_written(String stream) throws Exception {
        Producer.put(
                delivery.endpoint(),
                stream,
                """
                {"flag":true,"tiny":-1,"small":300,"whole":70000,"big":9223372036854775807,
                 "ratio":1.1,"exact":0.1,"price":12345678901234567.125,"text":"grüß","code":"ab",
                 "short_text":"abc","day":"2026-11-30","at":"2026-11-30 01:02:03.5","bytes":"\\u0001x",
                 "ratios":[1.1,null],"by_name":{"x":0.7},"place":{"lat":48.2,"label":null}}""");

        Landed landed = delivery.landed(stream).assertNoErrors();

        Map<String, Object> place = new HashMap<>();
        place.put("lat", 48.2);
        place.put("label", null);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("flag", true);
        row.put("tiny", -1L);
        row.put("small", 300L);
        row.put("whole", 70000L);
        row.put("big", Long.MAX_VALUE);
        row.put("ratio", 1.1);
        row.put("exact", 0.1);
        row.put("price", new BigDecimal("12345678901234567.125"));
        row.put("text", "grüß");
        row.put("code", "ab");
        row.put("short_text", "abc");
        row.put("day", LocalDate.of(2026, 11, 30));
        row.put("at", Instant.parse("2026-11-30T01:02:03.500Z"));
        row.put("bytes", "0178");
        row.put("ratios", Arrays.asList(1.1, null));
        row.put("by_name", Map.of("x", 0.7));
        row.put("place", place);
        assertThat(landed.rows()).containsExactly(row);
        landed.assertRow(row).assertRow(Map.of("ratio", 1.1f, "tiny", (byte) -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zip", "zstd", "snappy", "hadoop-snappy"})
    void compressed_objects_are_read(String stream) throws Exception {
        Producer.put(delivery.endpoint(), stream, "{\"n\":1}", "{\"n\":2}");

        Landed landed =
                delivery.landed(stream)
                        .assertLines("{\"n\":1}", "{\"n\":2}")
                        .assertRow(Map.of("n", 2));

        assertThat(landed.objects().get(0).bytes())
                .isNotEqualTo("{\"n\":1}\n{\"n\":2}\n".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void the_backup_is_told_apart() throws Exception {
        Producer.put(delivery.endpoint(), "backed-up", "{\"drop\":false}", "{\"drop\":true}");

        Landed landed = delivery.landed("backed-up").assertRow(Map.of("drop", false));

        assertThat(landed.rows()).hasSize(1);
        assertThat(landed.backup().stream().mapToLong(LandedObject::records).sum()).isEqualTo(2);
        assertThat(landed.describe()).contains("and 1 were dropped", "backup: copies/");
    }

    @Test
    void what_is_wrong_in_the_file_is_told_with_its_line(@TempDir Path folder) throws Exception {
        Path file =
                Files.writeString(folder.resolve("wrong.yaml"), "stores: {lake: {direktory: x}}\n");
        Delivery wrong = Delivery.withConfiguration(file);

        assertThatThrownBy(() -> wrong.begin("test"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the service has not started: ")
                .hasMessageContaining("wrong.yaml:1")
                .hasMessageContaining("direktory");
        Delivery absent = Delivery.withConfiguration(folder.resolve("absent.yaml"));
        assertThatThrownBy(() -> absent.begin("test"))
                .hasMessageContaining("there is no such file");
    }

    @Test
    void the_configuration_for_a_service_beside_LocalStack_is_accepted(@TempDir Path folder)
            throws Exception {
        Matcher block =
                Pattern.compile("(?s)```yaml\n(# delivery.yaml\n.*?)```")
                        .matcher(Files.readString(Path.of("../docs/testing-applications.md")));
        assertThat(block.find()).isTrue();
        Path file = Files.writeString(folder.resolve("delivery.yaml"), block.group(1));
        Delivery documented = Delivery.withDirectory().configuration(file).stream("made", "made");

        documented.begin("test");
        try {
            assertThat(documented.accessKeyId()).isEqualTo("test");
            documented.landed("made").assertRecords(0);
        } finally {
            documented.end("test");
        }
    }

    @Test
    void the_image_that_the_page_names_is_the_one_that_make_image_makes() throws Exception {
        String page = Files.readString(Path.of("../docs/testing-applications.md"));
        Matcher named = Pattern.compile("\\{DELIVERY_IMAGE:-(.+?)}").matcher(image("build"));

        assertThat(named.find()).isTrue();
        assertThat(page).contains("    image: " + named.group(1) + ":");
    }

    private static String image(String file) throws IOException {
        return Files.readString(Path.of("../deploy/image", file));
    }

    @Test
    void callers_with_session_tokens_or_few_rights_are_no_obstacle(@TempDir Path folder)
            throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        server:
                          credentials:
                            - {accessKeyId: app, secretAccessKey: s3cret, sessionToken: token, allow: {actions: [PutRecord*]}}
                            - {accessKeyId: other, secretAccessKey: s3cret, allow: {streams: [other]}}
                            - {accessKeyId: ops, secretAccessKey: s3cret, sessionToken: of-ops}
                        stores: {lake: {directory: lake}}
                        """);
        Delivery configured =
                Delivery.withDirectory().configuration(file).stream("made", "made").start();
        try {
            configured.createStream("other", "made");

            configured.landed("made").assertRecords(0);
            assertThat(configured.sessionToken()).contains("token");
            assertThat(configured.environmentVariables())
                    .containsEntry("AWS_ACCESS_KEY_ID", "app")
                    .containsEntry("AWS_SESSION_TOKEN", "token");
            assertThat(configured.systemProperties()).containsEntry("aws.sessionToken", "token");
        } finally {
            configured.stop();
        }
    }

    @Test
    void stores_may_stay_as_they_are_configured(@TempDir Path folder) throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("delivery.yaml"),
                        """
                        server: {credentials: [{accessKeyId: app, secretAccessKey: s3cret}], region: eu-central-1}
                        stores: {lake: {directory: kept}}
                        streams: {notes: {destination: {bucket: notes}}}
                        """);
        Delivery asConfigured = Delivery.withConfiguration(file).stream("made", "made");

        asConfigured.begin("test");
        try {
            assertThat(asConfigured.accessKeyId()).isEqualTo("app");
            assertThat(asConfigured.secretAccessKey()).isEqualTo("s3cret");
            assertThat(asConfigured.region()).isEqualTo("eu-central-1");
            asConfigured.landed("made").assertRecords(0);
        } finally {
            asConfigured.end("test");
        }

        assertThat(folder.resolve("data")).doesNotExist();
    }
}
