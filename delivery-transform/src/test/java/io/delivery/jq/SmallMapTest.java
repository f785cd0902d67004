package io.delivery.jq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SmallMapTest {
    private final Map<String, String> map =
            new SmallMap(new String[] {"b", "a"}, new String[] {"1", "2"});

    @Test
    void it_has_its_names_in_their_order() {
        assertThat(map).containsExactly(entry("b", "1"), entry("a", "2"));
        assertThat(map.get("a")).isEqualTo("2");
        assertThat(map.get("c")).isNull();
        assertThat(map.get(null)).isNull();
        assertThat(map.containsKey("b")).isTrue();
        assertThat(map.containsKey("c")).isFalse();
    }

    @Test
    void it_equals_every_map_of_the_same() {
        Map<String, String> other = new LinkedHashMap<>(Map.of("a", "2", "b", "1"));

        assertThat(map).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(new SmallMap(new String[0], new String[0])).isEqualTo(Map.of());
    }

    @Test
    void it_cannot_be_changed() {
        assertThatThrownBy(() -> map.put("c", "3"))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.entrySet().iterator().next().setValue("3"))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(map::clear).isInstanceOf(UnsupportedOperationException.class);
    }
}
