package io.delivery.convert;

import io.delivery.format.DecoderOptions;
import io.delivery.format.EncoderFactory;
import io.delivery.format.FileSizes;
import io.delivery.format.RecordDecoder;
import io.delivery.format.RecordEncoder;
import io.delivery.format.RowFormat;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFields;
import java.util.concurrent.CompletionStage;

/**
 * Converts records to files of rows. The schema is asked for once per object, so a new version of a
 * table holds from the next object on; when it is not to be had, encoding fails with an IOException
 * that names it, and no record is rejected for that. What an object takes follows the newest schema
 * that an encoder has seen. Thread-safe.
 */
public final class ConvertingEncoderFactory implements EncoderFactory {
    private final RowFormat format;
    private final TableReference table;
    private final DecoderOptions options;
    private final RecordDecoder.Factory decoders;
    private final UnknownFields unknownFields;
    private volatile KnownTable known;

    /** What objects of a table take; the schema is null as long as nobody has seen it. */
    private record KnownTable(TableSchema schema, FileSizes sizes) {}

    /**
     * @param options how records are read
     * @param decoders how records become rows of the table
     * @param unknownFields told of each durable object which fields the schema did not know
     */
    public ConvertingEncoderFactory(
            RowFormat format,
            TableReference table,
            DecoderOptions options,
            RecordDecoder.Factory decoders,
            UnknownFields unknownFields) {
        this.format = format;
        this.table = table;
        this.options = options;
        this.decoders = decoders;
        this.unknownFields = unknownFields;
        this.known = new KnownTable(null, format.sizesOfUnknownTable());
    }

    @Override
    public CompletionStage<Void> ready() {
        return table.ready();
    }

    @Override
    public RecordEncoder encoder(long memoryBytes) {
        return new ConvertingEncoder(
                format, table, options, decoders, unknownFields, this::sizes, memoryBytes);
    }

    private FileSizes sizes(TableSchema schema) {
        KnownTable before = known;
        if (schema.equals(before.schema())) {
            return before.sizes();
        }
        FileSizes sizes = format.sizes(schema, options);
        known = new KnownTable(schema, sizes);
        return sizes;
    }

    @Override
    public String extension() {
        return format.extension();
    }

    /** None: what is compressed is compressed inside the file. */
    @Override
    public String contentEncoding() {
        return "";
    }

    @Override
    public long memoryBytes() {
        return known.sizes().memoryBytes();
    }

    @Override
    public long expectedBytes(long inputBytes) {
        return known.sizes().expectedBytes(inputBytes);
    }
}
