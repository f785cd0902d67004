package io.delivery.config;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One delivery stream: a configured path from its source to its destination.
 *
 * @param name 1 to 64 of {@code [a-zA-Z0-9_.-]}: API reference, DeliveryStreamName
 * @param version from 1, rising with each effective change: VersionId
 * @param encryption of what the stream keeps on the disk; a caller of the API may have switched it
 *     since
 */
public record StreamDefinition(
        String name,
        int version,
        BufferingHints buffer,
        TransformSettings transform,
        Optional<PartitioningSettings> partitioning,
        FormatSettings format,
        DestinationSettings destination,
        Optional<BackupSettings> backup,
        Optional<EncryptionSettings> encryption) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,64}");

    /** A stream that is not encrypted on the disk. */
    public StreamDefinition(
            String name,
            int version,
            BufferingHints buffer,
            TransformSettings transform,
            Optional<PartitioningSettings> partitioning,
            FormatSettings format,
            DestinationSettings destination,
            Optional<BackupSettings> backup) {
        this(
                name,
                version,
                buffer,
                transform,
                partitioning,
                format,
                destination,
                backup,
                Optional.empty());
    }

    /** The same stream, changed: the next version. */
    public StreamDefinition withVersion(int newVersion) {
        return new StreamDefinition(
                name,
                newVersion,
                buffer,
                transform,
                partitioning,
                format,
                destination,
                backup,
                encryption);
    }

    /** The same stream, encrypted on the disk as these settings say, or not when there are none. */
    public StreamDefinition withEncryption(Optional<EncryptionSettings> settings) {
        return new StreamDefinition(
                name,
                version,
                buffer,
                transform,
                partitioning,
                format,
                destination,
                backup,
                settings);
    }

    /** Whether the two differ in more than their version. */
    public boolean sameSettingsAs(StreamDefinition other) {
        return withVersion(0).equals(other.withVersion(0));
    }

    /**
     * Reports everything that is wrong with this stream on its own, without looking at any store.
     */
    public void validate(String path, ConfigProblems problems) {
        if (!NAME.matcher(name).matches()) {
            problems.add(path, "a stream's name has 1 to 64 of [a-zA-Z0-9_.-], was " + name);
        }
        boolean converted = format.converts();
        boolean large = BufferingHints.areLarge(format, partitioning);
        buffer.validate(
                path + ".buffer",
                large ? BufferingHints.MIN_LARGE_SIZE_IN_MBS : 1,
                converted ? "with format conversion" : "with partitioning",
                problems);
        transform.validate(path, problems);
        partitioning.ifPresent(
                p ->
                        p.validate(
                                path + ".partitioning",
                                DestinationRules.queryKeys(destination),
                                transform,
                                problems));
        format.validate(path, destination, problems);
        DestinationRules.validate(
                name,
                DestinationRules.keySources(partitioning, transform),
                destination,
                path + ".destination",
                problems);
        backup.ifPresent(b -> DestinationRules.validate(b, path + ".backup", problems));
        backup.ifPresent(b -> b.buffer().validate(path + ".backup.buffer", 1, "", problems));
    }
}
