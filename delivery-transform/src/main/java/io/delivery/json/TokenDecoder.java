package io.delivery.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.delivery.format.DecoderOptions;
import io.delivery.format.RecordDecoder;
import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFields;
import io.delivery.jackson.BoundedParsers;
import io.delivery.json.bytes.ByteDecoder;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordFailedException;
import io.delivery.record.Utf8Text;
import java.io.IOException;

/**
 * Reads records with Jackson's tokens, whatever is in them, and says what is wrong with those that
 * do not fit. The rules are those of {@link JsonRecordDecoder}. Not thread-safe.
 */
final class TokenDecoder implements RecordDecoder {
    private static final int MAX_DEPTH = 1000;
    private static final int MAX_MESSAGE = 300;

    private static final JsonFactory JSON =
            new JsonFactoryBuilder()
                    // UTF-8 it is: a NUL at the front shall not make it UTF-16.
                    .disable(JsonFactory.Feature.CHARSET_DETECTION)
                    .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    // The parser of bytes counts bytes: RecordParser looks.
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .maxNumberLength(Numbers.MAX_DIGITS)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private final UnknownFieldCounts unknown = new UnknownFieldCounts();
    private final Dialect dialect;
    private final UnknownFieldReader unknownFields;
    private final StructReader table;

    private final BoundedParsers parsers = new BoundedParsers(JSON);

    /** Of values that are read again, each on its own. */
    private final BoundedParsers valueParsers = new BoundedParsers(JSON);

    /**
     * @throws IllegalArgumentException when a timestamp format of the serde makes no sense, or the
     *     table has no column that keeps unknown fields where it must
     */
    TokenDecoder(TableSchema schema, DecoderOptions options) {
        dialect = Dialect.of(options.serdeFor(schema));
        unknownFields = UnknownFieldReader.of(options.unknownFields(), schema, dialect, unknown);
        table = new StructReader(schema, dialect, unknownFields);
    }

    /** A decoder of bytes for the same table, which counts with this one. */
    ByteDecoder inBytes() {
        return table.decoderOfBytes();
    }

    /** A record is read, which may have followed one that was not written. */
    void begin(DeliveryRecord record) {
        unknown.forget();
        dialect.arrived(record.arrivalMillis());
    }

    @Override
    public void decode(DeliveryRecord record, RowBuffer rows) throws RecordFailedException {
        rows.clear();
        begin(record);
        unknownFields.recordBegins(record.length());
        try {
            read(record, rows);
        } catch (RecordFailedException reason) {
            throw reason;
        } catch (StreamConstraintsException beyond) {
            throw Misfit.malformed(constraint(beyond));
        } catch (JsonProcessingException notJson) {
            throw reason(notJson);
        } catch (RowBuffer.FullException full) {
            throw Misfit.conversionFailure(full.getMessage());
        } catch (IOException | RuntimeException | StackOverflowError unexpected) {
            // A record of somebody else's making must not stop the object.
            throw Misfit.conversionFailure(
                    "The record could not be read: " + unexpected.getClass().getSimpleName());
        } finally {
            unknownFields.recordEnded();
        }
    }

    @Override
    public void written() {
        unknown.keep();
    }

    @Override
    public void report(UnknownFields unknownFields) {
        unknown.report(unknownFields);
    }

    private void read(DeliveryRecord record, RowBuffer rows)
            throws IOException, RecordFailedException {
        int invalid = Utf8Text.firstInvalid(record.array(), record.offset(), record.length());
        if (invalid >= 0) {
            throw Misfit.malformed(
                    "The record cannot be decoded as UTF-8: invalid at byte " + invalid);
        }
        int mark = hasByteOrderMark(record) ? 3 : 0;
        try (JsonParser json =
                parser(record.array(), record.offset() + mark, record.length() - mark)) {
            JsonToken token = json.nextToken();
            if (token == null) {
                throw Misfit.malformed("The record was empty or contained only whitespace");
            }
            for (; token != null; token = json.nextToken()) {
                if (token != JsonToken.START_OBJECT) {
                    throw Misfit.malformed(
                            token == JsonToken.START_ARRAY
                                    ? "Data does not match the schema. The record has an array at"
                                            + " the top level; only objects are rows"
                                    : "Data does not match the schema. The record has a primitive"
                                            + " at the top level; only objects are rows");
                }
                int first = rows.addRow(table.width());
                unknownFields.row(rows, first);
                table.readFields(json, rows, first);
            }
        }
    }

    private JsonParser parser(byte[] array, int offset, int length) throws IOException {
        JsonParser parser = parsers.parser(array, offset, length);
        // A key has no more characters than bytes.
        return dialect.sharesKeys() || length > RecordParser.MAX_KEY_LENGTH
                ? new RecordParser(parser, array, offset, valueParsers)
                : parser;
    }

    private static boolean hasByteOrderMark(DeliveryRecord record) {
        byte[] array = record.array();
        int at = record.offset();
        return record.length() >= 3
                && array[at] == (byte) 0xEF
                && array[at + 1] == (byte) 0xBB
                && array[at + 2] == (byte) 0xBF;
    }

    private static String constraint(StreamConstraintsException beyond) {
        String message = beyond.getOriginalMessage();
        if (message.startsWith("Document nesting depth")) {
            return "The JSON is too deeply nested: more than " + MAX_DEPTH + " levels";
        }
        if (beyond instanceof RecordParser.KeyTooLong) {
            return "The record has a JSON key longer than "
                    + RecordParser.MAX_KEY_LENGTH
                    + " characters";
        }
        return "The record has a number of more than " + Numbers.MAX_DIGITS + " digits";
    }

    private static RecordFailedException reason(JsonProcessingException notJson) {
        String message = notJson.getOriginalMessage();
        if (message.contains("is allowed between tokens")) {
            return Misfit.malformed("The record has an illegal character between tokens");
        }
        // The parser quotes the token; a message never holds the record's contents.
        if (message.startsWith("Unrecognized token '")) {
            message = "Unrecognized token" + message.substring(message.indexOf("':") + 1);
        }
        // Advice to a programmer, where there is only somebody with a record.
        message = message.replaceAll(" \\(start marker at .*\\)$|: enable `.*$", "");
        return Misfit.parseError(
                message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message);
    }
}
