package io.delivery.jackson;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/**
 * Makes parsers of JSON that others have written. Not thread-safe.
 *
 * <p>A factory of Jackson keeps the names that its parsers have read, so that a name which comes
 * again is no new text. It keeps up to 6,000 of any length, for as long as the factory lives, and
 * copies all of them for each document that has a new one (ByteQuadsCanonicalizer). Names are
 * hostile: here they are forgotten when they take too much room, and when copying them has cost too
 * much. Names that come again and again are kept meanwhile, and cost nothing. (decision 65)
 *
 * <p>A parser is closed before the next one is asked for: names are kept when it is, and count with
 * the length of its document. Documents within a document that is still being read are for {@link
 * #within}.
 */
public final class BoundedParsers {
    /** The names of a longer document are forgotten with it. */
    static final int MAX_TAUGHT_BYTES = 32 << 10;

    /** Names are forgotten when the documents that they first stood in have more bytes. */
    static final int MAX_KEPT_BYTES = 128 << 10;

    /** Names are forgotten when copies of them have taken more bytes. */
    private static final long MAX_COPIED_BYTES = 4 << 20;

    /** What a name takes in the table, beside its own bytes: measured at its usual filling. */
    private static final int BYTES_OF_A_NAME = 48;

    private final JsonFactory settings;

    /** Null before the first document: many decoders never read one. */
    private Names names;

    private int known;
    private int lastLength;
    private long keptBytes;
    private long copiedBytes;
    private BoundedParsers within;

    /**
     * @param settings of the parsers; names are kept in copies of it only
     */
    public BoundedParsers(JsonFactory settings) {
        this.settings = settings;
    }

    /** A factory of the same settings, whose names can be counted. */
    private static final class Names extends JsonFactory {
        private static final long serialVersionUID = 1L;

        /**
         * Names do not go into the JVM's table of texts. What is a good document does not rest on
         * the names of those before it. Both are said before the factory is made, because its table
         * for documents that are texts reads its features once, when it is made.
         */
        Names(JsonFactory settings) {
            super(
                    new JsonFactoryBuilder(settings)
                            .disable(Feature.INTERN_FIELD_NAMES)
                            .disable(Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW));
        }

        int count() {
            return _byteSymbolCanonicalizer.size();
        }
    }

    /**
     * A parser of the next document.
     *
     * @param length of the document, in bytes
     */
    public JsonParser parser(byte[] array, int offset, int length) throws IOException {
        if (length > MAX_TAUGHT_BYTES) {
            return new Names(settings).createParser(array, offset, length);
        }
        if (names == null) {
            names = new Names(settings);
        } else {
            count();
        }
        lastLength = length;
        return names.createParser(array, offset, length);
    }

    /**
     * The parsers of documents within those of these, which are read while the parser of the outer
     * one is open. They keep their own names, as bounded as here: always the same ones.
     */
    public BoundedParsers within() {
        if (within == null) {
            within = new BoundedParsers(settings);
        }
        return within;
    }

    /** The document before may have had new names: they are no longer than it was. */
    private void count() {
        int count = names.count();
        if (count == known) {
            return;
        }
        known = count;
        keptBytes += lastLength;
        copiedBytes += (long) count * BYTES_OF_A_NAME + keptBytes;
        if (keptBytes > MAX_KEPT_BYTES || copiedBytes > MAX_COPIED_BYTES) {
            forget();
        }
    }

    private void forget() {
        names = new Names(settings);
        known = 0;
        keptBytes = 0;
        copiedBytes = 0;
    }

    /** How many names are kept. */
    int keptNames() {
        return names == null ? 0 : names.count();
    }

    /**
     * A parser of a document that comes alone: nothing of it is kept.
     *
     * @param settings of the parser; stays as it is
     */
    public static JsonParser once(JsonFactory settings, byte[] document) throws IOException {
        return new Names(settings).createParser(document);
    }

    /** The same of a document that is a text. */
    public static JsonParser once(JsonFactory settings, String document) throws IOException {
        return new Names(settings).createParser(document);
    }
}
