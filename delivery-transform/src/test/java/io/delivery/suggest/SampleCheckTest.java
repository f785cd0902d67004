package io.delivery.suggest;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.DecoderOptions;
import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFieldPolicy;
import io.delivery.json.JsonRecordDecoder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SampleCheckTest {
    private static final TableSchema TABLE =
            new TableSchema(
                    "db",
                    "t",
                    "1",
                    List.of(
                            new TableSchema.Column(
                                    "l", HiveTypes.parse("array<struct<b:array<int>>>"))),
                    List.of(),
                    JsonSerDe.OpenX.DEFAULTS);

    private static SampleCheck check(UnknownFieldPolicy policy, String... records) {
        SampleCheck check =
                new SampleCheck(
                        JsonRecordDecoder::new,
                        TABLE,
                        new DecoderOptions(Optional.empty(), policy));
        for (int i = 0; i < records.length; i++) {
            check.add(Suggestions.sample(i + 1, records[i]));
        }
        return check;
    }

    @Test
    void the_same_reason_at_several_indexes_is_one() {
        SampleCheck check =
                check(
                        UnknownFieldPolicy.DEFAULT,
                        "{\"l\":[{\"b\":[1,\"x\"]}]}",
                        "{\"l\":[{},{\"b\":[\"x\"]}]}",
                        "{\"l\":[\"x\"]}",
                        "{\"l\":[{},{},\"x\"]}",
                        "{\"l\":[]}");

        assertThat(check.reasons())
                .satisfiesExactly(
                        number -> {
                            assertThat(number.message()).startsWith("Column l[].b[]: ");
                            assertThat(number.column()).contains("l[].b[]");
                            assertThat(number.count()).isEqualTo(2);
                            assertThat(number.examples()).containsExactly("line 1", "line 2");
                        },
                        struct -> {
                            assertThat(struct.message()).endsWith(" in column l[]");
                            assertThat(struct.column()).contains("l[]");
                            assertThat(struct.count()).isEqualTo(2);
                        });
    }

    @Test
    void a_field_that_the_stream_refuses_is_one_reason_at_all_indexes() {
        SampleCheck check =
                check(
                        new UnknownFieldPolicy.Refuse(),
                        "{\"l\":[{\"x\":1}]}",
                        "{\"l\":[{},{\"x\":1}]}");

        assertThat(check.reasons())
                .singleElement()
                .satisfies(
                        field -> {
                            assertThat(field.column()).contains("l[].x");
                            assertThat(field.count()).isEqualTo(2);
                        });
    }

    @Test
    void an_index_in_a_reason_without_a_place_stays() {
        SampleCheck check = check(UnknownFieldPolicy.DEFAULT);

        check.unreadable("line 1", "a line [12] that is no sample");

        assertThat(check.reasons())
                .singleElement()
                .satisfies(
                        reason -> {
                            assertThat(reason.message()).isEqualTo("a line [12] that is no sample");
                            assertThat(reason.column()).isEmpty();
                        });
    }
}
