package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.delivery.config.ConfigChange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NamedGenerationsTest {
    private final List<String> made = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private final NamedGenerations<String, String> stores =
            new NamedGenerations<>("store", this::make, closed::add);

    private String make(String settings) throws IOException {
        if (settings.equals("broken")) {
            throw new IOException("no such CA file");
        }
        if (settings.equals("defective")) {
            throw new NoClassDefFoundError("of/a/Plugin");
        }
        made.add(settings);
        return settings;
    }

    private static Map<String, String> settings(String... namesAndSettings) {
        Map<String, String> all = new TreeMap<>();
        for (String text : namesAndSettings) {
            all.put(text.split("=")[0], text.split("=")[1]);
        }
        return all;
    }

    private Set<String> takeEffect(String... namesAndSettings) throws IOException {
        return stores.prepare(settings(namesAndSettings)).takeEffect((name, newest) -> {});
    }

    @Test
    void what_did_not_change_is_not_made_again() throws IOException {
        takeEffect("lake=a", "pond=b");

        NamedGenerations<String, String>.Prepared next =
                stores.prepare(settings("lake=a", "pond=c", "sea=d"));

        assertThat(made).containsExactly("a", "b", "c", "d");
        assertThat(next.makesAnew("lake")).isFalse();
        assertThat(next.makesAnew("pond")).isTrue();
        assertThat(
                        next.changes(
                                ConfigChange.Part.STORE,
                                name -> false,
                                ConfigChange.Kind.NEW_SETTINGS))
                .extracting(ConfigChange::name, ConfigChange::kind)
                .containsExactlyInAnyOrder(
                        tuple("lake", ConfigChange.Kind.NOTHING),
                        tuple("pond", ConfigChange.Kind.NEW_SETTINGS),
                        tuple("sea", ConfigChange.Kind.ADDED));
        next.takeEffect((name, newest) -> {});
        assertThat(closed).containsExactly("b");
    }

    @Test
    void what_was_made_for_a_change_that_is_refused_is_closed_and_nothing_else()
            throws IOException {
        takeEffect("lake=a", "pond=b");

        stores.prepare(settings("lake=z", "sea=d")).close();

        assertThat(closed).containsExactlyInAnyOrder("z", "d");
        assertThat(takeEffect("lake=a", "pond=b")).isEmpty();
        assertThat(made).as("still what it was").containsExactly("a", "b", "z", "d");
    }

    @Test
    void when_one_cannot_be_made_the_others_are_closed() throws IOException {
        takeEffect("lake=a");

        assertThatThrownBy(() -> stores.prepare(settings("a=1", "b=broken", "c=2", "lake=a")))
                .isInstanceOf(IOException.class)
                .hasMessage("no such CA file");

        assertThat(closed).containsExactly("1");
    }

    @Test
    void when_an_error_keeps_one_from_being_made_the_others_are_closed() throws IOException {
        takeEffect("lake=a");

        assertThatThrownBy(() -> stores.prepare(settings("a=1", "b=defective", "lake=a")))
                .isInstanceOf(NoClassDefFoundError.class);

        assertThat(closed).containsExactly("1");
    }

    @Test
    void a_change_that_an_error_breaks_off_is_closed_by_nobody_and_told_again_by_the_next_one()
            throws IOException {
        takeEffect("lake=a", "pond=b");
        Map<String, String> both = settings("lake=c", "pond=d");
        NamedGenerations<String, String>.Prepared broken = stores.prepare(both);
        assertThatThrownBy(
                        () ->
                                broken.takeEffect(
                                        (name, newest) -> {
                                            throw new StackOverflowError();
                                        }))
                .isInstanceOf(StackOverflowError.class);
        broken.close();
        assertThat(closed).isEmpty();

        List<String> told = new ArrayList<>();
        NamedGenerations<String, String>.Prepared next = stores.prepare(both);
        next.lease("lake").close();
        next.takeEffect((name, newest) -> told.add(newest.value()));

        assertThat(made).as("they are there already").containsExactly("a", "b", "c", "d");
        assertThat(told).containsExactly("c", "d");
        assertThat(closed).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void components_that_were_made_for_a_refused_change_may_give_back_later() throws IOException {
        NamedGenerations<String, String>.Prepared next = stores.prepare(settings("lake=a"));
        Generation.Lease<String> lease = next.lease("lake");
        next.close();
        assertThat(closed).isEmpty();

        lease.close();

        assertThat(closed).containsExactly("a");
    }

    @Test
    void closing_a_change_that_has_taken_effect_takes_nothing_back() throws IOException {
        NamedGenerations<String, String>.Prepared next = stores.prepare(settings("lake=a"));
        next.takeEffect((name, newest) -> {});

        next.close();

        assertThat(closed).isEmpty();
    }

    @Test
    void whoever_asks_learns_of_the_newest_before_the_former_one_is_closed() throws IOException {
        takeEffect("lake=a");
        List<String> told = new ArrayList<>();

        stores.prepare(settings("lake=b"))
                .takeEffect((name, newest) -> told.add(newest.value() + " " + closed));

        assertThat(told).containsExactly("b []");
        assertThat(closed).containsExactly("a");
    }

    @Test
    void a_name_that_is_gone_stays_until_it_is_taken_out_and_may_come_back() throws IOException {
        takeEffect("lake=a", "pond=b");
        assertThat(takeEffect("pond=b")).containsExactly("lake");
        assertThat(closed).isEmpty();

        takeEffect("lake=a", "pond=b");
        assertThat(made).as("it is still the same").containsExactly("a", "b");

        takeEffect("pond=b");
        stores.remove("lake").orElseThrow().retire();
        assertThat(closed).containsExactly("a");
        assertThat(stores.remove("lake")).isEmpty();
        takeEffect("lake=a", "pond=b");
        assertThat(made).containsExactly("a", "b", "a");
    }

    @Test
    void at_the_end_all_are_closed_former_ones_that_somebody_has_included() throws IOException {
        NamedGenerations<String, String>.Prepared first = stores.prepare(settings("lake=a"));
        first.lease("lake");
        first.takeEffect((name, newest) -> {});
        takeEffect("lake=b", "pond=c");

        stores.end();

        assertThat(closed).containsExactlyInAnyOrder("a", "b", "c");
    }
}
