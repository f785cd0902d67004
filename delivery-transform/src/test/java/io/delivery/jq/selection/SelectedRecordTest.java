package io.delivery.jq.selection;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.record.DeliveryRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectedRecordTest {
    private final SelectedRecord record = new SelectedRecord();
    private final int a = record.place(List.of("a"));
    private final int ab = record.place(List.of("a", "b"));
    private final int e = record.place(List.of("\u00e9"));

    @Test
    void a_place_that_is_asked_for_twice_is_one() {
        assertThat(record.place(List.of("a", "b"))).isEqualTo(ab);
        assertThat(record.places()).isEqualTo(3);
    }

    @Test
    void values_are_found_at_their_places() {
        assertThat(read("{\"x\":{\"b\":0},\"a\":{\"c\":1,\"b\":\"two\"},\"\u00e9\":[3]}")).isTrue();

        assertThat(record.value(a)).hasToString("{\"c\":1,\"b\":\"two\"}");
        assertThat(record.value(ab)).hasToString("\"two\"");
        assertThat(record.value(e)).hasToString("[3]");
        assertThat(record.resolved(ab)).isEqualTo(2);
    }

    @Test
    void what_is_not_there_is_null() {
        assertThat(read("{}")).isTrue();

        assertThat(record.value(a).isNull()).isTrue();
        assertThat(record.value(ab).isNull()).isTrue();
    }

    @Test
    void a_way_that_leads_through_something_else_than_an_object_ends_there() {
        assertThat(read("{\"a\":\"text\"}")).isTrue();

        assertThat(record.value(ab)).hasToString("\"text\"");
        assertThat(record.resolved(ab)).isEqualTo(1);
    }

    @Test
    void nothing_stays_of_the_record_before() {
        assertThat(read("{\"a\":{\"b\":1},\"\u00e9\":2}")).isTrue();
        assertThat(record.value(ab)).hasToString("1");

        assertThat(read("{\"\u00e9\":3}")).isTrue();

        assertThat(record.value(ab).isNull()).isTrue();
        assertThat(record.value(e)).hasToString("3");
    }

    @Test
    void names_are_found_in_whatever_order_and_with_whatever_white_space_they_come() {
        for (int i = 0; i < 3; i++) {
            assertThat(read("{\"a\":1,\"other\":2,\"\u00e9\":3}")).isTrue();
            assertThat(record.value(a)).hasToString("1");
            assertThat(read(" { \"\u00e9\" : 4 ,\n\"a\"\t: 5 }\r\n")).isTrue();
            assertThat(record.value(a)).hasToString("5");
            assertThat(record.value(e)).hasToString("4");
            assertThat(read("{\"an\":1,\"other name that is longer than 16 bytes\":2,\"a\":6}"))
                    .isTrue();
            assertThat(record.value(a)).hasToString("6");
        }
    }

    @Test
    void more_names_than_are_remembered_are_no_harm() {
        for (int i = 0; i < 3_000; i++) {
            assertThat(read("{\"n%d\":0,\"a\":%d,\"m%d\":{}}".formatted(i, i, i))).isTrue();
            assertThat(record.value(a)).hasToString(Integer.toString(i));
        }
    }

    @Test
    void records_are_read_as_before_when_their_names_were_let_go() {
        for (int i = 0; i < 3; i++) {
            assertThat(read("{\"x\":0,\"a\":{\"y\":1,\"b\":2},\"z\":{}}")).isTrue();
            assertThat(record.value(ab)).hasToString("2");

            record.forgetNames();
        }
    }

    @Test
    void names_are_let_go_at_every_depth() {
        Members outer = new Members(0);
        Members inner = outer.under("a");
        inner.under("b");
        NameTable outerNames = outer.table();
        NameTable innerNames = inner.table();

        outer.forgetNames();

        assertThat(outer.table()).isNotSameAs(outerNames);
        assertThat(inner.table()).isNotSameAs(innerNames);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":2}",
                "{\"a\":{\"b\":1},\"a\":{}}",
                "{\"a\":{\"b\":1,\"b\":1}}",
                "{\"\\u0061\":1}",
                "{\"x\\n\":1}",
                "{\"x\":NaN}",
                "{\"x\":.5}",
                "{\"x\":+1}",
                "{\"x\":\"\u001f\"}",
                "{}{}",
                "{} 1",
                "[]",
                "\"a\"",
                "",
                " ",
                "\u001e{}",
                "\ufeff{}"
            })
    void what_jq_reads_but_is_unusual_is_given_up(String json) {
        assertThat(read(json)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"x\":1",
                "{\"x\":1,}",
                "{\"x\" 1}",
                "{x:1}",
                "{\"x\":1 2}",
                "{\"x\":truex}",
                "{\"x\":tru}",
                "{\"x\":-}",
                "{\"x\":1e}",
                "{\"x\":1e+}",
                "{\"x\":\"\\x\"}",
                "{\"x\":\"\\u00g0\"}",
                "{\"x\":\"\\u00\"}",
                "{\"x\":\"\u0001\"}",
                "{\"x\":\"}",
                "{\"x\":[1,]}",
                "{\"x\":[1}",
                "{\"x\":{\"y\":{]}}",
                "{}}",
                "{\"a\":1}x",
                "\u0000{}"
            })
    void what_is_no_json_is_given_up_wherever_it_is(String json) {
        assertThat(read(json)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"x\":007}",
                "{\"x\":1.}",
                "{\"x\":-0.5E+3}",
                "{\"x\":\"\\ud800\\b\\/\u007f\"}",
                "{\"x\":{\"\\u0061\":1,\"y\":1,\"y\":2}}",
                "{\"x\":[[],{},null,true,false,\"\ud83d\ude00\"]}"
            })
    void what_is_passed_over_is_what_jq_reads(String json) {
        assertThat(read(json)).isTrue();
    }

    @Test
    void bytes_that_are_no_utf8_are_given_up_in_values_that_nobody_looks_at() {
        byte[] bytes = "{\"x\":\"abcdefgh?\"}".getBytes(StandardCharsets.UTF_8);
        bytes[14] = (byte) 0xC3;

        assertThat(record.read(new DeliveryRecord().at(bytes, 0, bytes.length, 0))).isFalse();
    }

    @Test
    void levels_and_members_are_counted() {
        assertThat(read("{\"x\":" + "[".repeat(63) + "]".repeat(63) + "}")).isTrue();
        assertThat(read("{\"x\":" + "[".repeat(64) + "]".repeat(64) + "}")).isFalse();
        assertThat(read(members(511))).isTrue();
        assertThat(read(members(512))).isFalse();
        assertThat(read("{\"x\":" + members(511) + "}")).isTrue();
        assertThat(read("{\"x\":" + members(512) + "}")).isFalse();
    }

    private static String members(int count) {
        StringBuilder text = new StringBuilder("{\"n\":0");
        for (int i = 1; i < count; i++) {
            text.append(",\"n").append(i).append("\":0");
        }
        return text.append("}").toString();
    }

    @Test
    void there_is_room_for_so_many_places_and_no_more() {
        SelectedRecord full = new SelectedRecord();
        for (int i = 0; i < 64; i++) {
            assertThat(full.place(List.of("n" + i))).isEqualTo(i);
        }

        assertThat(full.place(List.of("n64"))).isNegative();
        assertThat(full.place(List.of("n0", "x"))).isNegative();
        assertThat(full.place(List.of("n0"))).isZero();
    }

    @Test
    void half_a_surrogate_pair_is_no_name_that_could_be_found() {
        assertThat(record.place(List.of("\ud800"))).isNegative();
    }

    private boolean read(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return record.read(new DeliveryRecord().at(bytes, 0, bytes.length, 0));
    }
}
