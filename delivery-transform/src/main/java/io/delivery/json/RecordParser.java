package io.delivery.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import io.delivery.jackson.BoundedParsers;
import java.io.IOException;

/**
 * Reads the tokens of a record that Jackson alone does not read as it should: it looks at the
 * lengths of keys, which Jackson's parser of bytes counts in bytes, and gives values a second time.
 * Not thread-safe.
 */
final class RecordParser extends JsonParserDelegate {
    /** Characters of a key, as in "JSON key longer than 262,144": contract, section 6.8. */
    static final int MAX_KEY_LENGTH = 262_144;

    private final byte[] array;
    private final int offset;
    private final BoundedParsers valueParsers;

    /**
     * @param delegate reads the tokens of the array from the offset on
     * @param valueParsers of values that are read again; one of them is closed before the next
     *     begins, and what is read again within one has parsers of its own
     */
    RecordParser(JsonParser delegate, byte[] array, int offset, BoundedParsers valueParsers) {
        super(delegate);
        this.array = array;
        this.offset = offset;
        this.valueParsers = valueParsers;
    }

    @Override
    public JsonToken nextToken() throws IOException {
        JsonToken token = delegate.nextToken();
        if (token == JsonToken.FIELD_NAME && delegate.getTextLength() > MAX_KEY_LENGTH) {
            String key = delegate.currentName();
            if (key.codePointCount(0, key.length()) > MAX_KEY_LENGTH) {
                throw new KeyTooLong(delegate);
            }
        }
        return token;
    }

    @Override
    public JsonParser skipChildren() throws IOException {
        if (!currentToken().isStructStart()) {
            return this;
        }
        for (int depth = 1; depth > 0; ) {
            JsonToken token = nextToken();
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            }
        }
        return this;
    }

    /** The place of the current token in the record's array. */
    int place() {
        return offset + (int) delegate.currentTokenLocation().getByteOffset();
    }

    /** The place behind the current token. */
    int placeBehind() throws IOException {
        delegate.finishToken();
        return offset + (int) delegate.currentLocation().getByteOffset();
    }

    /** A parser that stands on the first token of the value between two places. */
    RecordParser again(int from, int behind) throws IOException {
        RecordParser value =
                new RecordParser(
                        valueParsers.parser(array, from, behind - from),
                        array,
                        from,
                        valueParsers.within());
        value.nextToken();
        return value;
    }

    /** The record has a key that is too long. */
    static final class KeyTooLong extends StreamConstraintsException {
        private static final long serialVersionUID = 1L;

        private KeyTooLong(JsonParser json) {
            super("key too long", json.currentTokenLocation());
        }
    }
}
