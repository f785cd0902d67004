package io.delivery.suggest;

import io.delivery.format.ColumnType;
import java.util.stream.Collectors;

/** Writes a type in Hive's words; how the names of fields are written depends on who reads it. */
abstract class TypeText implements ColumnType.Visitor<String> {
    /** The name of a struct's field, in quotes where the reader needs them. */
    abstract String name(String name);

    @Override
    public String primitive(ColumnType.Primitive type) {
        return type.toString();
    }

    @Override
    public String decimal(ColumnType.DecimalType type) {
        return type.toString();
    }

    @Override
    public String character(ColumnType.CharType type) {
        return type.toString();
    }

    @Override
    public String varchar(ColumnType.VarcharType type) {
        return type.toString();
    }

    @Override
    public String array(ColumnType.ArrayType type) {
        return "array<" + type.element().accept(this) + ">";
    }

    @Override
    public String map(ColumnType.MapType type) {
        return "map<" + type.key().accept(this) + "," + type.value().accept(this) + ">";
    }

    @Override
    public String struct(ColumnType.StructType type) {
        return type.fields().stream()
                .map(field -> name(field.name()) + ":" + field.type().accept(this))
                .collect(Collectors.joining(",", "struct<", ">"));
    }
}
