package io.delivery.loading;

import io.delivery.config.BackupSettings;
import io.delivery.config.BufferingHints;
import io.delivery.config.ByteSize;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.Limits;
import io.delivery.config.ObjectSizes;
import io.delivery.config.PartitioningSettings;
import io.delivery.config.StreamDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/** How large the objects of each stream can become within the limits: what check and run say. */
public final class ObjectSizeHints {
    /** An object that may take so many times the bytes of its records is worth a word. */
    private static final int MUCH = 2;

    private ObjectSizeHints() {}

    /**
     * The largest object and range of each stream, in the order of the streams.
     *
     * @param bytes what objects may take, by the tables that are known
     */
    public static List<String> sizes(DeliveryConfig config, ObjectBytes bytes) {
        List<String> lines = new ArrayList<>();
        for (StreamDefinition stream : config.streams()) {
            ObjectSizes sizes = sizesOf(stream, config, bytes.of(stream));
            long hint = (long) stream.buffer().sizeInMBs() << 20;
            String object = ByteSize.text(Math.min(hint, roundedDown(sizes.objectBytes())));
            lines.add(
                    "streams.%s: objects of up to %s of records%s"
                            .formatted(
                                    stream.name(),
                                    object,
                                    stream.partitioning().isPresent()
                                            ? partitions(sizes, stream)
                                            : ""));
        }
        return lines;
    }

    private static String partitions(ObjectSizes sizes, StreamDefinition stream) {
        long partitions = Math.max(1, sizes.partitionsThatReach(stream.buffer()));
        return "%s; with more partitions they are smaller: all open objects together hold up to %s, of records of %d bytes"
                .formatted(
                        partitions == 1
                                ? " where all go to one partition"
                                : " in each of %d partitions that get equally many"
                                        .formatted(partitions),
                        ByteSize.text(roundedDown(sizes.ordinaryRangeBytes())),
                        ObjectSizes.ORDINARY_RECORD_BYTES);
    }

    /** To whole MiB, and to whole KiB what is less. */
    private static long roundedDown(long bytes) {
        return bytes < 1 << 20 ? bytes >> 10 << 10 : bytes >> 20 << 20;
    }

    private static ObjectSizes sizesOf(
            StreamDefinition stream, DeliveryConfig config, LongUnaryOperator encoded) {
        return ObjectSizes.of(stream, config.streams().size(), config.limits(), encoded);
    }

    /**
     * Size hints that cannot be reached, as {@code path: advice}.
     *
     * @param bytes what objects may take, by the tables that are known
     */
    public static List<String> unreachable(DeliveryConfig config, ObjectBytes bytes) {
        List<String> hints = new ArrayList<>();
        for (StreamDefinition stream : config.streams()) {
            String path = "streams." + stream.name();
            unreachable(
                            path + ".buffer.size",
                            stream,
                            askedPartitions(stream),
                            config,
                            bytes.of(stream),
                            bytes.ofColumns(stream))
                    .ifPresent(hints::add);
            stream.backup()
                    .flatMap(
                            backup ->
                                    unreachable(
                                            path + ".backup.buffer.size",
                                            asBackup(stream, backup),
                                            1,
                                            config,
                                            ObjectSizes::encoded,
                                            ObjectSizes::encoded))
                    .ifPresent(hints::add);
        }
        return hints;
    }

    /** A limit of partitions that nobody has chosen is no expectation. */
    private static int askedPartitions(StreamDefinition stream) {
        return stream.partitioning()
                .map(PartitioningSettings::activePartitionsLimit)
                .filter(limit -> limit != PartitioningSettings.DEFAULT_ACTIVE_PARTITIONS_LIMIT)
                .orElse(1);
    }

    /** The backup is not partitioned, and has hints of its own. */
    private static StreamDefinition asBackup(StreamDefinition stream, BackupSettings backup) {
        return new StreamDefinition(
                stream.name(),
                stream.version(),
                backup.buffer(),
                stream.transform(),
                Optional.empty(),
                stream.format(),
                stream.destination(),
                stream.backup());
    }

    private static Optional<String> unreachable(
            String path,
            StreamDefinition stream,
            int partitions,
            DeliveryConfig config,
            LongUnaryOperator encoded,
            LongUnaryOperator ofColumns) {
        BufferingHints hints = stream.buffer();
        ObjectSizes sizes = sizesOf(stream, config, encoded);
        if (sizes.reach(hints, partitions)) {
            return Optional.empty();
        }
        int streams = config.streams().size();
        Limits enough =
                ObjectSizes.leastThatReach(stream, partitions, streams, config.limits(), encoded);
        long reached = Math.min(sizes.objectBytes(), sizes.ordinaryRangeBytes() / partitions);
        return Optional.of(
                "%s: objects of %d MB are not reached%s%s, they end at %s%s; %s would reach them"
                        .formatted(
                                path,
                                hints.sizeInMBs(),
                                partitions > 1
                                        ? " in %d partitions that get equally many records"
                                                .formatted(partitions)
                                        : "",
                                streams > 1
                                        ? " when all %d streams get equally many records"
                                                .formatted(streams)
                                        : "",
                                ByteSize.text(roundedDown(reached)),
                                growth(stream, encoded, ofColumns),
                                raised(config.limits(), enough)));
    }

    /**
     * Why objects are small although there is room for their records. Kept fields are named where
     * objects without them take {@link #MUCH} less.
     */
    private static String growth(
            StreamDefinition stream, LongUnaryOperator encoded, LongUnaryOperator ofColumns) {
        long records = (long) stream.buffer().sizeInMBs() << 20;
        long all = encoded.applyAsLong(records);
        if (all / records < MUCH) {
            return "";
        }
        return ", since an object may take %d times the bytes of its records%s"
                .formatted(
                        all / records,
                        all / MUCH >= ofColumns.applyAsLong(records)
                                ? ", with the paths of the fields that format.unknownFields.keep keeps"
                                : "");
    }

    private static String raised(Limits limits, Limits enough) {
        List<String> settings = new ArrayList<>();
        if (enough.diskBytes() > limits.diskBytes()) {
            settings.add("limits.disk: " + ByteSize.setting(enough.diskBytes()));
        }
        if (enough.memoryBytes() > limits.memoryBytes()) {
            settings.add("limits.memory: " + ByteSize.setting(enough.memoryBytes()));
        }
        return String.join(" and ", settings);
    }
}
