package io.delivery.parquet;

import io.delivery.format.CatalogException;
import io.delivery.format.RecordDecoder;
import io.delivery.format.RecordEncoder;
import io.delivery.format.RecordSource;
import io.delivery.format.RejectedRecords;
import io.delivery.format.RowBuffer;
import io.delivery.format.SchemaProblem;
import io.delivery.format.SchemaProblem.Cause;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFields;
import io.delivery.record.RecordFailedException;
import io.delivery.record.SequencedRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Writes one object: all rows of a record, or none and the reason. */
final class ParquetEncoder implements RecordEncoder {
    private final Schema current;
    private final RecordDecoder.Factory decoders;
    private final ParquetSettings settings;
    private final UnknownFields unknownFields;

    /**
     * @param current asked for once, when the object is begun
     * @param unknownFields told once, when the object is complete
     */
    ParquetEncoder(
            Schema current,
            RecordDecoder.Factory decoders,
            ParquetSettings settings,
            UnknownFields unknownFields) {
        this.current = current;
        this.decoders = decoders;
        this.settings = settings;
        this.unknownFields = unknownFields;
    }

    /** The table as the catalog describes it now. */
    @FunctionalInterface
    interface Schema {
        TableSchema read() throws CatalogException;
    }

    @Override
    public void encode(RecordSource records, OutputStream out, RejectedRecords rejected)
            throws IOException {
        TableSchema schema = current.read();
        RecordDecoder decoder = decoder(schema);
        RowBuffer rows = new RowBuffer();
        try (ParquetObject object = new ParquetObject(schema, settings, out)) {
            SequencedRecord record;
            while ((record = records.next()) != null) {
                try {
                    decoder.decode(record, rows);
                } catch (RecordFailedException misfit) {
                    rejected.reject(misfit.failure());
                    continue;
                }
                object.write(rows);
            }
            object.finish();
        }
        // Only now: an object that fails is encoded again, and would be counted again.
        decoder.report(unknownFields);
    }

    private RecordDecoder decoder(TableSchema schema) throws CatalogException {
        try {
            return decoders.decoder(schema, settings.deserializer().orElse(schema.serde()));
        } catch (IllegalArgumentException unusable) {
            throw new CatalogException(
                    CatalogException.Reason.INVALID_SCHEMA,
                    List.of(
                            new SchemaProblem(
                                    Cause.CONTENT,
                                    "",
                                    0,
                                    "",
                                    "convert to Parquet: the serde of "
                                            + schema.qualifiedName()
                                            + " cannot be used: "
                                            + unusable.getMessage())));
        }
    }
}
