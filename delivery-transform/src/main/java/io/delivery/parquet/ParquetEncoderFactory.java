package io.delivery.parquet;

import io.delivery.format.CatalogException;
import io.delivery.format.EncoderFactory;
import io.delivery.format.RecordDecoder;
import io.delivery.format.RecordEncoder;
import io.delivery.format.SchemaCatalog;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFields;

/**
 * Converts records to Parquet. The schema is asked for once per object, so a new version of a table
 * holds from the next object on; when it is not to be had, encoding fails with an IOException that
 * names it, and no record is rejected for that. Thread-safe.
 */
public final class ParquetEncoderFactory implements EncoderFactory {
    /** Of its objects, unless a stream has one of its own. */
    public static final String EXTENSION = ".parquet";

    private final ParquetSettings settings;
    private final SchemaCatalog catalog;
    private final String database;
    private final String table;
    private final String version;
    private final RecordDecoder.Factory decoders;
    private final UnknownFields unknownFields;

    /**
     * @param version {@link SchemaCatalog#LATEST} or a version of the catalog's
     * @param decoders how records become rows of the table
     * @param unknownFields told after each object which fields the schema did not know
     */
    public ParquetEncoderFactory(
            ParquetSettings settings,
            SchemaCatalog catalog,
            String database,
            String table,
            String version,
            RecordDecoder.Factory decoders,
            UnknownFields unknownFields) {
        this.settings = settings;
        this.catalog = catalog;
        this.database = database;
        this.table = table;
        this.version = version;
        this.decoders = decoders;
        this.unknownFields = unknownFields;
    }

    @Override
    public RecordEncoder encoder() {
        return new ParquetEncoder(this::schema, decoders, settings, unknownFields);
    }

    @Override
    public String extension() {
        return EXTENSION;
    }

    /** None: pages are compressed inside the file. */
    @Override
    public String contentEncoding() {
        return "";
    }

    @Override
    public long memoryBytes() {
        return settings.memoryBytes();
    }

    /** Values take no more than their JSON; the footer of a wide table is what may weigh more. */
    @Override
    public long expectedBytes(long inputBytes) {
        return inputBytes + inputBytes / 8 + (256 << 10);
    }

    private TableSchema schema() throws CatalogException {
        try {
            return catalog.table(database, table, version);
        } catch (CatalogException e) {
            throw new CatalogException(
                    "convert to Parquet: no schema of "
                            + database
                            + "."
                            + table
                            + " (version "
                            + version
                            + "): "
                            + e.getMessage(),
                    e);
        }
    }
}
