package io.delivery.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.format.EncoderFactory;
import io.delivery.parquet.ArrowReader;
import io.delivery.parquet.DuckDbReader;
import io.delivery.testkit.servers.Tools;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xerial.snappy.SnappyOutputStream;

/** Programs and libraries of others read what we write, and write the same bytes. */
class ForeignReadersTest {
    private static final String GUNZIP =
            "import gzip, sys\nsys.stdout.buffer.write(gzip.open(sys.argv[1]).read())";

    private static final int HADOOP_BLOCK_BYTES = 218_422; // 256 KiB less a sixth and 32 bytes

    @TempDir private Path folder;

    /** Nothing, a byte, one block of each codec and more, what does not compress. */
    static List<byte[]> contents() {
        byte[] noise = new byte[1_500_001];
        new Random(7).nextBytes(noise);
        return List.of(
                new byte[0],
                new byte[1],
                Objects.text(32 * 1024),
                Objects.text(128 * 1024),
                Objects.text(HADOOP_BLOCK_BYTES),
                Objects.text(HADOOP_BLOCK_BYTES + 1),
                Objects.text(6_000_000),
                noise);
    }

    // --- gzip ---

    @ParameterizedTest
    @MethodSource("contents")
    void gzip_reads_a_gzip_object(byte[] content) throws Exception {
        assertThat(output("gzip", List.of("-dc"), object(Encodings.GZIP, content)))
                .isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void gzip_and_python_read_every_level(int level) throws Exception {
        EncoderFactory factory =
                new CompressedEncoderFactory(new Concatenation("", ""), Codec.gzip(level));
        byte[] noise = new byte[300_001];
        new Random(8).nextBytes(noise);
        for (byte[] content : List.of(new byte[0], noise, Objects.text(700_000))) {
            Path object =
                    Files.write(
                            folder.resolve("object.gz"), Objects.encode(factory, List.of(content)));

            assertThat(output("gzip", List.of("-dc"), object)).isEqualTo(content);
            assertThat(output("python3", List.of("-c", GUNZIP), object)).isEqualTo(content);
        }
    }

    @Test
    void a_gzip_object_is_one_member_and_nothing_behind_it() throws Exception {
        byte[] object = encoded(Encodings.GZIP, new byte[100_003]);

        Inflater inflater = new Inflater(true);
        inflater.setInput(object, 10, object.length - 10);
        byte[] all = new byte[200_000];
        assertThat(inflater.inflate(all)).isEqualTo(100_003);
        assertThat(inflater.finished()).isTrue();
        assertThat(inflater.getRemaining()).as("the trailer").isEqualTo(8);
        inflater.end();
    }

    // --- zip ---

    @ParameterizedTest
    @MethodSource("contents")
    void unzip_reads_a_zip_object(byte[] content) throws Exception {
        assertThat(output("unzip", List.of("-p"), object(Encodings.ZIP, content)))
                .isEqualTo(content);
    }

    @ParameterizedTest
    @MethodSource("contents")
    void python_reads_a_zip_object(byte[] content) throws Exception {
        String program =
                "import sys, zipfile\n"
                        + "z = zipfile.ZipFile(sys.argv[1])\n"
                        + "assert z.testzip() is None and len(z.namelist()) == 1\n"
                        + "sys.stdout.buffer.write(z.read(z.namelist()[0]))";

        assertThat(output("python3", List.of("-c", program), object(Encodings.ZIP, content)))
                .isEqualTo(content);
    }

    @ParameterizedTest
    @MethodSource("contents")
    void java_reads_a_zip_object_by_its_directory_and_as_a_stream(byte[] content)
            throws IOException {
        Path object = object(Encodings.ZIP, content);

        try (ZipFile zip = new ZipFile(object.toFile())) {
            assertThat(zip.size()).isEqualTo(1);
            ZipEntry entry = zip.entries().nextElement();
            assertThat(entry.getMethod()).isEqualTo(ZipEntry.DEFLATED);
            assertThat(entry.getSize()).isEqualTo(content.length);
            assertThat(zip.getInputStream(entry).readAllBytes()).isEqualTo(content);
            assertThat(UUID.fromString(entry.getName()).version()).isEqualTo(3);
        }
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(object))) {
            assertThat(zip.getNextEntry()).isNotNull();
            assertThat(zip.readAllBytes()).isEqualTo(content);
            assertThat(zip.getNextEntry()).isNull();
        }
    }

    @Test
    void the_entry_of_a_zip_object_is_named_by_what_is_in_it() throws IOException {
        assertThat(nameOfEntry(Objects.text(900)))
                .isEqualTo(nameOfEntry(Objects.text(900)))
                .isNotEqualTo(nameOfEntry(Objects.text(901)))
                .isNotEqualTo(nameOfEntry(new byte[0]));
    }

    private static String nameOfEntry(byte[] content) throws IOException {
        try (ZipInputStream zip =
                new ZipInputStream(new ByteArrayInputStream(encoded(Encodings.ZIP, content)))) {
            return zip.getNextEntry().getName();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 60, 50_000})
    void a_zip_object_that_would_need_zip64_is_refused(int most) throws IOException {
        BlockStream small = new BlockStream(new ZipCompressor(1, most), 32 * 1024);
        OutputStream nowhere = OutputStream.nullOutputStream();

        assertThatThrownBy(
                        () -> {
                            small.begin(nowhere);
                            small.write(Objects.text(most + 1));
                            small.finish();
                        })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("at most %d bytes".formatted(most));

        small.end();
    }

    // --- Snappy ---

    @ParameterizedTest
    @MethodSource("contents")
    void a_snappy_object_has_the_bytes_that_snappy_java_writes(byte[] content) throws IOException {
        ByteArrayOutputStream theirs = new ByteArrayOutputStream();
        try (OutputStream out = new SnappyOutputStream(theirs)) {
            out.write(content);
        }

        byte[] ours = encoded(Encodings.SNAPPY, content);

        assertThat(ours).isEqualTo(theirs.toByteArray());
        // Contract §3.5.
        assertThat(ours)
                .startsWith(0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1);
    }

    @ParameterizedTest
    @MethodSource("contents")
    void a_hadoop_snappy_object_has_the_bytes_that_hadoop_writes(byte[] content)
            throws IOException {
        ByteArrayOutputStream theirs = new ByteArrayOutputStream();
        try (OutputStream out = HadoopSnappy.writer(theirs)) {
            // What is longer than a block becomes one that its readers need more memory for.
            for (int from = 0; from < content.length; from += HADOOP_BLOCK_BYTES) {
                int to = Math.min(content.length, from + HADOOP_BLOCK_BYTES);
                out.write(Arrays.copyOfRange(content, from, to));
            }
        }

        assertThat(encoded(Encodings.HADOOP_SNAPPY, content)).isEqualTo(theirs.toByteArray());
    }

    /** The framing is read by a program in Python, the blocks by Google's library. */
    @ParameterizedTest
    @MethodSource("contents")
    void the_library_in_c_reads_a_snappy_object(byte[] content) throws Exception {
        assertThat(unsnapped("snappy-java", object(Encodings.SNAPPY, content))).isEqualTo(content);
    }

    @ParameterizedTest
    @MethodSource("contents")
    void the_library_in_c_reads_a_hadoop_snappy_object(byte[] content) throws Exception {
        assertThat(unsnapped("hadoop", object(Encodings.HADOOP_SNAPPY, content)))
                .isEqualTo(content);
    }

    private byte[] unsnapped(String framing, Path object) throws Exception {
        String python = ArrowReader.python();
        Path script = folder.resolve("unsnap.py");
        try (InputStream source =
                ForeignReadersTest.class.getResourceAsStream("/arrow/unsnap.py")) {
            Files.write(script, source.readAllBytes());
        }
        return output(python, List.of(script.toString(), framing), object);
    }

    // --- zstd ---

    @ParameterizedTest
    @MethodSource("contents")
    void zstd_reads_a_zstd_object(byte[] content) throws Exception {
        assertThat(output("zstd", List.of("-dc"), object(Encodings.ZSTD, content)))
                .isEqualTo(content);
    }

    @Test
    void a_frame_of_any_level_has_a_checksum_and_a_window_that_every_reader_has()
            throws IOException {
        byte[] content = Objects.text(100_000);
        for (int level = 1; level <= ZstdCompressor.MOST_LEVEL; level++) {
            byte[] frame =
                    Objects.encode(
                            new CompressedEncoderFactory(
                                    new Concatenation("", ""), Codec.zstd(level)),
                            List.of(content));

            // RFC 8878, section 3.1.1: after the magic number the descriptor and the window.
            int descriptor = frame[4];
            assertThat(descriptor & 1 << 2).as("checksum").isNotZero();
            assertThat(descriptor & 1 << 5).as("a single segment has no window").isZero();
            long base = 1L << 10 + ((frame[5] & 0xff) >> 3);
            long window = base + base / 8 * (frame[5] & 7);
            assertThat(window).as("RFC 9659, section 3").isLessThanOrEqualTo(8 << 20);
        }
    }

    // --- DuckDB ---

    @ParameterizedTest
    @ValueSource(strings = {"GZIP", "ZSTD"})
    void duckdb_reads_lines_in_an_object(Encodings encoding) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            lines.append("{\"number\":%d}\n".formatted(i));
        }
        Path object = object(encoding, lines.toString().getBytes(StandardCharsets.UTF_8));

        try (DuckDbReader duckdb = new DuckDbReader()) {
            assertThat(
                            duckdb.rows(
                                    "SELECT count(*), sum(number) FROM read_ndjson('%s')"
                                            .formatted(object)))
                    .containsExactly("10000|49995000");
        }
    }

    // --- objects ---

    private static byte[] encoded(Encodings encoding, byte[] content) throws IOException {
        EncoderFactory factory = encoding.factory();
        return Objects.encode(factory, List.of(content));
    }

    private Path object(Encodings encoding, byte[] content) throws IOException {
        return Files.write(
                folder.resolve("object" + encoding.extension), encoded(encoding, content));
    }

    /** What a program writes that is given an object. */
    private byte[] output(String program, List<String> arguments, Path object) throws Exception {
        Optional<String> missing =
                Tools.missingProgram(program, program.equals("unzip") ? "-v" : "--version");
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        File output = folder.resolve("output").toFile();
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(arguments);
        command.add(object.toString());
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(output)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
        return Files.readAllBytes(output.toPath());
    }
}
