package io.delivery.loading;

import io.delivery.config.ObjectSizes;
import io.delivery.config.StreamDefinition;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/**
 * How many bytes the objects of each stream may take on the disk, for so many bytes of records.
 *
 * @param ofTables by the name of the stream, where its records are converted to a table that has
 *     been read
 */
public record ObjectBytes(Map<String, OfTable> ofTables) {
    /** Where no table has been read. */
    public static final ObjectBytes NO_TABLES = new ObjectBytes(Map.of());

    /** Of a table that has not been read the usual is expected. */
    private static final OfTable USUAL = new OfTable(ObjectSizes::encoded, ObjectSizes::encoded);

    /**
     * Bytes that objects of one table may take, for so many bytes of records.
     *
     * @param all with everything that the stream writes
     * @param ofColumns if the stream kept no unknown fields
     */
    public record OfTable(LongUnaryOperator all, LongUnaryOperator ofColumns) {}

    public ObjectBytes {
        ofTables = Map.copyOf(ofTables);
    }

    LongUnaryOperator of(StreamDefinition stream) {
        return ofTable(stream).all();
    }

    /** As {@link #of}, if the stream kept no unknown fields. */
    LongUnaryOperator ofColumns(StreamDefinition stream) {
        return ofTable(stream).ofColumns();
    }

    private OfTable ofTable(StreamDefinition stream) {
        return ofTables.getOrDefault(stream.name(), USUAL);
    }
}
