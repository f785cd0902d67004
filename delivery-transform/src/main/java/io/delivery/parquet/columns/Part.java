package io.delivery.parquet.columns;

import io.delivery.format.RowBuffer;

/** Writes the values of a column, or of one part of it, to the columns of the file. */
interface Part {
    /**
     * Writes a value that is not null.
     *
     * @param repetition level of its first value
     */
    void write(RowBuffer rows, int slot, int repetition);

    /**
     * Writes that there is no value.
     *
     * @param definition level of what is there around it
     */
    void absent(int repetition, int definition);
}
