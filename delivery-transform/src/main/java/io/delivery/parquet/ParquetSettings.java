package io.delivery.parquet;

/**
 * How Parquet files are written. Names and ranges of the API's members: contract, section 6.6.
 *
 * @param compression of pages (Compression)
 * @param blockSizeBytes a row group is never larger than this many bytes in memory
 *     (BlockSizeBytes), 64 MiB or more; mostly {@code memoryBytes} bounds it to less
 * @param pageSizeBytes when a page is full (PageSizeBytes), 64 KiB or more; a page is never larger
 *     than a quarter of the largest row group
 * @param dictionary whether values that repeat are written once (EnableDictionaryCompression)
 * @param writerVersion which pages are written (WriterVersion)
 * @param maxPaddingBytes a row group does not begin in the last bytes, at most so many, of a block
 *     of {@code blockSizeBytes}: zeros fill them (MaxPaddingBytes); less than a block, 0 for none
 * @param timestamps how a timestamp is stored (ours)
 * @param memoryBytes heap that one encoder of a table of few columns may use (ours), 64 MiB or
 *     more; about a quarter of it is the largest row group
 */
public record ParquetSettings(
        PageCompression compression,
        long blockSizeBytes,
        int pageSizeBytes,
        Dictionary dictionary,
        Version writerVersion,
        int maxPaddingBytes,
        Timestamps timestamps,
        long memoryBytes) {
    private static final long MIB = 1L << 20;

    public static final ParquetSettings DEFAULTS =
            new ParquetSettings(
                    PageCompression.SNAPPY,
                    256 * MIB,
                    (int) MIB,
                    Dictionary.WHERE_IT_PAYS,
                    Version.V1,
                    0,
                    Timestamps.INT64_MICROS,
                    64 * MIB);

    /**
     * @throws IllegalArgumentException when a number is out of its range
     */
    public ParquetSettings {
        requireRange("blockSizeBytes", blockSizeBytes, 64 * MIB, Long.MAX_VALUE);
        requireRange("pageSizeBytes", pageSizeBytes, 64 * 1024, Integer.MAX_VALUE);
        requireRange("maxPaddingBytes", maxPaddingBytes, 0, blockSizeBytes - 1);
        requireRange("memoryBytes", memoryBytes, 64 * MIB, Long.MAX_VALUE);
    }

    private static void requireRange(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name
                            + ": must be at least "
                            + min
                            + (max == Long.MAX_VALUE ? "" : " and at most " + max)
                            + ", was "
                            + value);
        }
    }

    public ParquetSettings withCompression(PageCompression other) {
        return new ParquetSettings(
                other,
                blockSizeBytes,
                pageSizeBytes,
                dictionary,
                writerVersion,
                maxPaddingBytes,
                timestamps,
                memoryBytes);
    }

    public ParquetSettings withDictionary(Dictionary other) {
        return new ParquetSettings(
                compression,
                blockSizeBytes,
                pageSizeBytes,
                other,
                writerVersion,
                maxPaddingBytes,
                timestamps,
                memoryBytes);
    }

    public ParquetSettings withWriterVersion(Version other) {
        return new ParquetSettings(
                compression,
                blockSizeBytes,
                pageSizeBytes,
                dictionary,
                other,
                maxPaddingBytes,
                timestamps,
                memoryBytes);
    }

    public ParquetSettings withTimestamps(Timestamps other) {
        return new ParquetSettings(
                compression,
                blockSizeBytes,
                pageSizeBytes,
                dictionary,
                writerVersion,
                maxPaddingBytes,
                other,
                memoryBytes);
    }

    public ParquetSettings withMaxPaddingBytes(int other) {
        return new ParquetSettings(
                compression,
                blockSizeBytes,
                pageSizeBytes,
                dictionary,
                writerVersion,
                other,
                timestamps,
                memoryBytes);
    }

    /** When values are replaced by numbers of a dictionary. */
    public enum Dictionary {
        /** Each column begins with one and leaves it when values do not repeat enough. */
        WHERE_IT_PAYS,
        /** Never. */
        OFF
    }

    /** Data page format. */
    public enum Version {
        V1,
        V2
    }

    /** Physical form of timestamps. */
    public enum Timestamps {
        /** TIMESTAMP(MICROS, UTC); digits below a microsecond are cut. */
        INT64_MICROS,
        /** Deprecated by Parquet, what the original service writes; nanoseconds. */
        INT96
    }
}
