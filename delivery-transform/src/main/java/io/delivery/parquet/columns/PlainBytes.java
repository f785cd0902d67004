package io.delivery.parquet.columns;

import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.schema.PrimitiveType;

/** Values as Parquet's encoding PLAIN has them. */
final class PlainBytes implements PlainValues {
    private final GrowingBytes bytes = new GrowingBytes(64);
    private final boolean isWide;
    private final boolean hasLengths;

    PlainBytes(PrimitiveType type) {
        isWide =
                switch (type.getPrimitiveTypeName()) {
                    case INT64, DOUBLE -> true;
                    default -> false;
                };
        hasLengths = type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.BINARY;
    }

    @Override
    public void number(long value) {
        if (isWide) {
            bytes.addLong(value);
        } else {
            bytes.addInt((int) value);
        }
    }

    @Override
    public void bytes(byte[] source, int offset, int length) {
        if (hasLengths) {
            bytes.addInt(length);
        }
        bytes.addAll(source, offset, length);
    }

    @Override
    public long size() {
        return bytes.size;
    }

    @Override
    public BytesInput content() {
        return bytes.content();
    }

    @Override
    public Encoding encoding() {
        return Encoding.PLAIN;
    }

    @Override
    public void clear() {
        bytes.clear();
    }

    @Override
    public void close() {
        // The array goes with its column.
    }
}
