package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.BufferingHints;
import io.delivery.config.Compression;
import io.delivery.config.DestinationSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.Limits;
import io.delivery.config.ObjectSizes;
import io.delivery.config.StreamDefinition;
import io.delivery.config.TransformSettings;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** What {@link ObjectSizes} computes is what a stream does. */
class ObjectSizesTest {
    @Test
    void an_object_becomes_as_large_as_is_said_and_not_much_larger() throws IOException {
        for (long disk : new long[] {24L << 20, 64L << 20, 128L << 20}) {
            HintsWorld world = HintsWorld.of(128, 900);
            world.killAndRestart(disk);
            world.putBytes("a", disk / 2);
            world.flush();

            long said = said(disk);
            assertThat(world.objects("main/").get(0).longValue())
                    .as("disk %d, said %d", disk, said)
                    .isBetween(said - said / 20, said + said / 10 + (192 << 10));
        }
    }

    /** As of a table whose unknown fields are kept under long paths. */
    @Test
    void an_object_that_may_be_much_larger_than_its_records_is_closed_where_is_said()
            throws IOException {
        long disk = 128L << 20;
        for (int times : new int[] {3, 8, 33}) {
            LongUnaryOperator encoded = bytes -> bytes * times + (256 << 10);
            HintsWorld world = HintsWorld.of(128, 900);
            world.encodeWith(
                    new HintsWorld.Plain() {
                        @Override
                        public long expectedBytes(long inputBytes) {
                            return encoded.applyAsLong(inputBytes);
                        }
                    });
            world.killAndRestart(disk);
            world.putBytes("a", disk / 2);
            world.flush();

            long said = said(disk, encoded);
            assertThat(world.objects("main/").get(0).longValue())
                    .as("%d times the records, said %d", times, said)
                    .isBetween(said - said / 20, said + said / 10 + (192 << 10));
        }
    }

    private static long said(long disk) {
        return said(disk, ObjectSizes::encoded);
    }

    private static long said(long disk, LongUnaryOperator encoded) {
        StreamDefinition stream =
                new StreamDefinition(
                        "clicks",
                        1,
                        new BufferingHints(128, 900, BufferingHints.Latency.STANDARD),
                        TransformSettings.NONE,
                        Optional.empty(),
                        new FormatSettings.Raw(FormatSettings.Delimiter.NONE),
                        new DestinationSettings(
                                "lake",
                                "lake",
                                Optional.empty(),
                                Optional.empty(),
                                Compression.NONE,
                                ZoneOffset.UTC,
                                Optional.empty()),
                        Optional.empty());
        Limits limits =
                new Limits(
                        disk,
                        Limits.DEFAULTS.memoryBytes(),
                        Limits.DEFAULTS.requestBodyBytes(),
                        Limits.DEFAULTS.ledgerBytes());
        return ObjectSizes.of(stream, 1, limits, encoded).objectBytes();
    }
}
