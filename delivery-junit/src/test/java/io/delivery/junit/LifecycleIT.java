package io.delivery.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** When a service is there, and what may still be said of it then. */
class LifecycleIT {
    private static final Set<URI> ENDPOINTS = ConcurrentHashMap.newKeySet();

    @Test
    @ExtendWith(DeliveryExtension.class)
    void a_test_alone_may_have_a_service(Delivery delivery) throws Exception {
        delivery.createStream("orders", "shop");
        Producer.put(delivery.endpoint(), "orders", "one\n");

        delivery.landed("orders").assertLines("one");
    }

    @Test
    void a_service_that_is_started_by_hand_is_the_same_for_all_classes_until_it_is_stopped() {
        Delivery delivery = Delivery.withDirectory().stream("orders", "shop").start();
        URI endpoint = delivery.endpoint();

        delivery.begin("a class");
        assertThat(delivery.endpoint()).isEqualTo(endpoint);
        delivery.end("a class");
        delivery.begin("the next class");
        delivery.stop();
        assertThat(delivery.start().endpoint()).isEqualTo(endpoint);
        delivery.end("the next class");
        delivery.landed("orders").assertRecords(0);
        delivery.stop();
        delivery.stop();

        assertThatThrownBy(delivery::endpoint)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("start()");
    }

    static class Base {
        @RegisterExtension static final Delivery delivery = Delivery.withDirectory();

        @Test
        void a_test() {
            ENDPOINTS.add(delivery.endpoint());
        }

        @Test
        void another_test() {
            ENDPOINTS.add(delivery.endpoint());
        }
    }

    static class FirstCase extends Base {}

    static class SecondCase extends Base {}

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class OneInstanceCase {
        @RegisterExtension final Delivery delivery = Delivery.withDirectory();

        @BeforeAll
        void before_all() {
            ENDPOINTS.add(delivery.endpoint());
        }

        @Test
        void a_test() {
            ENDPOINTS.add(delivery.endpoint());
        }
    }

    @Test
    void each_class_has_a_service_also_by_a_field_of_its_base_class_or_of_its_one_instance() {
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(
                                selectClass(FirstCase.class),
                                selectClass(SecondCase.class),
                                selectClass(OneInstanceCase.class))
                        .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                        .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();

        LauncherFactory.create().execute(request, listener);

        assertThat(listener.getSummary().getFailures()).isEmpty();
        assertThat(listener.getSummary().getTestsSucceededCount()).isEqualTo(5);
        assertThat(ENDPOINTS).hasSize(3);
    }

    @Test
    void what_is_said_too_late_to_count_is_refused() {
        Delivery delivery = Delivery.withDirectory().start();
        try {
            assertThatThrownBy(() -> delivery.stream("orders", "shop"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "stream comes too late, the service runs already: say it where the"
                                    + " field is, or use createStream in a test");
            assertThatThrownBy(() -> delivery.environment("KEY", "value"))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> delivery.configuration(Path.of("any.yaml")))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(delivery::skippedWithoutDocker)
                    .isInstanceOf(IllegalStateException.class);
            assertThat(delivery.timeout(Duration.ofSeconds(60))).isSameAs(delivery);
        } finally {
            delivery.stop();
        }
        delivery.stream("orders", "shop").start();
        try {
            delivery.landed("orders").assertRecords(0);
        } finally {
            delivery.stop();
        }
    }

    @Test
    void a_stream_that_was_deleted_and_made_again_has_landed_nothing_yet() throws Exception {
        Delivery delivery = Delivery.withDirectory().start();
        try {
            for (int round = 0; round < 5; round++) {
                delivery.createStream("orders", "shop");
                Producer.put(delivery.endpoint(), "orders", round + "\n");
                delivery.landed("orders").assertLines(String.valueOf(round));
                Producer.call(
                        delivery.endpoint(),
                        "DeleteDeliveryStream",
                        "{\"DeliveryStreamName\":\"orders\"}");
                awaitNone(delivery);
            }
        } finally {
            delivery.stop();
        }
    }

    /** A name is free again when its stream is gone. */
    private static void awaitNone(Delivery delivery) throws Exception {
        long started = System.nanoTime();
        while (Producer.call(delivery.endpoint(), "ListDeliveryStreams", "{}").contains("orders")) {
            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .as("the time that a deleted stream takes to be gone")
                    .isLessThan(Duration.ofSeconds(60));
            Thread.onSpinWait();
        }
    }
}
