package io.delivery.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar as it is built, with the program in it, in front of a folder. */
class DirectoryIT {
    @RegisterExtension
    static final Delivery delivery =
            Delivery.withDirectory().stream("ready", "lake").timeout(Duration.ofSeconds(60));

    @BeforeAll
    static void a_stream_is_there_before_all_tests() throws Exception {
        Producer.put(delivery.endpoint(), "ready", "first\n");
    }

    @AfterAll
    static void the_service_is_there_after_all_tests() {
        assertThat(delivery.landed("ready").lines()).startsWith("first");
    }

    @Test
    void what_was_put_has_landed_when_it_is_asked_for() throws Exception {
        delivery.createStream("orders", "orders-bucket");
        Producer.put(delivery.endpoint(), "orders", "one\n", "two\n");

        Landed landed = delivery.landed("orders").assertLines("one", "two").assertNoErrors();

        assertThat(landed.records()).isEqualTo(2);
        assertThat(landed.objects())
                .allSatisfy(
                        object -> {
                            assertThat(object.bucket()).isEqualTo("orders-bucket");
                            assertThat(object.key())
                                    .matches("\\d{4}/\\d\\d/\\d\\d/\\d\\d/orders-1-.*");
                        });
        Producer.put(delivery.endpoint(), "orders", "three\n");
        delivery.flush("orders");
        delivery.landed("orders").assertLines("one", "two", "three");
        landed.assertLines("one", "two"); // what had landed then
    }

    @Test
    void objects_of_JSON_are_rows_whatever_is_between_them() throws Exception {
        delivery.createStream("json", "json");
        Producer.put(
                delivery.endpoint(),
                "json",
                "{\"id\":1,\"big\":123456789012345678901234567890}",
                "{\"id\":2,\"nested\":{\"tags\":[\"a\",null,true,1.5]}}");

        Landed landed = delivery.landed("json");

        landed.assertRow(Map.of("id", 1)).assertRow(Map.of("id", 2)).assertRecords(2);
        assertThat(landed.rows().get(1).get("nested").toString())
                .isEqualTo("{tags=[a, null, true, 1.5]}");
    }

    @Test
    void objects_of_JSON_are_rows_behind_a_byte_order_mark_too() throws Exception {
        delivery.createStream("marked", "marked");
        Producer.put(delivery.endpoint(), "marked", "\uFEFF{\"id\":1}\n", "{\"id\":2}\n");

        delivery.landed("marked").assertRow(Map.of("id", 1)).assertRow(Map.of("id", 2));
    }

    @Test
    void numbers_of_JSON_keep_all_their_digits() throws Exception {
        delivery.createStream("numbers", "numbers");
        Producer.put(
                delivery.endpoint(),
                "numbers",
                "{\"id\":1,\"near\":0.1,\"exact\":12345678901234567890.123,\"much\":1e400}");

        Map<String, Object> row = delivery.landed("numbers").rows().get(0);

        assertThat(row)
                .containsEntry("near", 0.1)
                .containsEntry("exact", new BigDecimal("12345678901234567890.123"))
                .containsEntry("much", new BigDecimal("1e400"));
    }

    /** Some look like the beginning of UTF-32, or of UTF-16, to those who guess. */
    @ParameterizedTest
    @ValueSource(strings = {"0000007b6e6f", "007b007d", "fffe7b007d00", "7b22c3227d", "ff0001"})
    void records_of_any_bytes_are_shown(String hex) throws Exception {
        byte[] record = HexFormat.of().parseHex(hex);
        delivery.createStream("bytes-" + hex, "bytes");
        Producer.put(delivery.endpoint(), "bytes-" + hex, record, record);

        Landed landed = delivery.landed("bytes-" + hex).assertRecords(2).assertNoErrors();

        assertThat(HexFormat.of().formatHex(landed.objects().get(0).content()))
                .isEqualTo(hex + hex);
        assertThatThrownBy(landed::rows)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("has something else in it than objects of JSON");
    }

    @Test
    void a_stream_without_a_record_has_landed_nothing() {
        delivery.createStream("silent", "silent");

        delivery.landed("silent").assertRecords(0).assertLines().assertNoErrors();
    }

    @Test
    void records_that_are_put_in_the_background_are_waited_for() throws Exception {
        delivery.createStream("background", "background");
        CompletableFuture<Void> putting =
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                for (int i = 0; i < 20; i++) {
                                    Producer.put(delivery.endpoint(), "background", i + "\n");
                                }
                            } catch (Exception failed) {
                                throw new AssertionError(failed);
                            }
                        });

        delivery.landed("background", 20).assertRecords(20);

        putting.get();
    }

    @Test
    void records_that_never_come_are_told_with_what_landed_instead() throws Exception {
        Delivery impatient =
                Delivery.withDirectory().stream("few", "few").timeout(Duration.ofMillis(300));
        impatient.begin("test");
        try {
            Producer.put(impatient.endpoint(), "few", "only one\n");

            assertThatThrownBy(() -> impatient.landed("few", 2))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("1 records were put into few within 300 ms, not 2\n");
        } finally {
            impatient.end("test");
        }
    }

    @Test
    void a_stream_that_there_is_not_is_told_with_those_that_there_are() {
        assertThatThrownBy(() -> delivery.landed("reddy"))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("there is no stream reddy; there are: ")
                .hasMessageContaining("ready");
        assertThatThrownBy(() -> delivery.flush("reddy")).hasMessageContaining("reddy");
    }

    @Test
    void what_the_API_refuses_is_told_in_its_words() {
        assertThatThrownBy(() -> delivery.createStream("ready", "lake"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ResourceInUseException")
                .hasMessageContaining("ready");
        assertThatThrownBy(() -> delivery.createStream("no JSON"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the request is no JSON");
    }

    @Test
    void an_application_is_pointed_at_the_service_by_variables_or_properties() {
        String endpoint = delivery.endpoint().toString();

        assertThat(delivery.environmentVariables())
                .containsEntry("AWS_ENDPOINT_URL_FIREHOSE", endpoint)
                .containsEntry("AWS_REGION", delivery.region())
                .containsEntry("AWS_ACCESS_KEY_ID", delivery.accessKeyId())
                .containsEntry("AWS_SECRET_ACCESS_KEY", delivery.secretAccessKey());
        assertThat(delivery.systemProperties())
                .containsEntry("aws.endpointUrlFirehose", endpoint)
                .containsEntry("aws.region", "us-east-1");
        assertThatThrownBy(delivery::s3).hasMessage("objects land in no S3 server here");
    }

    @Test
    void a_service_begins_with_nothing_and_leaves_nothing() throws Exception {
        Delivery other = Delivery.withDirectory();
        assertThatThrownBy(other::endpoint)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("@RegisterExtension");
        List<Path> before = services();

        other.begin("test");
        other.createStream("ready", "lake");
        Producer.put(other.endpoint(), "ready", "other\n");
        other.landed("ready").assertLines("other");
        assertThat(services()).hasSizeGreaterThan(before.size());
        other.end("test");

        assertThat(services()).isEqualTo(before);
        assertThatThrownBy(() -> other.landed("ready")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_test_that_ends_without_having_begun_takes_the_service_from_nobody() {
        Delivery shared = Delivery.withDirectory();
        shared.begin("class");
        try {
            shared.end("a test before which another extension failed");

            assertThat(shared.endpoint()).isNotNull();
        } finally {
            shared.end("class");
        }
    }

    private static List<Path> services() throws Exception {
        try (var folders = Files.list(Children.program().directory())) {
            return folders.filter(f -> f.getFileName().toString().startsWith("service-"))
                    .sorted()
                    .toList();
        }
    }

    @Nested
    class ClassesWithin {
        @Test
        void have_the_same_service() throws Exception {
            Producer.put(delivery.endpoint(), "ready", "nested\n");

            assertThat(delivery.landed("ready").lines()).contains("first", "nested");
        }
    }
}
