package io.delivery.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.DecoderOptions;
import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFieldPolicy;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordFailedException;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A table has many columns: what a record was must not stay in each that a record has filled. */
class HeldAfterRecordTest {
    private static final int COLUMNS = 20;

    /** What is kept of a record for each column that it may fill, in bytes. */
    private static final long MOST_OF_A_COLUMN = 24 << 10;

    private static final String MANY_KEYS =
            IntStream.range(0, 50_000)
                    .mapToObj(i -> "\"" + Integer.toString(i, 36) + "\":1")
                    .collect(Collectors.joining(","));

    private static final String LONG_KEY = "\"" + "k".repeat(200_000) + "\":1";

    /** The type of the columns, and the value: {@code MANY} and {@code LONG} stand for keys. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "map<string,int>                   | {MANY}",
                "map<string,int>                   | {MANY,\"failed\":\"?\"}",
                "map<string,int>                   | {LONG}",
                "map<string,int>                   | {\"K\":1,LONG,LONG}",
                "map<string,map<string,int>>       | {\"a\":{MANY},\"b\":{LONG}}",
                "array<map<string,int>>            | [{MANY},{LONG}]",
                "map<string,struct<a:int>>         | {\"x\":{LONG}}",
                "struct<a:int>                     | {LONG}",
                "struct<a:int>                     | {LONG,\"a\":\"?\"}",
                "struct<a:struct<b:int>>           | {\"a\":{LONG}}",
                "string                            | {MANY}",
                "string                            | {MANY,\"x\":{MANY,\"y\":{MANY,LONG}}}",
            })
    void nothing_of_a_long_record_is_held(String type, String value) {
        TableSchema table =
                new TableSchema(
                        "db",
                        "t",
                        "1",
                        IntStream.range(0, COLUMNS)
                                .mapToObj(i -> column("m" + i, type))
                                .collect(Collectors.toList()),
                        List.of(),
                        JsonSerDe.OpenX.DEFAULTS);
        JsonRecordDecoder decoder =
                new JsonRecordDecoder(
                        table, new DecoderOptions(Optional.empty(), UnknownFieldPolicy.DEFAULT));
        decode(decoder, "{\"m0\":7}");
        long before = held(decoder);

        for (int i = 0; i < COLUMNS; i++) {
            decode(
                    decoder,
                    "{\"m%d\":%s}"
                            .formatted(
                                    i, value.replace("MANY", MANY_KEYS).replace("LONG", LONG_KEY)));
        }

        assertThat(held(decoder) - before).isLessThan(COLUMNS * MOST_OF_A_COLUMN);
    }

    private static TableSchema.Column column(String name, String type) {
        return new TableSchema.Column(name, HiveTypes.parse(type));
    }

    /** Whether it becomes rows or not. */
    private static void decode(JsonRecordDecoder decoder, String text) {
        byte[] record = text.getBytes(StandardCharsets.UTF_8);
        try {
            decoder.decode(new DeliveryRecord().at(record, 0, record.length, 0), new RowBuffer());
            decoder.written();
        } catch (RecordFailedException ofSomeOfThem) {
            assertThat(ofSomeOfThem.failure().message()).doesNotContain("could not be read");
        }
    }

    /** What texts, arrays and collections take that an object leads to, roughly, in bytes. */
    private static long held(Object from) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>();
        open.add(from);
        long bytes = 0;
        while (!open.isEmpty()) {
            Object object = open.pop();
            if (!seen.add(object) || object instanceof Class || object instanceof Enum) {
                continue;
            }
            Class<?> type = object.getClass();
            if (object instanceof String text) {
                bytes += 24 + text.length();
            } else if (object instanceof Map<?, ?> map) {
                bytes += 32L * map.size();
                map.forEach((key, value) -> addTo(open, key, value));
            } else if (object instanceof Collection<?> elements) {
                bytes += 4L * elements.size();
                elements.forEach(element -> addTo(open, element));
            } else if (type.isArray()) {
                int length = Array.getLength(object);
                bytes += length * (type == byte[].class ? 1L : 4L);
                if (!type.componentType().isPrimitive()) {
                    addTo(open, (Object[]) object);
                }
            } else if (!type.getName().startsWith("java.")) {
                bytes += 16;
                fields(type, object, open);
            }
        }
        return bytes;
    }

    private static void fields(Class<?> type, Object object, Deque<Object> open) {
        for (Class<?> of = type; of != Object.class; of = of.getSuperclass()) {
            if (of.getName().startsWith("java.")) {
                return;
            }
            for (Field field : of.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    field.setAccessible(true);
                    try {
                        addTo(open, field.get(object));
                    } catch (IllegalAccessException impossible) {
                        throw new AssertionError(impossible);
                    }
                }
            }
        }
    }

    private static void addTo(Deque<Object> open, Object... found) {
        for (Object object : found) {
            if (object != null) {
                open.add(object);
            }
        }
    }
}
