package io.delivery.listening;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalNamesTest {
    private final LocalNames names = new LocalNames(List.of("Delivery.Example.com", "::1"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:4574",
                "10.1.2.3",
                "[::1]:4574",
                "[fe80::1%eth0]",
                "localhost",
                "LOCALHOST:4574",
                "localhost.",
                "delivery:4574",
                "delivery.default.svc:4574",
                "delivery.default.svc.cluster.local",
                "box.internal",
                "box.home.arpa",
                "tool.localhost",
                "delivery.example.com:4574",
                "DELIVERY.example.com."
            })
    void addresses_and_names_that_nobody_can_register_are_ours(String host) {
        assertThat(names.include(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "127.0.0.1.evil.example:4574",
                "localhost.evil.example",
                "delivery.example.com.evil.example",
                "notlocal.evillocal.example",
                "xn--internal.com",
                "127.0.0.1@evil.example",
                "127.0.0.1:4574:80",
                "[::1].evil.example",
                "svc.example.",
                ""
            })
    void a_name_that_anybody_could_register_is_not(String host) {
        assertThat(names.include(host)).isFalse();
    }
}
