package io.delivery.config;

import java.util.Locale;
import java.util.Optional;

/** How records become the bytes of an object. */
public sealed interface FormatSettings {
    /** Between records, when nothing is said. */
    Delimiter DEFAULT_DELIMITER = Delimiter.NONE;

    /** Of a stream that says nothing. */
    FormatSettings DEFAULT = new Raw(DEFAULT_DELIMITER);

    /** What comes of it, by the kind that it is. */
    <R, E extends Exception> R choose(Choice<Raw, R, E> raw, Choice<Parquet, R, E> parquet)
            throws E;

    /** Whether records are converted: then larger buffers are asked for. */
    boolean converts();

    /** The schema that records are converted by; empty when none are. */
    Optional<SchemaReference> schemaReference();

    /**
     * Reports what is wrong with it on its own and with this destination.
     *
     * @param path of the stream
     */
    void validate(String path, DestinationSettings destination, ConfigProblems problems);

    /** Records as they are, one behind the other. */
    record Raw(Delimiter delimiter) implements FormatSettings {
        @Override
        public <R, E extends Exception> R choose(
                Choice<Raw, R, E> raw, Choice<Parquet, R, E> parquet) throws E {
            return raw.of(this);
        }

        @Override
        public boolean converts() {
            return false;
        }

        @Override
        public Optional<SchemaReference> schemaReference() {
            return Optional.empty();
        }

        /** Every delimiter goes with every destination. */
        @Override
        public void validate(
                String path, DestinationSettings destination, ConfigProblems problems) {}
    }

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

        @Override
        public <R, E extends Exception> R choose(
                Choice<Raw, R, E> raw, Choice<Parquet, R, E> parquet) throws E {
            return parquet.of(this);
        }

        @Override
        public boolean converts() {
            return true;
        }

        @Override
        public Optional<SchemaReference> schemaReference() {
            return Optional.of(schema);
        }

        @Override
        public void validate(
                String path, DestinationSettings destination, ConfigProblems problems) {
            if (destination.compression() != Compression.NONE) {
                problems.add(
                        path + ".destination.compression",
                        "must be none with format.parquet, which compresses inside"
                                + " (format.parquet.compression), was "
                                + destination.compression().name().toLowerCase(Locale.ROOT));
            }
            atLeast(
                    path + ".format.parquet.blockSize",
                    blockSizeBytes,
                    MIN_BLOCK_SIZE_BYTES,
                    problems);
            atLeast(
                    path + ".format.parquet.pageSize",
                    pageSizeBytes,
                    MIN_PAGE_SIZE_BYTES,
                    problems);
        }

        private static void atLeast(String path, long value, long min, ConfigProblems problems) {
            if (value < min) {
                problems.add(path, "must be at least %d bytes, was %d bytes".formatted(min, value));
            }
        }
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
