package io.delivery.parquet;

import io.delivery.convert.ConvertingEncoderFactory;
import io.delivery.convert.TableReference;
import io.delivery.format.DecoderOptions;
import io.delivery.format.EncoderFactory;
import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RecordSource;
import io.delivery.format.RowFormat;
import io.delivery.format.SchemaCatalog;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFields;
import io.delivery.json.JsonRecordDecoder;
import io.delivery.record.Failure;
import io.delivery.record.SequencedRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Encodes records into files, as a stream would. */
public final class Objects {
    private Objects() {}

    public static TableSchema table(JsonSerDe serde, String... columns) {
        List<TableSchema.Column> all = new ArrayList<>();
        for (String column : columns) {
            int space = column.indexOf(' ');
            all.add(
                    new TableSchema.Column(
                            column.substring(0, space),
                            HiveTypes.parse(column.substring(space + 1))));
        }
        return new TableSchema("db", "t", "1", all, List.of(), serde);
    }

    public static TableSchema table(String... columns) {
        return table(JsonSerDe.OpenX.DEFAULTS, columns);
    }

    static EncoderFactory factory(
            ParquetSettings settings, TableSchema table, UnknownFields unknown) {
        return factory(settings, table, DecoderOptions.DEFAULTS, unknown);
    }

    static EncoderFactory factory(
            ParquetSettings settings,
            TableSchema table,
            DecoderOptions options,
            UnknownFields unknown) {
        return factory(new ParquetFormat(settings), table, options, unknown);
    }

    /** Of any file format. */
    public static EncoderFactory factory(RowFormat format, TableSchema table) {
        return factory(format, table, UnknownFields.IGNORED);
    }

    /** Of any file format, told which fields the table does not know. */
    public static EncoderFactory factory(
            RowFormat format, TableSchema table, UnknownFields unknown) {
        return factory(format, table, DecoderOptions.DEFAULTS, unknown);
    }

    /** Of any file format, with options of the stream. */
    public static EncoderFactory factory(
            RowFormat format, TableSchema table, DecoderOptions options, UnknownFields unknown) {
        SchemaCatalog catalog = (database, name, version) -> table;
        return new ConvertingEncoderFactory(
                format,
                new TableReference(catalog, "db", "t", SchemaCatalog.LATEST),
                options,
                JsonRecordDecoder::new,
                unknown);
    }

    /** What was refused, by the record's number. */
    public static Map<Long, Failure> encode(
            Path file, ParquetSettings settings, TableSchema table, Stream<String> records)
            throws IOException {
        return encode(file, factory(settings, table, UnknownFields.IGNORED), records);
    }

    public static Map<Long, Failure> encode(
            Path file, EncoderFactory factory, Stream<String> records) throws IOException {
        Map<Long, Failure> rejected = new TreeMap<>();
        Records source = new Records(records.iterator());
        try (OutputStream out = Files.newOutputStream(file)) {
            factory.encoder()
                    .encode(source, out, failure -> rejected.put(source.sequence - 1, failure));
        }
        return rejected;
    }

    static final class Records implements RecordSource {
        private final Iterator<String> records;
        private final SequencedRecord view = new SequencedRecord();
        private long sequence;

        Records(Iterator<String> records) {
            this.records = records;
        }

        @Override
        public SequencedRecord next() {
            if (!records.hasNext()) {
                return null;
            }
            byte[] bytes = ("--" + records.next()).getBytes(StandardCharsets.UTF_8);
            return view.at(sequence++, 0, true, bytes, 2, bytes.length - 2, 0);
        }
    }
}
