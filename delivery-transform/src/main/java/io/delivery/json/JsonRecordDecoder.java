package io.delivery.json;

import io.delivery.format.DecoderOptions;
import io.delivery.format.RecordDecoder;
import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFields;
import io.delivery.json.bytes.ByteDecoder;
import io.delivery.record.Attempts;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordFailedException;

/**
 * Reads records of one or several concatenated JSON objects; each object is a row. Not thread-safe.
 *
 * <p>What becomes of the cases that the contract leaves open, more of it in
 * docs/reference/schema.md:
 *
 * <ul>
 *   <li>A byte order mark at the front is skipped. The rest must be UTF-8, in unknown fields too.
 *   <li>Of several keys that fill one column the closest to the column's own counts: the same key,
 *       then one that differs in case, then one with dots for underscores. A key that is there
 *       twice: the last one counts, and each must fit.
 *   <li>A number that does not fit an integer column in range or by its fraction is an error, as is
 *       a finite one that a float or double column would make infinite. Decimals round half up.
 *   <li>{@code NaN} and infinities are taken for float and double as OpenX strings only; as bare
 *       words they are no JSON.
 *   <li>A NUL in a string is kept; half of a surrogate pair is an error unless its field is dropped
 *       as unknown to the schema.
 *   <li>A field that fills a column but not the closest is counted like an unknown field, and is
 *       refused where those are refused. It is never kept: its column holds the closer one.
 *   <li>An unknown field that is kept has its path as the key: {@code orders[3].price}; where keys
 *       of maps are lower-cased, so is the path. Its JSON text is what a column of type string
 *       would hold for an object, so that texts are in quotes and a null is {@code null}. A
 *       partition column is not unknown. The column that keeps them is filled by nothing else.
 *   <li>A path of which a key has a dot or a bracket can be that of another field, too: a record
 *       with unknown fields in both places fails where they are kept.
 *   <li>Timestamps are UTC; what does not fit 64 bits of microseconds is an error.
 *   <li>Objects and arrays nest at most 1,000 deep, keys have at most 262,144 characters, numbers
 *       1,000 digits, and a record makes at most {@link RowBuffer#MAX_SLOTS} values, nulls
 *       included.
 * </ul>
 *
 * <p>Most records are read from their bytes. One that has something unusual, which may be a
 * mistake, is read again from its beginning, as tokens: these say what it is and what is wrong with
 * it. Which of the two has read a record shows in nothing but the time that it takes.
 */
public final class JsonRecordDecoder implements RecordDecoder {
    private final TokenDecoder tokens;
    private final ByteDecoder bytes;
    private final Attempts attempts;

    /**
     * @throws IllegalArgumentException when a timestamp format of the serde makes no sense, or the
     *     table has no column that keeps unknown fields where it must
     */
    public JsonRecordDecoder(TableSchema schema, DecoderOptions options) {
        this(schema, options, new Attempts());
    }

    JsonRecordDecoder(TableSchema schema, DecoderOptions options, Attempts attempts) {
        this.attempts = attempts;
        tokens = new TokenDecoder(schema, options);
        bytes = tokens.inBytes();
    }

    /**
     * Looks at a timestamp format of the Hive serde, for messages at the edge.
     *
     * @throws IllegalArgumentException when it makes no sense
     */
    public static void checkTimestampFormat(String format) {
        Dialect.pattern(format);
    }

    @Override
    public void decode(DeliveryRecord record, RowBuffer rows) throws RecordFailedException {
        if (!attempts.isWorthOne()) {
            tokens.decode(record, rows);
        } else if (triedBytes(record, rows)) {
            attempts.succeeded();
        } else {
            attempts.failed();
            tokens.decode(record, rows);
        }
    }

    private boolean triedBytes(DeliveryRecord record, RowBuffer rows) {
        try {
            return readBytes(record, rows);
        } catch (RuntimeException unexpected) {
            // A record of somebody else's making must not stop the object; tokens read them all.
            // It is a defect all the same, at which tests fail: they run with assertions.
            assert false : unexpected;
            return false;
        }
    }

    /**
     * Reads a record from its bytes.
     *
     * @return false when only its tokens tell what is in it: nothing was counted
     */
    boolean readBytes(DeliveryRecord record, RowBuffer rows) {
        tokens.begin(record);
        return bytes.decode(record, rows);
    }

    @Override
    public void written() {
        tokens.written();
    }

    @Override
    public void report(UnknownFields unknownFields) {
        tokens.report(unknownFields);
    }
}
