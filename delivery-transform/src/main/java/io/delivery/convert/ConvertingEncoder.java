package io.delivery.convert;

import io.delivery.format.CatalogException;
import io.delivery.format.DecoderOptions;
import io.delivery.format.FileSizes;
import io.delivery.format.MemoryNeededException;
import io.delivery.format.RecordDecoder;
import io.delivery.format.RecordEncoder;
import io.delivery.format.RecordSource;
import io.delivery.format.RejectedRecords;
import io.delivery.format.RowBuffer;
import io.delivery.format.RowFile;
import io.delivery.format.RowFormat;
import io.delivery.format.SchemaProblem;
import io.delivery.format.SchemaProblem.Cause;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFields;
import io.delivery.record.Amount;
import io.delivery.record.Failure;
import io.delivery.record.RecordFailedException;
import io.delivery.record.SequencedRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Writes one object: all rows of a record, or none and the reason. */
final class ConvertingEncoder implements RecordEncoder {
    private final RowFormat format;
    private final TableReference table;
    private final DecoderOptions options;
    private final RecordDecoder.Factory decoders;
    private final Function<TableSchema, FileSizes> sizes;
    private final long memoryBytes;
    private final HeldFields unknownFields;

    /**
     * @param table asked for once, when the object is begun
     * @param unknownFields told once, when the object is durable
     * @param sizes what objects of a schema take
     * @param memoryBytes that the object may take
     */
    ConvertingEncoder(
            RowFormat format,
            TableReference table,
            DecoderOptions options,
            RecordDecoder.Factory decoders,
            UnknownFields unknownFields,
            Function<TableSchema, FileSizes> sizes,
            long memoryBytes) {
        this.format = format;
        this.table = table;
        this.options = options;
        this.decoders = decoders;
        this.unknownFields = new HeldFields(unknownFields);
        this.sizes = sizes;
        this.memoryBytes = memoryBytes;
    }

    @Override
    public void encode(RecordSource records, OutputStream out, RejectedRecords rejected)
            throws IOException {
        TableSchema schema = table.schema(format.name());
        FileSizes needs = sizes.apply(schema);
        long needed = needs.memoryBytes();
        if (needed > memoryBytes) {
            throw new MemoryNeededException(
                    needed,
                    "convert to %s: %s has %s"
                            .formatted(
                                    format.name(),
                                    schema.qualifiedName(),
                                    Amount.of(schema.columns().size(), "column")));
        }
        RecordDecoder decoder = decoder(schema);
        RowBuffer rows = new RowBuffer(needs.rowBytes());
        try (RowFile file = format.begin(schema, out)) {
            SequencedRecord record;
            while ((record = records.next()) != null) {
                try {
                    decoder.decode(record, rows);
                } catch (RecordFailedException misfit) {
                    rejected.reject(misfit.failure());
                    continue;
                }
                Optional<String> misfit = file.misfit(rows);
                if (misfit.isPresent()) {
                    rejected.reject(unwritable(misfit.get()));
                    continue;
                }
                file.write(rows);
                decoder.written();
            }
            file.finish();
        }
        decoder.report(unknownFields);
    }

    /** "Row failed in the writer": contract, section 6.8. */
    private static Failure unwritable(String reason) {
        return new Failure(
                Failure.Kind.FORMAT_CONVERSION_FAILED,
                "DataFormatConversion.ConversionFailureException",
                reason);
    }

    @Override
    public void staged() {
        unknownFields.tell();
    }

    private RecordDecoder decoder(TableSchema schema) throws CatalogException {
        try {
            return decoders.decoder(schema, options);
        } catch (IllegalArgumentException unusable) {
            throw new CatalogException(
                    CatalogException.Reason.INVALID_SCHEMA,
                    List.of(
                            new SchemaProblem(
                                    Cause.CONTENT,
                                    "",
                                    0,
                                    "",
                                    "convert to %s: records cannot be read into %s: %s"
                                            .formatted(
                                                    format.name(),
                                                    schema.qualifiedName(),
                                                    unusable.getMessage()))));
        }
    }
}
