package io.delivery.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.DecoderOptions;
import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RecordDecoder;
import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.record.DeliveryRecord;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many keys the structs of a table remember together. */
class KeyRoomTest {
    private static final int STRUCTS = 20;
    private static final int KEYS_OF_A_STRUCT = 4_000;

    /** Each struct alone would remember all of its keys. */
    private static final TableSchema TABLE =
            new TableSchema(
                    "db",
                    "t",
                    "1",
                    IntStream.range(0, STRUCTS)
                            .mapToObj(
                                    i ->
                                            new TableSchema.Column(
                                                    "s" + i, HiveTypes.parse("struct<a:int>")))
                            .toList(),
                    List.of(),
                    JsonSerDe.OpenX.DEFAULTS);

    @Test
    void the_structs_of_a_table_share_the_room_for_keys_of_records_read_from_bytes()
            throws Exception {
        assertThat(keysHeld(new JsonRecordDecoder(TABLE, DecoderOptions.DEFAULTS)))
                .isBetween(10_000, KeyRoom.MAX_BYTES / 200);
    }

    @Test
    void and_for_keys_of_records_read_as_tokens() throws Exception {
        assertThat(keysHeld(new TokenDecoder(TABLE, DecoderOptions.DEFAULTS)))
                .isBetween(10_000, KeyRoom.MAX_BYTES / 200);
    }

    /** Each spelling of a key has a destination for each column that it fills. */
    @Test
    void and_for_the_columns_that_each_spelling_of_a_key_fills() throws Exception {
        int columns = 100;
        TableSchema shared =
                new TableSchema(
                        "db",
                        "t",
                        "1",
                        IntStream.range(0, columns)
                                .mapToObj(
                                        i ->
                                                new TableSchema.Column(
                                                        "c" + i, HiveTypes.parse("int")))
                                .toList(),
                        List.of(),
                        new JsonSerDe.OpenX(
                                true,
                                false,
                                IntStream.range(0, columns)
                                        .boxed()
                                        .collect(
                                                Collectors.toMap(
                                                        i -> "c" + i, i -> "abcdefghijklm"))));
        RecordDecoder decoder = new TokenDecoder(shared, DecoderOptions.DEFAULTS);
        RowBuffer rows = new RowBuffer();
        for (int spelling = 0; spelling < 4_000; spelling++) {
            char[] key = "abcdefghijklm".toCharArray();
            for (int at = 0; at < key.length; at++) {
                if ((spelling >> at & 1) == 1) {
                    key[at] = Character.toUpperCase(key[at]);
                }
            }
            byte[] record = ("{\"" + new String(key) + "\":1}").getBytes(StandardCharsets.UTF_8);
            decoder.decode(new DeliveryRecord().at(record, 0, record.length, 0), rows);
        }

        assertThat(reached(decoder)).isBetween(50_000, KeyRoom.MAX_BYTES / 40);
    }

    private static int keysHeld(RecordDecoder decoder) throws Exception {
        RowBuffer rows = new RowBuffer();
        for (int s = 0; s < STRUCTS; s++) {
            for (int k = 0; k < KEYS_OF_A_STRUCT; k++) {
                byte[] record =
                        "{\"s%d\":{\"a\":1,\"%040d\":1}}"
                                .formatted(s, k)
                                .getBytes(StandardCharsets.UTF_8);
                decoder.decode(new DeliveryRecord().at(record, 0, record.length, 0), rows);
            }
        }
        return reached(decoder);
    }

    /** Keys that are known, of those that the decoder leads to. */
    private static int reached(Object decoder) throws IllegalAccessException {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> left = new ArrayDeque<>(List.of(decoder));
        int keys = 0;
        while (!left.isEmpty()) {
            Object next = left.remove();
            if (!seen.add(next)) {
                continue;
            }
            keys += isKey(next) ? 1 : 0;
            if (next instanceof Object[] array) {
                IntStream.range(0, array.length).forEach(i -> addOurs(array[i], left));
            } else if (next instanceof Map<?, ?> map) {
                map.values().forEach(value -> addOurs(value, left));
            } else if (next instanceof Collection<?> list) {
                list.forEach(value -> addOurs(value, left));
            } else {
                for (Class<?> c = next.getClass(); c != Object.class; c = c.getSuperclass()) {
                    for (Field field : c.getDeclaredFields()) {
                        if (!field.getType().isPrimitive()
                                && !Modifier.isStatic(field.getModifiers())) {
                            field.setAccessible(true);
                            addOurs(field.get(next), left);
                        }
                    }
                }
            }
        }
        return keys;
    }

    private static boolean isKey(Object object) {
        return List.of("KnownKey", "Destination").contains(object.getClass().getSimpleName());
    }

    private static void addOurs(Object value, Deque<Object> to) {
        if (value != null
                && (value instanceof Object[]
                        || value instanceof Map
                        || value instanceof Collection
                        || value.getClass().getPackageName().startsWith("io.delivery.json")
                                && !(value instanceof Enum)
                                && !value.getClass().isHidden())) {
            to.add(value);
        }
    }
}
