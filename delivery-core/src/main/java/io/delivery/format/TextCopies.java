package io.delivery.format;

/**
 * In how many columns one text of a record may be, and what that takes while a file is written: in
 * memory, and in the rows of a record.
 *
 * @param number at least 1
 */
public record TextCopies(long number) {
    /** Of a table in which each key fills one column of texts. */
    public static final TextCopies ONE = new TextCopies(1);

    /** The longest text of a record that PutRecord takes is shorter, in bytes. */
    private static final long LONGEST_PUT_TEXT = 1 << 20;

    /**
     * The longest text of a record that a processor has decompressed is shorter, in bytes. The
     * decimals of a record have no more bytes either: each has 16 at most, and {@link
     * RowBuffer#MAX_SLOTS} bounds how many there are.
     */
    private static final long LONGEST_TEXT = 16 << 20;

    /**
     * What one more copy of that text takes, in Parquet and in ORC: the row has room for twice its
     * length, and makes it from what it had before; a dictionary has it, and a page or a stripe;
     * these are compressed. Measured (SharedKeySizesTest, and decision 59).
     */
    private static final long BYTES_OF_A_COPY = 6 << 20;

    /**
     * Those of a table.
     *
     * @param options how its records are read
     */
    public static TextCopies of(TableSchema table, DecoderOptions options) {
        return new TextCopies(
                SharedKeys.of(options.serdeFor(table))
                        .copiesOfTexts(table, options.unknownFields()));
    }

    /** Heap for the copies beyond the first one, in bytes. */
    public long memoryBytes() {
        return (number - 1) * BYTES_OF_A_COPY;
    }

    /**
     * Bytes of texts, binaries and decimals that the rows of one record may have ({@link
     * RowBuffer}). A record that PutRecord takes has no more: each copy of its longest text, the
     * paths of its unknown fields, which are kept, and as many decimals as there can be. A longer
     * one, which a processor has made, may have each of its texts once.
     */
    public long rowBytes() {
        return LONGEST_TEXT + number * LONGEST_PUT_TEXT + UnknownFieldPolicy.Keep.MAX_PATH_BYTES;
    }
}
