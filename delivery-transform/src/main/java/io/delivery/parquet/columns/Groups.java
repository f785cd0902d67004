package io.delivery.parquet.columns;

import io.delivery.format.RowBuffer;

/**
 * Parts that have parts. The levels are those of Parquet's lists and maps: an optional group, in it
 * a repeated group, in it the element, or the key and the value.
 */
final class Groups {
    private Groups() {}

    /**
     * Writes the fields of a struct, or the columns of a row.
     *
     * @param first slot of the first of them
     * @param definition level of the struct
     */
    static void fields(Part[] fields, RowBuffer rows, int first, int repetition, int definition) {
        for (int i = 0; i < fields.length; i++) {
            optional(fields[i], rows, first + i, repetition, definition);
        }
    }

    private static void optional(
            Part part, RowBuffer rows, int slot, int repetition, int definition) {
        if (rows.isNull(slot)) {
            part.absent(repetition, definition);
        } else {
            part.write(rows, slot, repetition);
        }
    }

    /**
     * @param definition level of a struct that is there
     */
    record Struct(Part[] fields, int definition) implements Part {
        @Override
        public void write(RowBuffer rows, int slot, int repetition) {
            Groups.fields(fields, rows, rows.first(slot), repetition, definition);
        }

        @Override
        public void absent(int repetition, int definition) {
            for (Part field : fields) {
                field.absent(repetition, definition);
            }
        }
    }

    /**
     * @param definition level of an array that is there and empty
     * @param repetition level of all elements but the first
     */
    record Array(Part element, int definition, int repetition) implements Part {
        @Override
        public void write(RowBuffer rows, int slot, int first) {
            int at = rows.first(slot);
            if (at < 0) {
                element.absent(first, definition);
            }
            for (int level = first; at >= 0; at = rows.next(at)) {
                optional(element, rows, at, level, definition + 1);
                level = repetition;
            }
        }

        @Override
        public void absent(int repetition, int definition) {
            element.absent(repetition, definition);
        }
    }

    /**
     * @param definition level of a map that is there and empty
     * @param repetition level of all entries but the first
     */
    record Entries(Part key, Part value, int definition, int repetition) implements Part {
        @Override
        public void write(RowBuffer rows, int slot, int first) {
            int at = rows.first(slot);
            if (at < 0) {
                absent(first, definition);
            }
            for (int level = first; at >= 0; at = rows.next(at)) {
                key.write(rows, at, level);
                optional(value, rows, at + 1, level, definition + 1);
                level = repetition;
            }
        }

        @Override
        public void absent(int repetition, int definition) {
            key.absent(repetition, definition);
            value.absent(repetition, definition);
        }
    }
}
