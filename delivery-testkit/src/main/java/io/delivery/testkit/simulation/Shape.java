package io.delivery.testkit.simulation;

import io.delivery.config.BackupSettings;
import io.delivery.config.BufferingHints;
import io.delivery.config.Compression;
import io.delivery.config.DestinationSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.TransformSettings;
import io.delivery.engine.LaneLimits;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * What kind of stream is simulated.
 *
 * @param name of the stream and of its bucket; the backup's bucket is called {@code <name>-backup}
 * @param partitioned by the letters behind the colon of a part
 * @param partitionsLimit active partitions
 * @param sizeHint of the main lane, in units of {@link LaneLimits#hintUnitBytes()}
 * @param intervalSeconds of the main lane
 * @param encrypted whether its first definition asks for it
 */
record Shape(
        String name,
        boolean backup,
        boolean partitioned,
        Transform transform,
        Whims whims,
        int partitionsLimit,
        int sizeHint,
        int intervalSeconds,
        boolean encrypted) {
    static final String STORE = "lake";

    /** A stream without a backup, partitions, transforms or whims. */
    static Shape plain(String name) {
        return new Shape(name, false, false, Transform.NONE, Whims.NONE, 4, 1, 60, false);
    }

    /** What goes wrong beside the disk and the store. */
    enum Whims {
        NONE,
        /** Splitters, extractors and encoders break down now and then, and some records fail. */
        SOME,
        /** As before, and no record of the main output converts. */
        AND_NOTHING_CONVERTS
    }

    /** What stands between splitting and partitioning. */
    enum Transform {
        NONE,
        /** Ok with other bytes, Dropped or ProcessingFailed, drawn anew each time. */
        WHIMSICAL,
        /** As before, in several batches at a time, after a while or never; gives the keys. */
        SLOW,
        /** What a test brings: as the former. */
        GIVEN,
        /** Ok with the number of the process appended: each run answers differently. */
        NUMBERS_THE_RUN
    }

    Shape withBackup() {
        return new Shape(
                name,
                true,
                partitioned,
                transform,
                whims,
                partitionsLimit,
                sizeHint,
                intervalSeconds,
                encrypted);
    }

    Shape withPartitions(int limit) {
        return new Shape(
                name, backup, true, transform, whims, limit, sizeHint, intervalSeconds, encrypted);
    }

    Shape with(Transform another) {
        return new Shape(
                name,
                backup,
                partitioned,
                another,
                whims,
                partitionsLimit,
                sizeHint,
                intervalSeconds,
                encrypted);
    }

    Shape withEncryption() {
        return new Shape(
                name,
                backup,
                partitioned,
                transform,
                whims,
                partitionsLimit,
                sizeHint,
                intervalSeconds,
                true);
    }

    /** Whether a processor may remove a part on purpose. */
    boolean drops() {
        return switch (transform) {
            case WHIMSICAL, SLOW, GIVEN -> true;
            case NONE, NUMBERS_THE_RUN -> false;
        };
    }

    /** A definition of such a stream, with a backup or without one. */
    StreamDefinition definition(boolean withBackup) {
        BufferingHints backupHints = new BufferingHints(1, 70, BufferingHints.Latency.LOW);
        return new StreamDefinition(
                name,
                1,
                new BufferingHints(sizeHint, intervalSeconds, BufferingHints.Latency.STANDARD),
                TransformSettings.NONE,
                Optional.empty(),
                new FormatSettings.Raw(FormatSettings.Delimiter.NONE),
                new DestinationSettings(
                        STORE,
                        name,
                        Optional.empty(),
                        Optional.empty(),
                        Compression.NONE,
                        ZoneOffset.UTC,
                        Optional.empty()),
                withBackup
                        ? Optional.of(
                                new BackupSettings(
                                        STORE,
                                        backupBucket(),
                                        Optional.empty(),
                                        Compression.NONE,
                                        FormatSettings.Delimiter.NONE,
                                        ZoneOffset.UTC,
                                        backupHints))
                        : Optional.empty());
    }

    String backupBucket() {
        return name + "-backup";
    }
}
