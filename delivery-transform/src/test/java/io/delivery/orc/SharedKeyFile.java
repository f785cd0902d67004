package io.delivery.orc;

import io.delivery.config.ColumnarSettings.Orc;
import io.delivery.config.ColumnarSettings.OrcCompression;
import io.delivery.config.ColumnarSettings.OrcVersion;
import io.delivery.format.DecoderOptions;
import io.delivery.format.EncoderFactory;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RowFormat;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFieldPolicy;
import io.delivery.format.UnknownFields;
import io.delivery.parquet.Objects;
import io.delivery.parquet.PageCompression;
import io.delivery.parquet.ParquetFormat;
import io.delivery.parquet.ParquetSettings;
import io.delivery.record.SequencedRecord;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Encodes the file that takes most memory when one key fills several columns: records as long as
 * they may be, each of them one text that no compression makes shorter. In a process of its own,
 * whose heap says whether the memory is enough.
 */
final class SharedKeyFile {
    /** The longest record that PutRecord takes. */
    private static final int RECORD_BYTES = 1_024_000;

    private static final int RECORDS = 6;

    private SharedKeyFile() {}

    /** File formats by the names that the process is told. */
    enum Format {
        PARQUET(new ParquetFormat(ParquetSettings.DEFAULTS)),
        PARQUET_PLAIN(
                new ParquetFormat(
                        ParquetSettings.DEFAULTS.withCompression(PageCompression.UNCOMPRESSED))),
        ORC(new OrcFormat(Orc.DEFAULTS)),
        ORC_DICTIONARIES(new OrcFormat(OrcFiles.with(OrcCompression.SNAPPY, 1, OrcVersion.V0_12)));

        final RowFormat format;

        Format(RowFormat format) {
            this.format = format;
        }
    }

    /** What the text of a record is in a table. */
    enum Text {
        /** A value of columns. */
        OF_COLUMNS("string", "{\"t\":\"", "\"}"),
        /** A field that structs do not know, and that is kept. */
        UNKNOWN("struct<a:int>", "{\"t\":{\"u\":\"", "\"}}"),
        /** A key of a map, in the path of each of 60 fields that are kept. */
        KEY_OF_UNKNOWN(
                "map<string,struct<a:int>>",
                "{\"t\":{\"",
                IntStream.range(0, 60)
                        .mapToObj(i -> "\"" + i + "\":1")
                        .collect(Collectors.joining(",", "\":{", "}}}"))),
        /** A field beside the columns, with as many others as there is room for. */
        MANY_UNKNOWN(
                "int",
                IntStream.range(0, 113_000)
                        .mapToObj(i -> "\"" + Integer.toString(i, 36) + "\":1")
                        .collect(Collectors.joining(",", "{", ",\"u\":\"")),
                "\"}"),
        /** Behind values that a struct has no fields for, as many as their paths may be. */
        SURPLUS("struct<a:int>", "{\"t\":[" + "1,".repeat(110_000) + "\"", "\"]}");

        private final String type;
        private final String front;
        private final String behind;

        Text(String type, String front, String behind) {
            this.type = type;
            this.front = front;
            this.behind = behind;
        }

        /** Columns of this type, all of them filled by the key {@code t}. */
        TableSchema table(int columns) {
            Map<String, String> keys = new HashMap<>();
            String[] all = new String[columns + 1];
            for (int i = 0; i < columns; i++) {
                keys.put("c" + i, "t");
                all[i] = "c" + i + " " + type;
            }
            all[columns] = "rest map<string,string>";
            return Objects.table(new JsonSerDe.OpenX(true, false, keys), all);
        }

        DecoderOptions options() {
            return this == OF_COLUMNS
                    ? DecoderOptions.DEFAULTS
                    : new DecoderOptions(Optional.empty(), new UnknownFieldPolicy.Keep("rest"));
        }

        int recordBytes() {
            return switch (this) {
                case OF_COLUMNS, UNKNOWN -> RECORD_BYTES;
                case KEY_OF_UNKNOWN -> 17_000;
                case MANY_UNKNOWN, SURPLUS -> front.length() + behind.length();
            };
        }
    }

    /**
     * Arguments: a format, what the text is, how many columns its key fills, and, for records that
     * a processor has made, how long they are: of these there are two, and why each of them is
     * refused is printed.
     */
    public static void main(String[] args) throws Exception {
        Format format = Format.valueOf(args[0]);
        Text text = Text.valueOf(args[1]);
        TableSchema table = text.table(Integer.parseInt(args[2]));
        boolean longer = args.length > 3;
        EncoderFactory factory =
                Objects.factory(format.format, table, text.options(), UnknownFields.IGNORED);
        byte[] record = new byte[longer ? Integer.parseInt(args[3]) : text.recordBytes()];
        int records = longer ? 2 : RECORDS;
        SequencedRecord view = new SequencedRecord();
        Random random = new Random(7);
        int[] count = {0};
        long needed = format.format.sizes(table, text.options()).memoryBytes();
        factory.encoder(needed)
                .encode(
                        () -> {
                            if (count[0] == records) {
                                return null;
                            }
                            fill(record, text, random);
                            return view.at(count[0]++, 0, true, record, 0, record.length, 0);
                        },
                        OutputStream.nullOutputStream(),
                        failure -> {
                            if (!longer) {
                                throw new IllegalStateException("not converted: " + failure);
                            }
                            System.out.println(failure.code() + " " + failure.message());
                        });
    }

    private static void fill(byte[] record, Text text, Random random) {
        IntStream.range(0, record.length)
                .forEach(i -> record[i] = (byte) (' ' + 3 + random.nextInt(56)));
        byte[] front = text.front.getBytes(StandardCharsets.US_ASCII);
        byte[] behind = text.behind.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(front, 0, record, 0, front.length);
        System.arraycopy(behind, 0, record, record.length - behind.length, behind.length);
    }
}
