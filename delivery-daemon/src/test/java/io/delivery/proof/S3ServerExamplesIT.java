package io.delivery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.testkit.servers.CephServer;
import io.delivery.testkit.servers.Conformance;
import io.delivery.testkit.servers.GarageServer;
import io.delivery.testkit.servers.LocalStackServer;
import io.delivery.testkit.servers.MinioServer;
import io.delivery.testkit.servers.S3Bucket;
import io.delivery.testkit.servers.S3Server;
import io.delivery.testkit.servers.SeaweedServer;
import io.delivery.testkit.servers.VersityServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The example of each server that speaks S3, before that server. Each build runs that of MinIO, the
 * others are run by {@code make conformance}.
 */
class S3ServerExamplesIT {
    @TempDir private Path folder;

    /** The servers that are processes beside the tests. That of AWS is in {@link WebIdentityIT}. */
    private enum Example {
        MINIO("s3-minio", MinioServer::missing, MinioServer::start),
        LOCALSTACK("s3-localstack", LocalStackServer::missing, LocalStackServer::start),
        VERSITYGW("s3-versitygw", VersityServer::missing, VersityServer::start),
        GARAGE("s3-garage", GarageServer::missing, GarageServer::start),
        SEAWEEDFS("s3-seaweedfs", SeaweedServer::missing, SeaweedServer::start),
        CEPH("s3-ceph", CephServer::missing, CephServer::start);

        private final String file;
        private final Supplier<Optional<String>> missing;
        private final Supplier<S3Server> start;

        Example(String file, Supplier<Optional<String>> missing, Supplier<S3Server> start) {
            this.file = file;
            this.missing = missing;
            this.start = start;
        }

        private Optional<String> unwanted() {
            return this == MINIO ? Optional.empty() : Conformance.unwanted();
        }
    }

    @Test
    void every_example_of_a_server_is_run() throws IOException {
        List<String> run =
                Stream.concat(
                                Arrays.stream(Example.values()).map(example -> example.file),
                                Stream.of(WebIdentityIT.EXAMPLE))
                        .sorted()
                        .toList();

        try (Stream<Path> files = Files.list(ServerExample.FOLDER)) {
            assertThat(
                            files.map(file -> file.getFileName().toString())
                                    .filter(name -> name.matches("s3-[^.]*\\.yaml"))
                                    .map(name -> name.replace(".yaml", "")))
                    .containsExactlyInAnyOrderElementsOf(run);
        }
    }

    @ParameterizedTest
    @EnumSource(Example.class)
    void the_example_of_a_server_lands_what_its_test_says(Example example) throws Exception {
        Optional<String> missing = example.missing.get().or(example::unwanted);
        assumeTrue(missing.isEmpty(), () -> example.file + ": " + missing.orElse(""));
        try (S3Server server = example.start.get()) {
            ServerExample here =
                    ServerExample.in(
                            folder,
                            example.file,
                            Map.of(
                                    "S3_ENDPOINT", server.endpoint().toString(),
                                    "S3_ACCESS_KEY", server.accessKeyId(),
                                    "S3_SECRET_KEY", server.secretAccessKey()));
            try (S3Bucket bucket = S3Bucket.create(server, here.bucket())) {
                here.doesWhatItsTestSays(bucket);
            }
        }
    }
}
