package io.delivery.orc;

import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.ColumnType.VarcharType;
import io.delivery.format.TableSchema;
import org.apache.orc.TypeDescription;

/** Says Hive types in ORC's, which are the same by other names. */
final class OrcTypes implements ColumnType.Visitor<TypeDescription> {
    private static final OrcTypes TYPES = new OrcTypes();

    private OrcTypes() {}

    /** A struct with a field for each column, in the order of the table. */
    static TypeDescription of(TableSchema table) {
        TypeDescription row = TypeDescription.createStruct();
        for (TableSchema.Column column : table.columns()) {
            row.addField(column.name(), column.type().accept(TYPES));
        }
        return row;
    }

    @Override
    public TypeDescription primitive(Primitive type) {
        return switch (type) {
            case BOOLEAN -> TypeDescription.createBoolean();
            case TINYINT -> TypeDescription.createByte();
            case SMALLINT -> TypeDescription.createShort();
            case INT -> TypeDescription.createInt();
            case BIGINT -> TypeDescription.createLong();
            case FLOAT -> TypeDescription.createFloat();
            case DOUBLE -> TypeDescription.createDouble();
            case STRING -> TypeDescription.createString();
            case DATE -> TypeDescription.createDate();
            case TIMESTAMP -> TypeDescription.createTimestamp();
            case BINARY -> TypeDescription.createBinary();
        };
    }

    /** The scale first: it must never be above the precision, which begins at 38. */
    @Override
    public TypeDescription decimal(DecimalType type) {
        return TypeDescription.createDecimal()
                .withScale(type.scale())
                .withPrecision(type.precision());
    }

    @Override
    public TypeDescription character(CharType type) {
        return TypeDescription.createChar().withMaxLength(type.length());
    }

    @Override
    public TypeDescription varchar(VarcharType type) {
        return TypeDescription.createVarchar().withMaxLength(type.length());
    }

    @Override
    public TypeDescription array(ArrayType type) {
        return TypeDescription.createList(type.element().accept(this));
    }

    @Override
    public TypeDescription map(MapType type) {
        return TypeDescription.createMap(type.key().accept(this), type.value().accept(this));
    }

    @Override
    public TypeDescription struct(StructType type) {
        TypeDescription struct = TypeDescription.createStruct();
        for (ColumnType.Field field : type.fields()) {
            struct.addField(field.name(), field.type().accept(this));
        }
        return struct;
    }
}
