package io.delivery.config;

import io.delivery.format.DecoderOptions;
import java.util.Optional;

/** How records become the bytes of an object. */
public sealed interface FormatSettings {
    /** Between records, when nothing is said. */
    Delimiter DEFAULT_DELIMITER = Delimiter.NONE;

    /** Of a stream that says nothing. */
    FormatSettings DEFAULT = new Raw(DEFAULT_DELIMITER);

    /** What comes of it, by the kind that it is. */
    <R, E extends Exception> R choose(Choice<Raw, R, E> raw, Choice<Converted, R, E> converted)
            throws E;

    /** The schema that records are converted by; empty when none are. */
    Optional<SchemaReference> schemaReference();

    /** Whether records are converted: then larger buffers are asked for. */
    default boolean converts() {
        return schemaReference().isPresent();
    }

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
                Choice<Raw, R, E> raw, Choice<Converted, R, E> converted) throws E {
            return raw.of(this);
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
     * JSON to a file of columns by a schema: DataFormatConversionConfiguration.
     *
     * @param file which kind of file (OutputFormatConfiguration)
     * @param schema the columns (SchemaConfiguration)
     * @param decoder how JSON is read (InputFormatConfiguration), and what becomes of fields
     *     without a column
     */
    record Converted(ColumnarSettings file, SchemaReference schema, DecoderOptions decoder)
            implements FormatSettings {
        @Override
        public <R, E extends Exception> R choose(
                Choice<Raw, R, E> raw, Choice<Converted, R, E> converted) throws E {
            return converted.of(this);
        }

        @Override
        public Optional<SchemaReference> schemaReference() {
            return Optional.of(schema);
        }

        @Override
        public void validate(
                String path, DestinationSettings destination, ConfigProblems problems) {
            if (!destination.compression().equals(Compression.NONE)) {
                problems.add(
                        path + ".destination.compression",
                        "must be none with format.%1$s, which compresses inside (format.%1$s.compression), was %2$s"
                                .formatted(file.word(), destination.compression().codec().word()));
            }
            file.validate(path + ".format." + file.word(), problems);
        }
    }

    /**
     * @param catalog a name under {@code catalogs}
     * @param version {@code LATEST} or a version the catalog knows
     */
    record SchemaReference(String catalog, String database, String table, String version) {
        public static final String LATEST = "LATEST"; // API reference, VersionId's default
    }
}
