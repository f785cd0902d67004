package io.delivery.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.testkit.servers.Conformance;
import io.delivery.testkit.servers.LocalStackServer;
import io.delivery.testkit.servers.MinioServer;
import io.delivery.testkit.servers.S3Server;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Objects land in servers that speak S3, and are read back from there. */
class S3ServersIT {
    @RegisterExtension static final Delivery delivery = Delivery.withS3Proxy();

    /** In its own field, so that each test has a service and a server of its own. */
    @RegisterExtension final Delivery ofEachTest = Delivery.withS3Proxy();

    @Test
    void objects_land_in_an_S3Proxy_of_the_class() throws Exception {
        landsAndIsReadBack(delivery, "lake");

        assertThat(delivery.s3().endpoint().getHost()).isEqualTo("127.0.0.1");
        assertThat(delivery.s3().endpoint()).isNotEqualTo(ofEachTest.s3().endpoint());
        assertThat(delivery.s3().toString()).doesNotContain(delivery.s3().secretAccessKey());
    }

    @Test
    void another_server_with_the_same_buckets_has_its_own_objects() throws Exception {
        landsAndIsReadBack(ofEachTest, "lake");
    }

    @Test
    void a_configuration_of_S3_stores_lands_in_S3Proxy() throws Exception {
        Delivery configured =
                Delivery.withS3Proxy()
                        .configuration(Path.of("src/test/resources/streams.yaml"))
                        .environment("LAKE_SECRET", "unused");
        configured.begin("test");
        try {
            Producer.put(configured.endpoint(), "parquet", "{\"id\":1}");

            configured.landed("parquet").assertRow(Map.of("id", 1)).assertNoErrors();
        } finally {
            configured.end("test");
        }
    }

    @Test
    void objects_land_in_a_LocalStack_that_somebody_has_started() throws Exception {
        Conformance.assumeWanted();
        given(LocalStackServer.missing(), LocalStackServer::start, "LocalStack");
    }

    @Test
    void objects_land_in_a_MinIO_that_somebody_has_started() throws Exception {
        given(MinioServer.missing(), MinioServer::start, "MinIO");
    }

    /** Two services, one after the other, with the same stream and bucket: as test classes are. */
    private static void given(Optional<String> missing, Supplier<S3Server> start, String name)
            throws Exception {
        assumeTrue(missing.isEmpty(), () -> name + ": " + missing.orElse(""));
        String bucket = "lake-" + UUID.randomUUID();
        try (S3Server server = start.get()) {
            for (int service = 0; service < 2; service++) {
                Delivery given =
                        Delivery.withS3(
                                        server::endpoint,
                                        server.accessKeyId(),
                                        server.secretAccessKey())
                                .timeout(Duration.ofSeconds(60));
                given.begin("test");
                try {
                    landsAndIsReadBack(given, bucket);
                } finally {
                    given.end("test");
                }
            }
        }
    }

    /** Also that nothing else is told which is in the bucket. */
    private static void landsAndIsReadBack(Delivery in, String bucket) throws Exception {
        in.createStream("orders", bucket);
        Producer.put(in.endpoint(), "orders", "one\n", "two\n");

        Landed landed = in.landed("orders").assertLines("one", "two").assertNoErrors();

        assertThat(landed.objects())
                .allSatisfy(object -> assertThat(object.bucket()).isEqualTo(bucket));
    }

    @Test
    void a_server_that_does_not_answer_is_told_as_what_keeps_a_record_from_landing()
            throws Exception {
        Delivery unreachable =
                Delivery.withS3(() -> URI.create("http://127.0.0.1:1"), "any", "any").stream(
                                "orders", "lake")
                        .timeout(Duration.ofSeconds(2));
        unreachable.begin("test");
        try {
            Producer.put(unreachable.endpoint(), "orders", "one\n");

            assertThatThrownBy(() -> unreachable.landed("orders"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("stream orders has not landed within 2 s: ")
                    .hasMessageContaining("main-1 has accepted 1 records, 1 of them are still");
        } finally {
            unreachable.end("test");
        }
    }

    /** Connections are made, by the kernel, and nobody reads what is sent. */
    @Test
    void a_server_that_never_answers_holds_up_neither_a_test_nor_the_end_of_its_class()
            throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            URI endpoint = URI.create("http://127.0.0.1:" + silent.getLocalPort());
            Delivery waiting =
                    Delivery.withS3(() -> endpoint, "any", "any").stream("orders", "lake")
                            .timeout(Duration.ofSeconds(1))
                            .start();
            try {
                Producer.put(waiting.endpoint(), "orders", "one\n");

                assertThatThrownBy(() -> waiting.landed("orders"))
                        .isInstanceOf(AssertionError.class)
                        .hasMessageStartingWith("stream orders has not landed within 1 s: ");
            } finally {
                assertTimeout(Duration.ofSeconds(45), waiting::stop);
            }
        }
    }

    @Test
    void a_container_is_started_where_there_is_Docker() throws Exception {
        Optional<String> missing = Containers.missing();
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        Delivery container = Delivery.withMinioContainer("minio/minio");
        container.begin("test");
        try {
            landsAndIsReadBack(container, "lake");
        } finally {
            container.end("test");
        }
    }

    @Test
    void without_Docker_tests_fail_unless_they_are_to_be_skipped() {
        assumeTrue(Containers.missing().isPresent(), "there is Docker here");

        assertThatThrownBy(() -> Delivery.withLocalStackContainer("localstack").begin("test"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Testcontainers finds no Docker here. skippedWithoutDocker() skips the tests"
                                + " instead");
        assertThatThrownBy(
                        () ->
                                Delivery.withMinioContainer("minio")
                                        .skippedWithoutDocker()
                                        .begin("test"))
                .satisfies(
                        skipped ->
                                assertThat(skipped.getClass().getSimpleName())
                                        .isEqualTo("TestAbortedException"))
                .hasMessageContaining("Testcontainers finds no Docker here");
    }

    @Test
    void a_service_that_is_started_by_hand_without_Docker_skips_the_tests_that_ask_for_it() {
        assumeTrue(Containers.missing().isPresent(), "there is Docker here");

        Delivery absent = Delivery.withMinioContainer("minio").skippedWithoutDocker().start();

        assertThatThrownBy(absent::endpoint)
                .satisfies(
                        skipped ->
                                assertThat(skipped.getClass().getSimpleName())
                                        .isEqualTo("TestAbortedException"))
                .hasMessageContaining("Testcontainers finds no Docker here");
        absent.stop();
        assertThatThrownBy(absent::endpoint).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Delivery.withMinioContainer("minio").start())
                .isInstanceOf(IllegalStateException.class);
    }
}
