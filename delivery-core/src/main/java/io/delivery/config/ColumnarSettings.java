package io.delivery.config;

import java.util.Optional;

/** A kind of file that keeps rows by columns, and how it is written. */
public sealed interface ColumnarSettings {
    /** What comes of it, by the kind that it is. */
    <R, E extends Exception> R choose(Choice<Parquet, R, E> parquet) throws E;

    /** What a configuration calls it. */
    String word();

    /**
     * Reports what is wrong with it.
     *
     * @param path of these settings
     */
    void validate(String path, ConfigProblems problems);

    /**
     * Parquet files (ParquetSerDe).
     *
     * @param dictionary empty: the writer decides
     * @param blockSizeBytes of a row group, and of the blocks that padding aligns row groups to
     * @param maxPaddingBytes zeros that may stand before a row group so that it begins a block
     * @param writerVersion of the pages
     */
    record Parquet(
            ParquetCompression compression,
            Timestamps timestamps,
            Optional<Boolean> dictionary,
            long blockSizeBytes,
            int pageSizeBytes,
            long maxPaddingBytes,
            ParquetVersion writerVersion)
            implements ColumnarSettings {
        public static final ParquetCompression DEFAULT_COMPRESSION =
                ParquetCompression.SNAPPY; // API reference
        public static final Timestamps DEFAULT_TIMESTAMPS = Timestamps.INT64;
        public static final long DEFAULT_BLOCK_SIZE_BYTES = 256L << 20; // API reference
        public static final int DEFAULT_PAGE_SIZE_BYTES = 1 << 20; // API reference
        public static final long DEFAULT_MAX_PADDING_BYTES = 0; // API reference
        public static final ParquetVersion DEFAULT_WRITER_VERSION =
                ParquetVersion.V1; // API reference
        static final long MIN_BLOCK_SIZE_BYTES = 64L << 20; // API reference
        static final int MIN_PAGE_SIZE_BYTES = 64 << 10; // API reference

        /** Written as the API does when nothing is said. */
        public static final Parquet DEFAULTS =
                new Parquet(
                        DEFAULT_COMPRESSION,
                        DEFAULT_TIMESTAMPS,
                        Optional.empty(),
                        DEFAULT_BLOCK_SIZE_BYTES,
                        DEFAULT_PAGE_SIZE_BYTES,
                        DEFAULT_MAX_PADDING_BYTES,
                        DEFAULT_WRITER_VERSION);

        @Override
        public <R, E extends Exception> R choose(Choice<Parquet, R, E> parquet) throws E {
            return parquet.of(this);
        }

        @Override
        public String word() {
            return "parquet";
        }

        @Override
        public void validate(String path, ConfigProblems problems) {
            atLeast(path + ".blockSize", blockSizeBytes, MIN_BLOCK_SIZE_BYTES, problems);
            atLeast(path + ".pageSize", pageSizeBytes, MIN_PAGE_SIZE_BYTES, problems);
            if (maxPaddingBytes >= blockSizeBytes) {
                problems.add(
                        path + ".maxPadding",
                        "must be less than blockSize, which is %d bytes, was %d bytes: every row group would be padded to the next block"
                                .formatted(blockSizeBytes, maxPaddingBytes));
            }
        }
    }

    enum ParquetCompression {
        NONE,
        SNAPPY,
        GZIP,
        ZSTD
    }

    /** Format of Parquet's data pages. */
    enum ParquetVersion {
        V1,
        V2
    }

    /** Physical type of timestamps in Parquet. */
    enum Timestamps {
        /** INT64 TIMESTAMP(MICROS, UTC). */
        INT64,
        INT96
    }

    private static void atLeast(String path, long value, long min, ConfigProblems problems) {
        if (value < min) {
            problems.add(path, "must be at least %d bytes, was %d bytes".formatted(min, value));
        }
    }
}
