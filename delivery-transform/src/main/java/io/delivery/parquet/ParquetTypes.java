package io.delivery.parquet;

import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.ColumnType.VarcharType;
import io.delivery.format.TableSchema;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/** Says Hive types in Parquet's: lists in three levels, decimals of fixed length. */
final class ParquetTypes {
    private final ParquetSettings.Timestamps timestamps;

    ParquetTypes(ParquetSettings.Timestamps timestamps) {
        this.timestamps = timestamps;
    }

    MessageType message(TableSchema table) {
        Types.MessageTypeBuilder message = Types.buildMessage();
        for (TableSchema.Column column : table.columns()) {
            message.addField(type(column.name(), column.type(), Repetition.OPTIONAL));
        }
        return message.named(table.table());
    }

    private Type type(String name, ColumnType type, Repetition repetition) {
        return type.accept(new Named(name, repetition));
    }

    /** Each type, under a name. */
    private final class Named implements ColumnType.Visitor<Type> {
        private final String name;
        private final Repetition repetition;

        Named(String name, Repetition repetition) {
            this.name = name;
            this.repetition = repetition;
        }

        @Override
        public Type primitive(Primitive type) {
            return ParquetTypes.this.primitive(name, type, repetition);
        }

        @Override
        public Type decimal(DecimalType type) {
            return Types.primitive(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, repetition)
                    .length(type.byteWidth())
                    .as(LogicalTypeAnnotation.decimalType(type.scale(), type.precision()))
                    .named(name);
        }

        /** Parquet has no lengths. */
        @Override
        public Type character(CharType type) {
            return string(name, repetition);
        }

        /** Parquet has no lengths. */
        @Override
        public Type varchar(VarcharType type) {
            return string(name, repetition);
        }

        @Override
        public Type array(ArrayType type) {
            GroupType list =
                    Types.repeatedGroup()
                            .addField(type("element", type.element(), Repetition.OPTIONAL))
                            .named("list");
            return Types.buildGroup(repetition)
                    .as(LogicalTypeAnnotation.listType())
                    .addField(list)
                    .named(name);
        }

        @Override
        public Type map(MapType type) {
            GroupType entry =
                    Types.repeatedGroup()
                            .addField(type("key", type.key(), Repetition.REQUIRED))
                            .addField(type("value", type.value(), Repetition.OPTIONAL))
                            .named("key_value");
            return Types.buildGroup(repetition)
                    .as(LogicalTypeAnnotation.mapType())
                    .addField(entry)
                    .named(name);
        }

        @Override
        public Type struct(StructType type) {
            Types.GroupBuilder<GroupType> group = Types.buildGroup(repetition);
            for (ColumnType.Field field : type.fields()) {
                group.addField(type(field.name(), field.type(), Repetition.OPTIONAL));
            }
            return group.named(name);
        }
    }

    private Type primitive(String name, Primitive type, Repetition repetition) {
        return switch (type) {
            case BOOLEAN -> plain(PrimitiveTypeName.BOOLEAN, name, repetition);
            case TINYINT -> integer(8, name, repetition);
            case SMALLINT -> integer(16, name, repetition);
            case INT -> plain(PrimitiveTypeName.INT32, name, repetition);
            case BIGINT -> plain(PrimitiveTypeName.INT64, name, repetition);
            case FLOAT -> plain(PrimitiveTypeName.FLOAT, name, repetition);
            case DOUBLE -> plain(PrimitiveTypeName.DOUBLE, name, repetition);
            case STRING -> string(name, repetition);
            case BINARY -> plain(PrimitiveTypeName.BINARY, name, repetition);
            case DATE ->
                    Types.primitive(PrimitiveTypeName.INT32, repetition)
                            .as(LogicalTypeAnnotation.dateType())
                            .named(name);
            case TIMESTAMP -> timestamp(name, repetition);
        };
    }

    private Type timestamp(String name, Repetition repetition) {
        return switch (timestamps) {
            case INT64_MICROS ->
                    Types.primitive(PrimitiveTypeName.INT64, repetition)
                            .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS))
                            .named(name);
            case INT96 -> plain(PrimitiveTypeName.INT96, name, repetition);
        };
    }

    private static Type plain(PrimitiveTypeName type, String name, Repetition repetition) {
        return Types.primitive(type, repetition).named(name);
    }

    private static Type integer(int bits, String name, Repetition repetition) {
        return Types.primitive(PrimitiveTypeName.INT32, repetition)
                .as(LogicalTypeAnnotation.intType(bits, true))
                .named(name);
    }

    private static Type string(String name, Repetition repetition) {
        return Types.primitive(PrimitiveTypeName.BINARY, repetition)
                .as(LogicalTypeAnnotation.stringType())
                .named(name);
    }
}
