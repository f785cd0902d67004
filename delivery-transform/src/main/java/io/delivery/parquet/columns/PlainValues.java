package io.delivery.parquet.columns;

import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;

/** The values of a page that has no dictionary. Not thread-safe. */
interface PlainValues {
    /** Adds a number: its value, or the bits of a float or a double. */
    void number(long value);

    /** Adds a text or bytes. */
    void bytes(byte[] source, int offset, int length);

    /** Bytes so far. */
    long size();

    /** Valid until {@link #clear}. */
    BytesInput content();

    /** Of the content, asked after it. */
    Encoding encoding();

    void clear();

    /** Gives memory back. */
    void close();
}
