package io.delivery.convert;

import io.delivery.format.EncoderFactory;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RecordDecoder;
import io.delivery.format.RecordEncoder;
import io.delivery.format.RowFormat;
import io.delivery.format.UnknownFields;
import java.util.Optional;

/**
 * Converts records to files of rows. The schema is asked for once per object, so a new version of a
 * table holds from the next object on; when it is not to be had, encoding fails with an IOException
 * that names it, and no record is rejected for that. Thread-safe.
 */
public final class ConvertingEncoderFactory implements EncoderFactory {
    private final RowFormat format;
    private final TableReference table;
    private final Optional<JsonSerDe> serde;
    private final RecordDecoder.Factory decoders;
    private final UnknownFields unknownFields;

    /**
     * @param serde how records are read, whatever the table says; empty for what the table says
     * @param decoders how records become rows of the table
     * @param unknownFields told after each object which fields the schema did not know
     */
    public ConvertingEncoderFactory(
            RowFormat format,
            TableReference table,
            Optional<JsonSerDe> serde,
            RecordDecoder.Factory decoders,
            UnknownFields unknownFields) {
        this.format = format;
        this.table = table;
        this.serde = serde;
        this.decoders = decoders;
        this.unknownFields = unknownFields;
    }

    @Override
    public RecordEncoder encoder() {
        return new ConvertingEncoder(format, table, serde, decoders, unknownFields);
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
        return format.memoryBytes();
    }

    @Override
    public long expectedBytes(long inputBytes) {
        return format.expectedBytes(inputBytes);
    }
}
