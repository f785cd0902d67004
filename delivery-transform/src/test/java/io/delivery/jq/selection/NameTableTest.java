package io.delivery.jq.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NameTableTest {
    private final NameTable table = new NameTable(List.of("id"));

    private KnownName find(String name) {
        byte[] bytes = ("{\"" + name).getBytes(StandardCharsets.UTF_8);
        return table.find(bytes, 2, bytes.length - 2);
    }

    private boolean isRemembered(String name) {
        KnownName found = find(name);
        KnownName before = KnownName.ofNone();
        before.followedBy(found);
        return predictedBehind(before, name) == found;
    }

    /** What is predicted behind a name when another stands there. */
    private static KnownName predictedBehind(KnownName before, String name) {
        byte[] bytes = ("\"" + name + "\":        ").getBytes(StandardCharsets.UTF_8);
        Input in = new Input();
        in.begin(bytes, bytes.length);
        return before.predicted(in, 0);
    }

    @Test
    void a_name_is_found_again_and_one_that_is_asked_for_keeps_its_number() {
        assertThat(find("id").wanted).isZero();
        assertThat(find("other").wanted).isNegative();
        assertThat(find("other")).isSameAs(find("other"));
        assertThat(isRemembered("other")).isTrue();
    }

    /** Two of three are names for which there is no room; some of the old ones go on to come. */
    @Test
    void names_that_do_not_come_any_more_keep_none_from_being_remembered() {
        for (int i = 0; i < 3_000; i++) {
            find("a name that is odd " + i);
        }
        assertThat(isRemembered("status")).isFalse();

        for (int i = 0; i < NameTable.MOST_STRANGERS; i++) {
            find("a name that is odd 1");
            find("status");
            find("region");
        }

        assertThat(isRemembered("status")).isTrue();
        assertThat(isRemembered("region")).isTrue();
        assertThat(find("id").wanted).isZero();
    }

    @Test
    void no_more_than_a_bounded_number_is_remembered_at_any_time() {
        for (int i = 0; i < 10_000; i++) {
            find("a name that is odd " + i);
        }

        long remembered =
                IntStream.range(0, 10_000)
                        .filter(i -> isRemembered("a name that is odd " + i))
                        .count();
        // Those of the table that is full, and those of the tables behind it, while they are asked.
        assertThat(remembered).isBetween(1L, 256L * (2 + 10_000 / NameTable.MOST_STRANGERS));
    }

    @Test
    void what_is_forgotten_is_found_anew() {
        KnownName known = find("other");
        KnownName stranger = find("a name that is too long to be remembered".repeat(4));
        List<KnownName> before = List.of(find("id"), stranger, table.beforeFirst());
        before.forEach(name -> name.followedBy(known));
        assertThat(before).allMatch(name -> predictedBehind(name, "other") == known);

        table.forget();

        assertThat(before).allMatch(name -> predictedBehind(name, "other") == null);
        assertThat(find("id")).isSameAs(before.get(0));
        assertThat(find("other")).isNotSameAs(known);
        assertThat(find("id").wanted).isZero();
    }
}
