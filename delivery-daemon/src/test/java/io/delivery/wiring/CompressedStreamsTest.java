package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.api.http.FirehoseClient;
import io.delivery.loading.ConfigLoader;
import io.delivery.machine.SystemClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams with each compression, in a service in this process, into a directory. */
class CompressedStreamsTest {
    private static final List<String> COMPRESSIONS =
            List.of(
                    "gzip",
                    "zip",
                    "snappy",
                    "hadoopSnappy",
                    "zstd",
                    "{gzip: {level: 1}}",
                    "{zip: {level: 9}}",
                    "{zstd: {level: 9}}");
    private static final String RECORDS =
            String.join(
                    "", IntStream.range(0, 500).mapToObj(CompressedStreamsTest::record).toList());

    @TempDir private static Path folder;

    @BeforeAll
    static void land() throws Exception {
        StringBuilder streams = new StringBuilder();
        for (String compression : COMPRESSIONS) {
            streams.append(
                    """
                      %1$s:
                        destination: {bucket: events, prefix: '%1$s/', compression: %2$s}
                        backup: {bucket: raw, prefix: '%1$s/', compression: %2$s}
                    """
                            .formatted(name(compression), compression));
        }
        Files.writeString(
                folder.resolve("delivery.yaml"),
                """
                server: {api: 127.0.0.1:0, admin: 127.0.0.1:0}
                dataDir: data
                limits: {memory: 128MB}
                stores: {lake: {directory: lake}}
                streams:
                  renamed:
                    destination: {bucket: events, prefix: renamed/, compression: zstd, fileExtension: .ndjson.zstd}
                """
                        + streams);
        ConfigLoader loader = new ConfigLoader(Map.of(), Programs.OURS);
        try (Service service = Service.start(loader.load(folder.resolve("delivery.yaml")))) {
            FirehoseClient client =
                    new FirehoseClient(service.apiUri(), Optional.empty(), new SystemClock());
            List<byte[]> records =
                    IntStream.range(0, 500)
                            .mapToObj(i -> record(i).getBytes(StandardCharsets.UTF_8))
                            .toList();
            for (String compression : COMPRESSIONS) {
                client.putRecordBatch(name(compression), records);
            }
            client.putRecordBatch("renamed", records);
            service.flush().get(30, TimeUnit.SECONDS);
        }
    }

    private static String record(int number) {
        return "{\"number\":%d,\"text\":\"one like the other\"}\n".formatted(number);
    }

    /** Of a stream with a setting. */
    private static String name(String compression) {
        return compression.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-|-$", "");
    }

    @ParameterizedTest
    @CsvSource({
        "gzip, .gz, 1f8b08",
        "zip, .zip, 504b0304",
        "snappy, .snappy, 82534e415050590000000001",
        "hadoopSnappy, .snappy, ",
        "zstd, .zst, 28b52ffd",
        "gzip-level-1, .gz, 1f8b08",
        "zip-level-9, .zip, 504b0304",
        "zstd-level-9, .zst, 28b52ffd",
        "renamed, .ndjson.zstd, 28b52ffd"
    })
    void an_object_has_the_extension_and_the_first_bytes_of_its_compression(
            String stream, String extension, String first) throws IOException {
        Path object = objects(stream).get(0);

        assertThat(extension(object)).isEqualTo(extension);
        String begin = first == null ? lengthOfRecords() : first;
        assertThat(HexFormat.of().formatHex(Files.readAllBytes(object))).startsWith(begin);
    }

    /** What an object of one block of Hadoop's begins with. */
    private static String lengthOfRecords() {
        byte[] length = ByteBuffer.allocate(Integer.BYTES).putInt(RECORDS.length()).array();
        return HexFormat.of().formatHex(length);
    }

    /** What is behind the UUID at the end of its name. */
    private static String extension(Path object) {
        return object.getFileName().toString().replaceFirst("^[^.]*", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "gzip-level-1"})
    void objects_of_gzip_hold_the_records_in_destination_and_backup(String stream)
            throws IOException {
        assertThat(objects(stream))
                .hasSize(2)
                .allSatisfy(
                        object ->
                                assertThat(
                                                new GZIPInputStream(Files.newInputStream(object))
                                                        .readAllBytes())
                                        .asString()
                                        .isEqualTo(RECORDS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip", "zip-level-9"})
    void objects_of_zip_hold_the_records_in_destination_and_backup(String stream)
            throws IOException {
        assertThat(objects(stream))
                .hasSize(2)
                .allSatisfy(object -> assertThat(entry(object)).isEqualTo(RECORDS));
    }

    private static String entry(Path object) throws IOException {
        byte[] bytes = Files.readAllBytes(object);
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            zip.getNextEntry();
            return new String(zip.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void verify_compares_the_bytes_of_every_compression() {
        ProgramRun read =
                ProgramRun.of(
                        Map.of(),
                        "verify",
                        "-c",
                        folder.resolve("delivery.yaml").toString(),
                        "--read");

        assertThat(read.exitCode()).as(read.out() + read.err()).isZero();
        assertThat(read.out()).endsWith("everything is as it was recorded\n");
    }

    /** In the destination and in the backup. */
    private static List<Path> objects(String stream) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("lake"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains("/" + stream + "/"))
                    .sorted()
                    .toList();
        }
    }
}
