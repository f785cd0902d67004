package io.delivery.parquet.columns;

import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.values.ValuesWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;

/**
 * Values that one of Parquet's own writers encodes: in pages of version 2 those are differences of
 * whole numbers and of texts.
 */
final class EncodedValues implements PlainValues {
    private final ValuesWriter writer;
    private final PrimitiveType.PrimitiveTypeName type;

    EncodedValues(ValuesWriter writer, PrimitiveType type) {
        this.writer = writer;
        this.type = type.getPrimitiveTypeName();
    }

    @Override
    public void number(long value) {
        switch (type) {
            case INT32 -> writer.writeInteger((int) value);
            case INT64 -> writer.writeLong(value);
            case FLOAT -> writer.writeFloat(Float.intBitsToFloat((int) value));
            case DOUBLE -> writer.writeDouble(Double.longBitsToDouble(value));
            default -> throw new IllegalStateException("a number in a column of " + type);
        }
    }

    @Override
    public void bytes(byte[] source, int offset, int length) {
        writer.writeBytes(Binary.fromReusedByteArray(source, offset, length));
    }

    @Override
    public long size() {
        return writer.getBufferedSize();
    }

    @Override
    public BytesInput content() {
        return writer.getBytes();
    }

    @Override
    public Encoding encoding() {
        return writer.getEncoding();
    }

    @Override
    public void clear() {
        writer.reset();
    }

    @Override
    public void close() {
        writer.close();
    }
}
