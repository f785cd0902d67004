package io.delivery.suggest;

import io.delivery.format.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** A type whose fields still have their keys, and no names yet. */
public sealed interface Shape {
    /** The type, with a name for each key. */
    ColumnType type(Function<String, String> nameOfForm);

    /** All fields at any depth. */
    void forEachField(Consumer<Field> visitor);

    /**
     * A type without fields.
     *
     * @param integerDigits the most digits before the point of the numbers that were seen; 0 where
     *     none were
     * @param fractionDigits the most behind it
     */
    record Plain(ColumnType type, int integerDigits, int fractionDigits) implements Shape {
        /** A type of values that are no numbers. */
        Plain(ColumnType type) {
            this(type, 0, 0);
        }

        @Override
        public ColumnType type(Function<String, String> nameOfForm) {
            return type;
        }

        @Override
        public void forEachField(Consumer<Field> visitor) {
            // It has none.
        }
    }

    /** Values in order. */
    record Listing(Shape element) implements Shape {
        @Override
        public ColumnType type(Function<String, String> nameOfForm) {
            return new ColumnType.ArrayType(element.type(nameOfForm));
        }

        @Override
        public void forEachField(Consumer<Field> visitor) {
            element.forEachField(visitor);
        }
    }

    /** Values by keys that vary. */
    record Mapping(Shape value) implements Shape {
        @Override
        public ColumnType type(Function<String, String> nameOfForm) {
            return new ColumnType.MapType(ColumnType.Primitive.STRING, value.type(nameOfForm));
        }

        @Override
        public void forEachField(Consumer<Field> visitor) {
            value.forEachField(visitor);
        }
    }

    /** Values by keys that are known. */
    record Fields(List<Field> fields) implements Shape {
        public Fields {
            fields = List.copyOf(fields);
        }

        @Override
        public ColumnType type(Function<String, String> nameOfForm) {
            List<ColumnType.Field> named = new ArrayList<>();
            for (Field field : fields) {
                named.add(
                        new ColumnType.Field(
                                nameOfForm.apply(field.form), field.shape.type(nameOfForm)));
            }
            return new ColumnType.StructType(named);
        }

        @Override
        public void forEachField(Consumer<Field> visitor) {
            for (Field field : fields) {
                visitor.accept(field);
                field.shape.forEachField(visitor);
            }
        }
    }

    /**
     * One of them.
     *
     * @param key as it was first written
     * @param form of the key, which all keys have that fill the field
     */
    record Field(String key, String form, Shape shape) {}
}
