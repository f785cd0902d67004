package io.delivery.suggest;

import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.DecoderOptions;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RecordDecoder;
import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordFailedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** Tells which texts a deserializer reads as timestamps and dates, by asking its decoder. */
final class TextForms {
    /** A text that is longer is not asked about. */
    static final int MAX_LENGTH = 64;

    /** {@code yyyy-M-d}. */
    private static final int SHORTEST = 8;

    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]{0,17})|(?=.{1,16}$)-?(0|[1-9][0-9]*)\\.[0-9]+");

    private final boolean onlyFixedForms;
    private final RecordDecoder timestamp;
    private final RecordDecoder date;
    private final RowBuffer row = new RowBuffer();
    private final DeliveryRecord record = new DeliveryRecord();
    private final long arrivalMillis;

    TextForms(RecordDecoder.Factory decoders, JsonSerDe serde, long arrivalMillis) {
        this.onlyFixedForms =
                !(serde instanceof JsonSerDe.Hive hive) || hive.timestampFormats().isEmpty();
        this.timestamp =
                decoders.decoder(oneColumn(Primitive.TIMESTAMP, serde), DecoderOptions.DEFAULTS);
        this.date = decoders.decoder(oneColumn(Primitive.DATE, serde), DecoderOptions.DEFAULTS);
        this.arrivalMillis = arrivalMillis;
    }

    private static TableSchema oneColumn(Primitive type, JsonSerDe serde) {
        return new TableSchema(
                "suggest",
                "probe",
                "1",
                List.of(new TableSchema.Column("c", type)),
                List.of(),
                serde);
    }

    /**
     * Whether a timestamp column holds all of it: files have microseconds, and cut what is behind
     * them. A number in a text is none, although a timestamp column would read it.
     */
    boolean isTimestamp(String text) {
        boolean possible = onlyFixedForms ? text.indexOf(':') > 0 : !isOfDigits(text);
        return possible && isWhole(text) && reads(timestamp, text) && row.extra(0) % 1000 == 0;
    }

    boolean isDate(String text) {
        return text.indexOf('-') == 4 && isWhole(text) && reads(date, text);
    }

    /**
     * A number as people write it, and nothing that a number would lose: a zero before it, as codes
     * of places and articles have, more digits than a bigint or a double keeps, or an exponent.
     */
    static boolean isNumber(String text) {
        return NUMBER.matcher(text).matches();
    }

    private static boolean isOfDigits(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+');
    }

    /** Nothing around it gets lost, and it needs no escapes in JSON. */
    private static boolean isWhole(String text) {
        return text.length() >= SHORTEST
                && text.length() <= MAX_LENGTH
                && text.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '"' && c != '\\')
                && text.strip().length() == text.length();
    }

    private boolean reads(RecordDecoder decoder, String text) {
        byte[] json = ("{\"c\":\"" + text + "\"}").getBytes(StandardCharsets.US_ASCII);
        try {
            decoder.decode(record.at(json, 0, json.length, arrivalMillis), row);
            return !row.isNull(0);
        } catch (RecordFailedException another) {
            return false;
        }
    }
}
