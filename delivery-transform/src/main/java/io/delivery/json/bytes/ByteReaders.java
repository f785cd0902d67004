package io.delivery.json.bytes;

import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.Primitive;
import java.util.List;

/** Makes the readers of each type. */
public final class ByteReaders {
    private ByteReaders() {}

    /**
     * @param strings reads strings
     * @param fractions reads numbers with a point or an exponent
     */
    public static ByteReader whole(long min, long max, TextReader strings, TextReader fractions) {
        return new WholeBytes(min, max, strings, fractions);
    }

    /**
     * @param type float or double: which range the numbers must be in
     * @param strings reads strings
     */
    public static ByteReader real(Primitive type, TextReader strings) {
        return new RealBytes(type, strings);
    }

    /**
     * @param texts reads strings and numbers of many digits
     */
    public static ByteReader decimal(DecimalType type, TextReader texts) {
        return new DecimalBytes(type, texts);
    }

    /**
     * @param strings reads strings
     */
    public static ByteReader bool(TextReader strings) {
        return new BooleanBytes(strings);
    }

    /**
     * @param strings reads strings but {@code yyyy-MM-dd}
     */
    public static ByteReader date(TextReader strings) {
        return new DateBytes(strings);
    }

    /**
     * Timestamps in ISO's form, in SQL's, and as whole numbers: seconds, or milliseconds from
     * 10<sup>12</sup> on.
     *
     * @param texts reads other strings and numbers
     */
    public static ByteReader isoTimestamp(TextReader texts) {
        return new TimestampBytes(TimestampBytes.Forms.ISO, texts);
    }

    /**
     * Timestamps in SQL's form.
     *
     * @param texts reads other strings, and numbers
     */
    public static ByteReader sqlTimestamp(TextReader texts) {
        return new TimestampBytes(TimestampBytes.Forms.SQL, texts);
    }

    /**
     * Timestamps of configured forms.
     *
     * @param texts reads strings and numbers
     */
    public static ByteReader otherTimestamp(TextReader texts) {
        return new TimestampBytes(TimestampBytes.Forms.NONE, texts);
    }

    /**
     * Texts, and binary as the bytes of a text.
     *
     * @param maxCharacters code points to keep; the rest is cut
     */
    public static ByteReader text(int maxCharacters) {
        return new TextBytes(maxCharacters);
    }

    public static ByteReader array(ByteReader element) {
        return new ArrayBytes(element);
    }

    /** Maps with strings as keys. */
    public static ByteReader map(ByteReader value) {
        return new MapBytes(MapBytes.Keys.AS_WRITTEN, value);
    }

    /** Maps with strings as keys, which are lower-cased. */
    public static ByteReader mapWithLoweredKeys(ByteReader value) {
        return new MapBytes(MapBytes.Keys.LOWERED, value);
    }

    public static ByteReader struct(StructKeys keys, List<ByteReader> fields) {
        return new StructBytes(keys, fields.toArray(ByteReader[]::new));
    }

    /** Of a type that only tokens read: a record that has a value there is given up. */
    public static ByteReader undecided() {
        return new Undecided();
    }
}
