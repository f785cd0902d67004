package io.delivery.jq.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NameCacheTest {
    private final NameCache cache = new NameCache();
    private final byte[] bytes = "name".getBytes(StandardCharsets.UTF_8);

    @Test
    void a_name_is_known_until_it_is_forgotten() {
        assertThat(cache.find(bytes, 0, bytes.length)).isNull();
        cache.keep(bytes, 0, bytes.length, "name");
        assertThat(cache.find(bytes, 0, bytes.length)).isEqualTo("name");

        cache.forget();

        assertThat(cache.find(bytes, 0, bytes.length)).isNull();
    }
}
