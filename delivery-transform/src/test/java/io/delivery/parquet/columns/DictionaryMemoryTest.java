package io.delivery.parquet.columns;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.parquet.ParquetSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What dictionaries take of an encoder's memory. */
class DictionaryMemoryTest {
    /** The heap of a process has nothing else in it but what the JVM itself needs. */
    @ParameterizedTest
    @CsvSource({"int,4,V1", "int,4,V2", "string,9,V1"})
    void dictionaries_that_are_full_all_at_once_fit_into_the_memory_that_is_reserved(
            String type, String columns, String version) throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-Xmx" + ParquetSettings.DEFAULTS.memoryBytes(),
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                DictionaryFile.class.getName(),
                                type,
                                columns,
                                version)
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
    }
}
