package io.delivery.api.control;

import io.delivery.config.ConfigProblems.Problem;
import java.util.Map;

/** Says in the API's words what is wrong with a definition. */
public final class ApiWords {
    /** Paths of a definition's settings, and the members that they come from. */
    private static final Map<String, String> MEMBERS =
            Map.ofEntries(
                    Map.entry("buffer.size", "BufferingHints.SizeInMBs"),
                    Map.entry("buffer.interval", "BufferingHints.IntervalInSeconds"),
                    Map.entry(
                            "backup.buffer.size", "S3BackupConfiguration.BufferingHints.SizeInMBs"),
                    Map.entry("destination.bucket", "BucketARN"),
                    Map.entry("backup.bucket", "S3BackupConfiguration.BucketARN"),
                    Map.entry("backup.prefix", "S3BackupConfiguration.Prefix"),
                    Map.entry("destination.fileExtension", "FileExtension"),
                    Map.entry("format.orc.stripeSize", "OrcSerDe.StripeSizeBytes"),
                    Map.entry("format.orc.rowIndexStride", "OrcSerDe.RowIndexStride"),
                    Map.entry("format.orc.blockSize", "OrcSerDe.BlockSizeBytes"),
                    Map.entry("format.orc.paddingTolerance", "OrcSerDe.PaddingTolerance"),
                    Map.entry("format.orc.bloomFilterColumns", "OrcSerDe.BloomFilterColumns"),
                    Map.entry(
                            "format.orc.bloomFilterFalsePositiveProbability",
                            "OrcSerDe.BloomFilterFalsePositiveProbability"),
                    Map.entry(
                            "format.orc.dictionaryKeyThreshold", "OrcSerDe.DictionaryKeyThreshold"),
                    Map.entry("format.orc.formatVersion", "OrcSerDe.FormatVersion"),
                    Map.entry(
                            "format.serde.openx.columnToJsonKeyMappings",
                            "OpenXJsonSerDe.ColumnToJsonKeyMappings"),
                    Map.entry("partitioning.query", "MetadataExtractionQuery"),
                    Map.entry("processors[0].lambda.retries", "NumberOfRetries"),
                    Map.entry("processors[0].lambda.buffer.size", "BufferSizeInMBs"),
                    Map.entry("processors[0].lambda.buffer.interval", "BufferIntervalInSeconds"));

    private ApiWords() {}

    /**
     * What is wrong with the prefixes is told in whole sentences, some of them captured; of
     * everything else the member comes first.
     */
    public static String of(Problem problem) {
        String path = problem.path().replaceFirst("^stream\\.", "");
        if (path.equals("destination.prefix") || path.equals("destination.errorPrefix")) {
            return problem.message();
        }
        if (path.equals("backup.buffer.interval")) {
            // As captured: seconds without a unit.
            return "S3 backup buffering interval "
                    + problem.message().replaceAll("(?<=\\d) s\\b", "");
        }
        return MEMBERS.getOrDefault(path, path) + " " + problem.message();
    }
}
