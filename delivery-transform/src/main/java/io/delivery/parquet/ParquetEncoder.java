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
import io.delivery.record.RecordFailedException;
import io.delivery.record.SequencedRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Writes one object: all rows of a record, or none and the reason. */
final class ParquetEncoder implements RecordEncoder {
    private final ParquetEncoderFactory factory;

    ParquetEncoder(ParquetEncoderFactory factory) {
        this.factory = factory;
    }

    @Override
    public void encode(RecordSource records, OutputStream out, RejectedRecords rejected)
            throws IOException {
        TableSchema schema = factory.schema();
        RecordDecoder decoder = decoder(schema);
        RowBuffer rows = new RowBuffer();
        try (ParquetObject object = new ParquetObject(schema, factory.settings(), out)) {
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
        decoder.report(factory.unknownFields());
    }

    private RecordDecoder decoder(TableSchema schema) throws CatalogException {
        try {
            return factory.decoder(schema);
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
