package io.delivery.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.DecoderOptions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigValuesTest {
    @ParameterizedTest
    @CsvSource({
        "*, '', true", "*, anything, true", "team-*, team-a, true", "team-*, teams, false",
        "a?c, abc, true", "a?c, ac, false", "*-raw-*, x-raw-raw-y, true", "a*b*c, aXbXbXc, true",
        "a*b*c, aXbX, false", "'', '', true", "'', a, false", "a.c, abc, false"
    })
    void a_pattern_knows_star_and_question_mark(String pattern, String text, boolean matches) {
        assertThat(new Glob(pattern).matches(text)).isEqualTo(matches);
    }

    @Test
    void a_hostile_pattern_takes_no_longer_than_pattern_times_text() {
        assertThat(new Glob("*a".repeat(1000) + "b").matches("a".repeat(5000))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:4573, true", "localhost:0, true", "'[::1]:80', true", "127.1.2.3:1, true",
        "0.0.0.0:4573, false", "'[::]:80', false", "127.evil.example:80, false", "host:65535, false"
    })
    void an_address_reads_back_and_tells_whether_it_is_loopback(String text, boolean loopback) {
        ListenAddress address = ListenAddress.parse(text).orElseThrow();

        assertThat(address).hasToString(text);
        assertThat(address.loopback()).isEqualTo(loopback);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4573", ":4573", "host", "host:", "host:x", "host:65536", "::1:80"})
    void anything_else_is_no_address(String text) {
        assertThat(ListenAddress.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes, 0B",
        "1024, 1 KB, 1KB",
        "1536, 1.5 KB, 1536B",
        "5368709120, 5 GB, 5GB"
    })
    void bytes_read_well(long bytes, String text, String setting) {
        assertThat(ByteSize.text(bytes)).isEqualTo(text);
        assertThat(ByteSize.setting(bytes)).isEqualTo(setting);
    }

    @Test
    void the_parts_of_the_memory_are_the_whole() {
        for (long memory : new long[] {64L << 20, (1L << 30) + 7}) {
            MemoryDivision parts = MemoryDivision.of(memory);
            assertThat(
                            parts.requestBytes()
                                    + parts.blockBytes()
                                    + parts.encodingBytes()
                                    + parts.uploadBytes())
                    .isEqualTo(memory);
        }
    }

    @Test
    void limits_at_the_edge_of_the_machine_are_accepted() {
        ConfigProblems problems = new ConfigProblems();

        Limits limits = new Limits(1L << 30, 60_000, 0, 1 << 20);
        limits.validateOnMachine("limits", 100_000, problems);

        assertThat(problems.all()).isEmpty();
        long room = (1L << 30) + (1 << 20);
        assertThat(limits.fitInto(room)).isTrue();
        assertThat(limits.fitInto(room - 1)).isFalse();
    }

    @Test
    void a_request_body_has_16_MiB_or_an_eighth_of_the_memory_where_nothing_is_said() {
        assertThat(Limits.defaultRequestBodyBytes(Limits.MIN_MEMORY_BYTES)).isEqualTo(8L << 20);
        assertThat(Limits.defaultRequestBodyBytes(100L << 20)).isEqualTo(12L << 20);
        assertThat(Limits.defaultRequestBodyBytes(128L << 20)).isEqualTo(16L << 20);
        assertThat(Limits.defaultRequestBodyBytes(4L << 30)).isEqualTo(16L << 20);
    }

    @Test
    void a_caller_may_do_what_is_listed() {
        ApiCredentials caller =
                new ApiCredentials(
                        new AccessKey("id", new Secret("key")),
                        List.of(new Glob("PutRecord*")),
                        List.of(new Glob("team-*")));

        assertThat(caller.allows("PutRecordBatch", "team-a")).isTrue();
        assertThat(caller.allows("PutRecordBatch", "other")).isFalse();
        assertThat(caller.allows("DescribeDeliveryStream", "team-a")).isFalse();
        assertThat(caller.toString()).contains("***").doesNotContain("value=key");
    }

    @Test
    void a_stream_that_says_nothing_has_the_defaults_of_the_api() {
        FormatSettings parquet =
                new FormatSettings.Converted(
                        ColumnarSettings.Parquet.DEFAULTS,
                        new FormatSettings.SchemaReference("c", "d", "t", "LATEST"),
                        DecoderOptions.DEFAULTS);
        PartitioningSettings partitioned =
                new PartitioningSettings(Optional.of("{a: .a}"), Optional.empty(), 500);

        // 5 MB and 300 s; 128 MB where the least is 64: API reference, BufferingHints.
        assertThat(BufferingHints.defaultsOf(FormatSettings.DEFAULT, Optional.empty()))
                .isEqualTo(new BufferingHints(5, 300, BufferingHints.Latency.STANDARD));
        assertThat(BufferingHints.defaultsOf(parquet, Optional.empty()).sizeInMBs()).isEqualTo(128);
        assertThat(
                        BufferingHints.defaultsOf(FormatSettings.DEFAULT, Optional.of(partitioned))
                                .sizeInMBs())
                .isEqualTo(128);
        assertThat(ColumnarSettings.Parquet.DEFAULT_COMPRESSION)
                .isEqualTo(ColumnarSettings.ParquetCompression.SNAPPY);
        assertThat(DestinationSettings.DEFAULT_COMPRESSION).isEqualTo(Compression.NONE);
        assertThat(DestinationSettings.DEFAULT_TIMEZONE).hasToString("UTC");
    }
}
