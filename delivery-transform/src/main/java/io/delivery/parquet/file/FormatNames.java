package io.delivery.parquet.file;

import java.util.EnumMap;
import java.util.Map;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.format.Type;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** What parquet-java's names are in the format, looked up once. */
final class FormatNames {
    private static final Map<Encoding, org.apache.parquet.format.Encoding> ENCODINGS = encodings();

    private FormatNames() {}

    private static Map<Encoding, org.apache.parquet.format.Encoding> encodings() {
        Map<Encoding, org.apache.parquet.format.Encoding> all = new EnumMap<>(Encoding.class);
        for (Encoding encoding : Encoding.values()) {
            all.put(encoding, org.apache.parquet.format.Encoding.valueOf(encoding.name()));
        }
        return all;
    }

    static org.apache.parquet.format.Encoding of(Encoding encoding) {
        return ENCODINGS.get(encoding);
    }

    static Type of(PrimitiveTypeName type) {
        return switch (type) {
            case BOOLEAN -> Type.BOOLEAN;
            case INT32 -> Type.INT32;
            case INT64 -> Type.INT64;
            case INT96 -> Type.INT96;
            case FLOAT -> Type.FLOAT;
            case DOUBLE -> Type.DOUBLE;
            case BINARY -> Type.BYTE_ARRAY;
            case FIXED_LEN_BYTE_ARRAY -> Type.FIXED_LEN_BYTE_ARRAY;
        };
    }
}
