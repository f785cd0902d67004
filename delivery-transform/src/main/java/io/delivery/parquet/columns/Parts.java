package io.delivery.parquet.columns;

import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.ColumnType.VarcharType;
import io.delivery.format.TableSchema;
import io.delivery.parquet.file.ColumnChunkPages;
import io.delivery.parquet.file.RowGroupPages;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Makes the parts of a table's columns, and on the way the columns of the file, which come in the
 * order of {@code MessageType.getColumns}.
 */
final class Parts {
    private final ColumnSettings settings;
    private final RowGroupPages pages;
    private final BitSet withoutRanges;
    private final List<LeafColumn> leaves = new ArrayList<>();

    Parts(ColumnSettings settings, RowGroupPages pages, BitSet withoutRanges) {
        this.settings = settings;
        this.pages = pages;
        this.withoutRanges = withoutRanges;
    }

    /** The parts of a row. */
    Part[] of(TableSchema table) {
        Inside row = new Inside(0, 0);
        Part[] parts = new Part[table.columns().size()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = table.columns().get(i).type().accept(row);
        }
        return parts;
    }

    /** The columns that were made. */
    LeafColumn[] leaves() {
        return leaves.toArray(LeafColumn[]::new);
    }

    /** Makes a column of the file. */
    @FunctionalInterface
    private interface Maker<C extends LeafColumn> {
        C make(
                ColumnDescriptor descriptor,
                ColumnChunkPages pages,
                ColumnSettings settings,
                boolean keepsRange);
    }

    private <C extends LeafColumn> C leaf(Maker<C> maker) {
        int leaf = leaves.size();
        C column =
                maker.make(
                        pages.descriptor(leaf),
                        pages.pages(leaf),
                        settings,
                        !withoutRanges.get(leaf));
        leaves.add(column);
        return column;
    }

    private PrimitiveTypeName next() {
        return pages.descriptor(leaves.size()).getPrimitiveType().getPrimitiveTypeName();
    }

    /**
     * Makes parts that are within something.
     *
     * @param definition level of what is around
     * @param repetition level of the list that is around
     */
    private final class Inside implements ColumnType.Visitor<Part> {
        private final int definition;
        private final int repetition;

        Inside(int definition, int repetition) {
            this.definition = definition;
            this.repetition = repetition;
        }

        @Override
        public Part primitive(Primitive type) {
            return switch (type) {
                case BOOLEAN -> new Leaves.Bool(leaf(BooleanColumn::new));
                case TINYINT, SMALLINT, INT, BIGINT, DATE ->
                        new Leaves.Whole(leaf(NumberColumn::new));
                case FLOAT -> new Leaves.Float32(leaf(NumberColumn::new));
                case DOUBLE -> new Leaves.Float64(leaf(NumberColumn::new));
                case STRING, BINARY -> new Leaves.Bytes(leaf(BytesColumn::new));
                case TIMESTAMP ->
                        next() == PrimitiveTypeName.INT96
                                ? new Leaves.Int96(leaf(BytesColumn::new))
                                : new Leaves.Micros(leaf(NumberColumn::new));
            };
        }

        @Override
        public Part decimal(DecimalType type) {
            return new Leaves.Bytes(leaf(BytesColumn::new));
        }

        @Override
        public Part character(CharType type) {
            return new Leaves.WithoutBlanksAtItsEnd(leaf(BytesColumn::new));
        }

        @Override
        public Part varchar(VarcharType type) {
            return new Leaves.Bytes(leaf(BytesColumn::new));
        }

        @Override
        public Part array(ArrayType type) {
            return new Groups.Array(
                    type.element().accept(inList()), definition + 1, repetition + 1);
        }

        @Override
        public Part map(MapType type) {
            // A key is required: it has no level of its own.
            Part key = type.key().accept(inList());
            Part value = type.value().accept(inList());
            return new Groups.Entries(key, value, definition + 1, repetition + 1);
        }

        @Override
        public Part struct(StructType type) {
            Inside fields = new Inside(definition + 1, repetition);
            Part[] parts = new Part[type.fields().size()];
            for (int i = 0; i < parts.length; i++) {
                parts[i] = type.fields().get(i).type().accept(fields);
            }
            return new Groups.Struct(parts, definition + 1);
        }

        private Inside inList() {
            return new Inside(definition + 2, repetition + 1);
        }
    }
}
