package io.delivery.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Test classes that know nothing of each other run at the same time, and so do their methods. */
class ParallelClassesIT {
    private static final Set<String> ENDPOINTS = ConcurrentHashMap.newKeySet();

    /** What two classes have in common: names of streams and buckets. */
    abstract static class Orders {
        void each_test_sees_its_stream(Delivery delivery, String test) throws Exception {
            ENDPOINTS.add(delivery.endpoint().toString());
            delivery.createStream("orders-" + test, "lake");
            String[] lines =
                    IntStream.range(0, 50)
                            .mapToObj(i -> getClass().getSimpleName() + " " + test + " " + i)
                            .toArray(String[]::new);
            Producer.put(
                    delivery.endpoint(),
                    "orders-" + test,
                    Stream.of(lines).map(line -> line + "\n").toArray(String[]::new));

            delivery.landed("orders-" + test).assertLines(lines).assertNoErrors();
        }
    }

    static class FirstCase extends Orders {
        @RegisterExtension static final Delivery delivery = Delivery.withDirectory();

        @RepeatedTest(4)
        void orders(RepetitionInfo repetition) throws Exception {
            each_test_sees_its_stream(delivery, "t" + repetition.getCurrentRepetition());
        }
    }

    static class SecondCase extends Orders {
        @RegisterExtension static final Delivery delivery = Delivery.withS3Proxy();

        @RepeatedTest(4)
        void orders(RepetitionInfo repetition) throws Exception {
            each_test_sees_its_stream(delivery, "t" + repetition.getCurrentRepetition());
        }
    }

    @ExtendWith(DeliveryExtension.class)
    static class ThirdCase extends Orders {
        @RepeatedTest(4)
        void orders(RepetitionInfo repetition, Delivery delivery) throws Exception {
            each_test_sees_its_stream(delivery, "t" + repetition.getCurrentRepetition());
        }
    }

    static class FourthCase extends Orders {
        @RegisterExtension final Delivery delivery = Delivery.withDirectory();

        @RepeatedTest(4)
        void orders(TestInfo test) throws Exception {
            each_test_sees_its_stream(delivery, "same");
        }
    }

    @Test
    void classes_that_run_in_parallel_do_not_meet() {
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(
                                selectClass(FirstCase.class),
                                selectClass(SecondCase.class),
                                selectClass(ThirdCase.class),
                                selectClass(FourthCase.class))
                        .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                        .configurationParameter(
                                "junit.jupiter.execution.parallel.mode.default", "concurrent")
                        .configurationParameter(
                                "junit.jupiter.execution.parallel.config.strategy", "fixed")
                        .configurationParameter(
                                "junit.jupiter.execution.parallel.config.fixed.parallelism", "8")
                        .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();

        LauncherFactory.create().execute(request, listener);

        TestExecutionSummary summary = listener.getSummary();
        assertThat(summary.getFailures())
                .map(failure -> failure.getTestIdentifier() + ": " + failure.getException())
                .isEmpty();
        assertThat(summary.getTestsSucceededCount()).isEqualTo(16);
        // One for each class, and one for each test of the last.
        assertThat(ENDPOINTS).hasSize(7);
    }
}
