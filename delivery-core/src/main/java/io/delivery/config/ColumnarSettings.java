package io.delivery.config;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A kind of file that keeps rows by columns, and how it is written. */
public sealed interface ColumnarSettings {
    /** What comes of it, by the kind that it is. */
    <R, E extends Exception> R choose(Choice<Parquet, R, E> parquet, Choice<Orc, R, E> orc)
            throws E;

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
        public <R, E extends Exception> R choose(
                Choice<Parquet, R, E> parquet, Choice<Orc, R, E> orc) throws E {
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
                        "must be less than blockSize, which is %s, was %s: every row group would be padded to the next block"
                                .formatted(
                                        ByteSize.setting(blockSizeBytes),
                                        ByteSize.setting(maxPaddingBytes)));
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

    /**
     * ORC files (OrcSerDe). Defaults and ranges are those of the API reference.
     *
     * @param stripeSizeBytes a stripe takes no more memory than this while it is written, 8 MiB or
     *     more; the writer's own bound is mostly lower
     * @param rowIndexStride rows between two entries of an index, 1,000 to 1,000,000; the API knows
     *     no upper bound, but a Bloom filter takes memory for all of these rows at once
     * @param padding empty: stripes follow each other without gaps
     * @param bloomFilters empty: none
     * @param dictionaryKeyThreshold 0: texts never get a dictionary; 1: always; between: a column
     *     of texts keeps its dictionary when among its values in the first {@code rowIndexStride}
     *     rows no more than this share is distinct
     */
    record Orc(
            OrcCompression compression,
            long stripeSizeBytes,
            int rowIndexStride,
            Optional<Padding> padding,
            Optional<BloomFilters> bloomFilters,
            double dictionaryKeyThreshold,
            OrcVersion formatVersion)
            implements ColumnarSettings {
        public static final OrcCompression DEFAULT_COMPRESSION = OrcCompression.SNAPPY;
        public static final long DEFAULT_STRIPE_SIZE_BYTES = 64L << 20;
        public static final int DEFAULT_ROW_INDEX_STRIDE = 10_000;
        public static final OrcVersion DEFAULT_FORMAT_VERSION = OrcVersion.V0_12;
        static final long MIN_STRIPE_SIZE_BYTES = 8L << 20;
        static final int MIN_ROW_INDEX_STRIDE = 1_000;
        static final int MAX_ROW_INDEX_STRIDE = 1_000_000;

        /** Written as the API does when nothing is said. */
        public static final Orc DEFAULTS =
                new Orc(
                        DEFAULT_COMPRESSION,
                        DEFAULT_STRIPE_SIZE_BYTES,
                        DEFAULT_ROW_INDEX_STRIDE,
                        Optional.empty(),
                        Optional.empty(),
                        defaultThreshold(DEFAULT_FORMAT_VERSION),
                        DEFAULT_FORMAT_VERSION);

        /** Readers of the age of 0.11 know texts in dictionaries only. */
        public static double defaultThreshold(OrcVersion version) {
            return switch (version) {
                case V0_11 -> 1;
                case V0_12 -> 0;
            };
        }

        @Override
        public <R, E extends Exception> R choose(
                Choice<Parquet, R, E> parquet, Choice<Orc, R, E> orc) throws E {
            return orc.of(this);
        }

        @Override
        public String word() {
            return "orc";
        }

        @Override
        public void validate(String path, ConfigProblems problems) {
            atLeast(path + ".stripeSize", stripeSizeBytes, MIN_STRIPE_SIZE_BYTES, problems);
            if (rowIndexStride < MIN_ROW_INDEX_STRIDE) {
                problems.add(
                        path + ".rowIndexStride",
                        "must be at least %d rows, was %d"
                                .formatted(MIN_ROW_INDEX_STRIDE, rowIndexStride));
            }
            if (rowIndexStride > MAX_ROW_INDEX_STRIDE) {
                problems.add(
                        path + ".rowIndexStride",
                        "must be at most %d rows, was %d"
                                .formatted(MAX_ROW_INDEX_STRIDE, rowIndexStride));
            }
            padding.ifPresent(p -> p.validate(path, problems));
            bloomFilters.ifPresent(b -> b.validate(path, problems));
            if (!(dictionaryKeyThreshold >= 0 && dictionaryKeyThreshold <= 1)) {
                problems.add(
                        path + ".dictionaryKeyThreshold",
                        "must be a number from 0 to 1, was " + dictionaryKeyThreshold);
            }
            if (formatVersion == OrcVersion.V0_11) {
                if (dictionaryKeyThreshold != defaultThreshold(formatVersion)) {
                    problems.add(
                            path + ".dictionaryKeyThreshold",
                            "must be 1 or left out with formatVersion V0_11, which has texts in"
                                    + " dictionaries only");
                }
                if (bloomFilters.isPresent()) {
                    problems.add(
                            path + ".bloomFilterColumns",
                            "needs formatVersion V0_12: files of V0_11 have no Bloom filters");
                }
            }
        }
    }

    /**
     * Zeros before a stripe that would cross a multiple of the block size. They help where a file
     * lies in blocks of that size, as in HDFS.
     *
     * @param blockSizeBytes 64 MiB or more
     * @param tolerance so much may be zeros, as a share of the stripe size, 0 to 1; a larger gap is
     *     not filled
     */
    record Padding(long blockSizeBytes, double tolerance) {
        public static final long DEFAULT_BLOCK_SIZE_BYTES = 256L << 20;
        public static final double DEFAULT_TOLERANCE = 0.05;
        static final long MIN_BLOCK_SIZE_BYTES = 64L << 20;

        void validate(String path, ConfigProblems problems) {
            atLeast(path + ".blockSize", blockSizeBytes, MIN_BLOCK_SIZE_BYTES, problems);
            if (!(tolerance >= 0 && tolerance <= 1)) {
                problems.add(
                        path + ".paddingTolerance",
                        "must be a number from 0 to 1, was " + tolerance);
            }
        }
    }

    /**
     * Bloom filters, with which readers find out that a value is not there.
     *
     * @param columns names of columns of the table, whatever their case; at least one
     * @param falsePositiveProbability how often a filter says "perhaps" of a value that is not
     *     there, 0.00001 or more and below 1; the API takes 0 to 1
     */
    record BloomFilters(List<String> columns, double falsePositiveProbability) {
        public static final double DEFAULT_FALSE_POSITIVE_PROBABILITY = 0.05;

        /** A filter with it has 24 bits for each row. */
        static final double MIN_FALSE_POSITIVE_PROBABILITY = 0.00001;

        public BloomFilters {
            columns = List.copyOf(columns);
        }

        void validate(String path, ConfigProblems problems) {
            Set<String> seen = new HashSet<>();
            for (String column : columns) {
                if (column.isBlank() || !column.equals(column.strip()) || column.contains(",")) {
                    problems.add(
                            path + ".bloomFilterColumns",
                            "must be names without commas and without blanks around them, was '%s'"
                                    .formatted(column));
                }
                if (!seen.add(column.toLowerCase(Locale.ROOT))) {
                    problems.add(path + ".bloomFilterColumns", "names " + column + " twice");
                }
            }
            if (!(falsePositiveProbability >= MIN_FALSE_POSITIVE_PROBABILITY
                    && falsePositiveProbability < 1)) {
                problems.add(
                        path + ".bloomFilterFalsePositiveProbability",
                        "must be 0.00001 or more and below 1, was " + falsePositiveProbability);
            }
        }
    }

    enum OrcCompression {
        NONE,
        ZLIB,
        SNAPPY,
        ZSTD
    }

    /** Which readers a file is written for: the release of Hive that can read it. */
    enum OrcVersion {
        V0_11,
        V0_12
    }

    private static void atLeast(String path, long value, long min, ConfigProblems problems) {
        if (value < min) {
            problems.add(
                    path,
                    "must be at least %s, was %s"
                            .formatted(ByteSize.setting(min), ByteSize.setting(value)));
        }
    }
}
