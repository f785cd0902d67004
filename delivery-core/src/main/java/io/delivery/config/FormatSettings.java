package io.delivery.config;

import java.util.Optional;

/** How records become the bytes of an object. */
public sealed interface FormatSettings {
    /** Between records, when nothing is said. */
    Delimiter DEFAULT_DELIMITER = Delimiter.NONE;

    /** Of a stream that says nothing. */
    FormatSettings DEFAULT = new Raw(DEFAULT_DELIMITER);

    /** Records as they are, one behind the other. */
    record Raw(Delimiter delimiter) implements FormatSettings {}

    /** What stands between records. */
    enum Delimiter {
        /** Nothing: what Firehose does unless told otherwise. */
        NONE,
        /** One LF between records, none after the last: AppendDelimiterToRecord. */
        NEWLINE,
        /** Every record ends in exactly one LF. */
        LINES
    }

    /**
     * JSON to Parquet by a schema: DataFormatConversionConfiguration with a ParquetSerDe.
     *
     * @param dictionary empty: the writer decides
     */
    record Parquet(
            ParquetCompression compression,
            SchemaReference schema,
            Timestamps timestamps,
            Optional<Boolean> dictionary,
            long blockSizeBytes,
            int pageSizeBytes)
            implements FormatSettings {
        public static final ParquetCompression DEFAULT_COMPRESSION =
                ParquetCompression.SNAPPY; // API reference
        public static final Timestamps DEFAULT_TIMESTAMPS = Timestamps.INT64;
        public static final long DEFAULT_BLOCK_SIZE_BYTES = 256L << 20; // API reference
        public static final int DEFAULT_PAGE_SIZE_BYTES = 1 << 20; // API reference
        static final long MIN_BLOCK_SIZE_BYTES = 64L << 20; // API reference
        static final int MIN_PAGE_SIZE_BYTES = 64 << 10; // API reference
    }

    enum ParquetCompression {
        NONE,
        SNAPPY,
        GZIP,
        ZSTD
    }

    /** Physical type of timestamps. */
    enum Timestamps {
        /** INT64 TIMESTAMP(MICROS, UTC). */
        INT64,
        INT96
    }

    /**
     * @param catalog a name under {@code catalogs}
     * @param version {@code LATEST} or a version the catalog knows
     */
    record SchemaReference(String catalog, String database, String table, String version) {
        public static final String LATEST = "LATEST"; // API reference, VersionId's default
    }
}
