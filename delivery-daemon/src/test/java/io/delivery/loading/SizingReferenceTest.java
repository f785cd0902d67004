package io.delivery.loading;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.BufferingHints;
import io.delivery.config.ByteSize;
import io.delivery.config.Compression;
import io.delivery.config.DestinationSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.Limits;
import io.delivery.config.ObjectSizes;
import io.delivery.config.PartitioningSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.TransformSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SizingReferenceTest {
    private static final Path PAGE = Path.of("../docs/reference/sizing.md");
    private static final long GIB = 1L << 30;
    private static final int[] DISKS_IN_MIB = {64, 128, 256, 512, 1024, 2048, 5120, 10240, 20480};

    private static StreamDefinition stream(int sizeInMBs, boolean partitioned) {
        return new StreamDefinition(
                "clicks",
                1,
                new BufferingHints(sizeInMBs, 900, BufferingHints.Latency.STANDARD),
                TransformSettings.NONE,
                partitioned
                        ? Optional.of(
                                new PartitioningSettings(
                                        Optional.of("{c: .c}"), Optional.empty(), 500))
                        : Optional.empty(),
                new FormatSettings.Raw(FormatSettings.Delimiter.LINES),
                new DestinationSettings(
                        "lake",
                        "clicks",
                        Optional.empty(),
                        Optional.empty(),
                        Compression.NONE,
                        ZoneOffset.UTC,
                        Optional.empty()),
                Optional.empty());
    }

    private static Limits limits(long diskBytes, long memoryBytes) {
        return new Limits(
                diskBytes,
                memoryBytes,
                Limits.DEFAULTS.requestBodyBytes(),
                Limits.DEFAULTS.ledgerBytes());
    }

    @Test
    void the_example_of_the_readme_makes_objects_of_its_size_hint() {
        StreamDefinition stream = stream(64, true);
        ObjectSizes sizes = ObjectSizes.of(stream, 1, limits(10 * GIB, 256L << 20));

        assertThat(sizes.reach(stream.buffer(), 50)).isTrue();
        assertThat(sizes.partitionsThatReach(stream.buffer())).isBetween(60L, 68L);
    }

    @Test
    void one_stream_holds_4_GiB_of_open_buffers_on_10_GiB_of_disk() {
        ObjectSizes sizes = ObjectSizes.of(stream(128, true), 1, limits(10 * GIB, 256L << 20));

        assertThat(sizes.rangeBytes()).isGreaterThanOrEqualTo(4 * GIB - (32L << 20));
    }

    @Test
    void what_is_said_to_reach_a_hint_reaches_it_and_a_MiB_less_does_not() {
        for (int partitions : new int[] {1, 50, 500}) {
            StreamDefinition stream = stream(128, true);
            Limits enough =
                    ObjectSizes.leastThatReach(
                            stream, partitions, 1, limits(Limits.MIN_DISK_BYTES, 64L << 20));

            assertThat(ObjectSizes.of(stream, 1, enough).reach(stream.buffer(), partitions))
                    .isTrue();
            Limits less = limits(enough.diskBytes() - (1L << 20), enough.memoryBytes());
            assertThat(ObjectSizes.of(stream, 1, less).reach(stream.buffer(), partitions))
                    .isFalse();
        }
    }

    @Test
    void the_page_in_docs_is_what_the_arithmetic_says() throws Exception {
        String generated = markdown();

        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(PAGE, generated);
        }

        assertThat(PAGE).as("run with -Dupdate.docs=true to write it anew").hasContent(generated);
    }

    private static String markdown() {
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # Sizing

                Generated from `io.delivery.config.ObjectSizes`; a test fails when this page differs.
                `./mvnw -pl delivery-daemon -am test -Dupdate.docs=true` writes it anew.

                How large objects can become is a question of `limits.disk`. What a stream has buffered is on the disk twice: in the
                journal until its objects have landed, and in the spool. Beside that there is room for the largest object, for a few more,
                and for the error output on its way. `limits.memory` bounds how many records a range of a partitioned stream may have,
                since the lists of their sequences are in memory. `check` says for each stream what its limits allow, and what would reach
                its size hint; `run` says the same when it starts.

                Sizes are those of records, before encoding and compression, as buffering hints count them.

                ## By limits.disk

                For one stream without a backup, with `limits.memory` of 256 MB and records of %d bytes. Several streams have as much of
                the disk as they need, first come first served; when all fill alike, each has its part. A backup takes as much as its
                stream.

                | limits.disk | largest object | a range of a partitioned stream | partitions that fill alike and reach 64 MB | 128 MB |
                |---|---|---|---|---|
                """
                        .formatted(ObjectSizes.ORDINARY_RECORD_BYTES));
        for (int disk : DISKS_IN_MIB) {
            ObjectSizes sizes =
                    ObjectSizes.of(stream(64, true), 1, limits((long) disk << 20, 256L << 20));
            page.append(
                    "| %s | %s | %s | %d | %d |%n"
                            .formatted(
                                    ByteSize.text((long) disk << 20),
                                    ByteSize.text(
                                            Math.min(128L << 20, sizes.objectBytes() >> 20 << 20)),
                                    ByteSize.text(sizes.ordinaryRangeBytes() >> 20 << 20),
                                    reached(sizes, 64),
                                    reached(sizes, 128)));
        }
        page.append(
                """

                ## By partitions

                The least limits within which so many partitions that fill alike reach their size hint.

                | partitions | size hint | limits.disk | limits.memory |
                |---|---|---|---|
                """);
        for (int partitions : new int[] {1, 10, 50, 100, 500}) {
            for (int size : new int[] {64, 128}) {
                Limits enough =
                        ObjectSizes.leastThatReach(
                                stream(size, true),
                                partitions,
                                1,
                                limits(Limits.MIN_DISK_BYTES, Limits.MIN_MEMORY_BYTES));
                page.append(
                        "| %d | %d MB | %s | %s |%n"
                                .formatted(
                                        partitions,
                                        size,
                                        ByteSize.text(enough.diskBytes()),
                                        ByteSize.text(enough.memoryBytes())));
            }
        }
        return page.toString();
    }

    private static long reached(ObjectSizes sizes, int sizeInMBs) {
        BufferingHints hints = new BufferingHints(sizeInMBs, 900, BufferingHints.Latency.STANDARD);
        return sizes.reach(hints, 1) ? sizes.partitionsThatReach(hints) : 0;
    }
}
