package io.delivery.json.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.RowBuffer;
import io.delivery.record.DeliveryRecord;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many keys stay in memory of those that records have. */
class KnownKeysTest {
    private static final StructKeys UNKNOWN =
            new StructKeys() {
                @Override
                public int field(String key) {
                    return StructKeys.UNKNOWN;
                }

                @Override
                public boolean mayRemember(int bytes) {
                    return true;
                }

                @Override
                public UnknownField unknown(String key) {
                    return () -> {};
                }
            };

    private final ByteDecoder decoder = new ByteDecoder(UNKNOWN, List.of());

    @Test
    void no_more_keys_are_held_than_the_table_has_room_for_whatever_records_have()
            throws Exception {
        for (int record = 0; record < 100; record++) {
            read(record * 100, 100, "");
        }
        read(20_000, 10_000, "");
        read(40_000, 10_000, "a long key, which is never remembered, ".repeat(10));
        read(0, 1, "");

        // Beside those of the table: what is before the first, and a key of the last record.
        assertThat(keysHeld()).isBetween(1_000, KeyTable.MAX_KEYS + 2);
    }

    @Test
    void keys_that_are_remembered_are_held() throws Exception {
        read(0, 1_000, "");

        assertThat(keysHeld()).isGreaterThan(900);
    }

    private void read(int first, int count, String name) {
        byte[] record =
                IntStream.range(first, first + count)
                        .mapToObj(i -> "\"%s%d\":1".formatted(name, i))
                        .collect(Collectors.joining(",", "{", "}"))
                        .getBytes(StandardCharsets.UTF_8);
        RowBuffer rows = new RowBuffer();
        assertThat(decoder.decode(new DeliveryRecord().at(record, 0, record.length, 0), rows))
                .isTrue();
    }

    /** Those that the decoder leads to, directly or by way of others. */
    private int keysHeld() throws IllegalAccessException {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> left = new ArrayDeque<>();
        left.add(decoder);
        while (!left.isEmpty()) {
            Object next = left.remove();
            if (!seen.add(next)) {
                continue;
            }
            if (next instanceof Object[] array) {
                for (int i = 0; i < array.length; i++) {
                    addOurs(Array.get(array, i), left);
                }
            } else {
                for (Field field : next.getClass().getDeclaredFields()) {
                    if (!field.getType().isPrimitive() && !field.isSynthetic()) {
                        field.setAccessible(true);
                        addOurs(field.get(next), left);
                    }
                }
            }
        }
        return (int) seen.stream().filter(KnownKey.class::isInstance).count();
    }

    private static void addOurs(Object value, Deque<Object> to) {
        if (value != null
                && (value instanceof Object[]
                        || value.getClass().getPackage() == KnownKey.class.getPackage())) {
            to.add(value);
        }
    }
}
