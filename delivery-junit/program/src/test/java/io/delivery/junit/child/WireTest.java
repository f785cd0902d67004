package io.delivery.junit.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WireTest {
    private static byte[] written(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Wire.write(new DataOutputStream(bytes), value);
        return bytes.toByteArray();
    }

    private static Object read(byte[] bytes) throws IOException {
        return Wire.read(new DataInputStream(new ByteArrayInputStream(bytes)));
    }

    @Test
    void every_value_comes_back_as_it_was() throws IOException {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("null", null);
        map.put("flags", List.of(true, false));
        map.put("numbers", List.of(Long.MIN_VALUE, 1.5, Double.NaN, BigInteger.TEN.pow(30)));
        map.put("decimal", new BigDecimal("1.500"));
        map.put("text", "é😀\u0000");
        map.put("long text", "x".repeat(100_000));
        map.put("date", LocalDate.of(1, 2, 3));
        map.put("instant", Instant.parse("1582-10-10T01:02:03.000000004Z"));
        map.put("nested", Arrays.asList(Map.of(1L, List.of()), null));

        assertThat(read(written(map))).isEqualTo(map);
        assertThat(((Map<?, ?>) read(written(map))).keySet().stream().map(Object::toString))
                .containsExactlyElementsOf(map.keySet());
        assertThat(read(written(new byte[] {1, 0, -1}))).isEqualTo(new byte[] {1, 0, -1});
        assertThat(read(written(7))).isEqualTo(7L);
    }

    @Test
    void a_value_of_another_type_is_refused_by_whoever_writes_it() {
        assertThatThrownBy(() -> written(List.of('x')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no value of these: class java.lang.Character");
    }

    @Test
    void bytes_that_end_too_early_or_are_something_else_are_refused() throws IOException {
        byte[] text = written("a text");

        for (int length = 0; length < text.length; length++) {
            byte[] cut = Arrays.copyOf(text, length);
            assertThatThrownBy(() -> read(cut)).isInstanceOf(EOFException.class);
        }
        assertThatThrownBy(() -> read(new byte[] {99}))
                .hasMessage("no value begins with the byte 99");
    }
}
