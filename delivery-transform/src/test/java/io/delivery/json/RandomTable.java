package io.delivery.json;

import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.ArrayType;
import io.delivery.format.ColumnType.CharType;
import io.delivery.format.ColumnType.DecimalType;
import io.delivery.format.ColumnType.Field;
import io.delivery.format.ColumnType.MapType;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.ColumnType.StructType;
import io.delivery.format.ColumnType.VarcharType;
import io.delivery.format.DecoderOptions;
import io.delivery.format.JsonSerDe;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFieldPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** A table of any types, and options of any kind, that chance makes. */
record RandomTable(TableSchema schema, DecoderOptions options) {
    private static final int MAX_DEPTH = 3;

    /** Some are equal but for case or dots; two are shorter and longer than eight bytes quoted. */
    private static final List<String> NAMES =
            List.of(
                    "a",
                    "b_c",
                    "city",
                    "event_id",
                    "received_ms_of_the_last_event",
                    "gr\u00fc\u00df",
                    "\u672d\u5e4c",
                    "n");

    static RandomTable of(SplittableRandom random) {
        List<TableSchema.Column> columns = new ArrayList<>();
        List<String> names = names(random);
        int count = 1 + random.nextInt(names.size() - 1);
        for (String name : names.subList(0, count)) {
            columns.add(new TableSchema.Column(name, type(random, 0)));
        }
        UnknownFieldPolicy policy =
                switch (random.nextInt(6)) {
                    case 0 -> new UnknownFieldPolicy.Refuse();
                    case 1 -> new UnknownFieldPolicy.Keep("extras");
                    default -> new UnknownFieldPolicy.Drop();
                };
        if (policy instanceof UnknownFieldPolicy.Keep) {
            columns.add(new TableSchema.Column("extras", UnknownFieldPolicy.Keep.TYPE));
        }
        List<TableSchema.Column> partitions =
                random.nextBoolean()
                        ? List.of()
                        : List.of(new TableSchema.Column("dt", Primitive.STRING));
        return new RandomTable(
                new TableSchema("db", "t", "1", columns, partitions, serde(random)),
                new DecoderOptions(Optional.empty(), policy));
    }

    private static List<String> names(SplittableRandom random) {
        List<String> names = new ArrayList<>(NAMES);
        Collections.shuffle(names, new java.util.Random(random.nextLong()));
        return names;
    }

    private static JsonSerDe serde(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> JsonSerDe.Hive.DEFAULTS;
            case 1 ->
                    random.nextBoolean()
                            ? JsonSerDe.Hive.DEFAULTS
                            : new JsonSerDe.Hive(
                                    List.of("yyyy-MM-dd'T'HH:mm:ss.SSSZ", "M/d/yy", "millis"));
            case 2 -> JsonSerDe.OpenX.DEFAULTS;
            default ->
                    new JsonSerDe.OpenX(
                            random.nextBoolean(),
                            random.nextBoolean(),
                            random.nextBoolean() ? Map.of() : Map.of("city", "Town.Name"));
        };
    }

    private static ColumnType type(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth < MAX_DEPTH ? 11 : 7)) {
            case 0, 1, 2, 3 -> primitive(random);
            case 4 -> {
                int precision = 1 + random.nextInt(DecimalType.MAX_PRECISION);
                yield new DecimalType(precision, random.nextInt(precision + 1));
            }
            case 5 -> new CharType(1 + random.nextInt(10));
            case 6 -> new VarcharType(1 + random.nextInt(10));
            case 7 -> new ArrayType(type(random, depth + 1));
            case 8 -> new MapType(keyType(random), type(random, depth + 1));
            default -> struct(random, depth);
        };
    }

    private static Primitive primitive(SplittableRandom random) {
        return Primitive.values()[random.nextInt(Primitive.values().length)];
    }

    private static ColumnType keyType(SplittableRandom random) {
        return random.nextInt(4) > 0 ? Primitive.STRING : primitive(random);
    }

    private static ColumnType struct(SplittableRandom random, int depth) {
        List<Field> fields = new ArrayList<>();
        for (String name : names(random).subList(0, 1 + random.nextInt(4))) {
            fields.add(new Field(name, type(random, depth + 1)));
        }
        return new StructType(fields);
    }
}
