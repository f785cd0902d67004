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
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageWriteStore;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Makes the parts of a table's columns, and on the way the columns of the file, which come in the
 * order of {@code MessageType.getColumns}.
 */
final class Parts {
    private final ColumnSettings settings;
    private final List<ColumnDescriptor> descriptors;
    private final PageWriteStore pages;
    private final BitSet withoutRanges;
    private final List<LeafColumn> leaves = new ArrayList<>();

    Parts(ColumnSettings settings, MessageType type, PageWriteStore pages, BitSet withoutRanges) {
        this.settings = settings;
        this.pages = pages;
        this.withoutRanges = withoutRanges;
        descriptors = type.getColumns();
    }

    /** The parts of a row. */
    Part[] of(TableSchema table) {
        return table.columns().stream()
                .map(column -> column.type().accept(new Inside(0, 0)))
                .toArray(Part[]::new);
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
                PageWriter pages,
                ColumnSettings settings,
                boolean keepsRange);
    }

    private <C extends LeafColumn> C leaf(Maker<C> maker) {
        int leaf = leaves.size();
        ColumnDescriptor descriptor = descriptors.get(leaf);
        C column =
                maker.make(
                        descriptor,
                        pages.getPageWriter(descriptor),
                        settings,
                        !withoutRanges.get(leaf));
        leaves.add(column);
        return column;
    }

    private PrimitiveTypeName next() {
        return descriptors.get(leaves.size()).getPrimitiveType().getPrimitiveTypeName();
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
            return new Groups.Struct(
                    type.fields().stream()
                            .map(field -> field.type().accept(fields))
                            .toArray(Part[]::new),
                    definition + 1);
        }

        private Inside inList() {
            return new Inside(definition + 2, repetition + 1);
        }
    }
}
