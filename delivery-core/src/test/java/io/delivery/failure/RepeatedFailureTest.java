package io.delivery.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.MessageFormatter;

class RepeatedFailureTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Lines log = new Lines();
    private final RepeatedFailure landing =
            RepeatedFailure.of(log, "landing", nanos::get, "stream", "orders");

    @Test
    void a_failure_is_told_when_it_begins_and_when_it_is_over() {
        for (int i = 0; i < 1000; i++) {
            landing.failed("503 SlowDown, attempt " + i, "object", "a/" + i);
            pass(Duration.ofMillis(423));
        }
        landing.worked();
        landing.worked();

        assertThat(log.lines)
                .containsExactly(
                        "WARN landing fails: stream=orders object=a/0 error=503 SlowDown, attempt 0",
                        "INFO landing works again: stream=orders failures=1000 after=7 min 3 s");
    }

    @Test
    void another_cause_is_told_and_the_same_causes_in_turns_are_not() {
        for (int i = 0; i < 100; i++) {
            landing.failed("503 SlowDown");
            landing.failed("403 AccessDenied");
            pass(Duration.ofSeconds(1));
        }

        assertThat(log.lines)
                .containsExactly(
                        "WARN landing fails: stream=orders error=503 SlowDown",
                        "WARN landing fails: stream=orders failuresBefore=1 error=403 AccessDenied");
    }

    @Test
    void it_is_remembered_for_a_minute_after_its_last_line() {
        assertThat(landing.remembersFor()).isZero();
        landing.failed("503 SlowDown");
        pass(Duration.ofSeconds(20));
        landing.failed("503 SlowDown");
        landing.worked();
        assertThat(landing.remembersFor()).isEqualTo(Duration.ofSeconds(40));

        pass(Duration.ofSeconds(40));
        assertThat(landing.remembersFor()).isZero();
    }

    @Test
    void a_cause_that_comes_back_after_a_long_time_is_told_again() {
        landing.failed("503 SlowDown");
        landing.failed("403 AccessDenied");
        pass(Duration.ofMinutes(11));
        landing.failed("503 SlowDown");

        assertThat(log.lines).hasSize(3);
        assertThat(log.lines.get(2)).endsWith("failuresBefore=2 error=503 SlowDown");
    }

    @Test
    void what_fails_and_works_in_turns_is_told_once_a_minute_and_nothing_is_left_uncounted() {
        for (int i = 0; i < 600; i++) {
            landing.failed("503 SlowDown");
            landing.worked();
            pass(Duration.ofMillis(200));
        }

        assertThat(log.lines)
                .containsExactly(
                        "WARN landing fails: stream=orders error=503 SlowDown",
                        "INFO landing works again: stream=orders failures=1 after=0 ms",
                        "WARN landing fails: stream=orders failuresBefore=299 error=503 SlowDown",
                        "INFO landing works again: stream=orders failures=300 after=0 ms");
    }

    @Test
    void a_failure_that_lasts_is_told_although_the_one_before_was_over_a_moment_ago() {
        landing.failed("503 SlowDown");
        landing.worked();
        pass(Duration.ofSeconds(1));
        for (int i = 0; i < 100; i++) {
            landing.failed("503 SlowDown");
            pass(Duration.ofSeconds(1));
        }
        landing.worked();

        assertThat(log.lines).hasSize(4);
        assertThat(log.lines.get(3)).contains("failures=100 after=1 min 40 s");
    }

    @Test
    void a_thousand_causes_are_no_flood() {
        for (int i = 0; i < 1000; i++) {
            landing.failed("cause " + "x".repeat(i));
            pass(Duration.ofMillis(1));
        }

        assertThat(log.lines).hasSizeLessThan(10);
    }

    @Test
    void causes_that_differ_in_names_and_numbers_are_one() {
        landing.failed(new NoSuchFileException("/data/staging/1.objects"));
        landing.failed(new NoSuchFileException("/data/staging/2.objects"));

        assertThat(log.lines)
                .containsExactly(
                        "WARN landing fails: stream=orders error=/data/staging/1.objects does not exist");
        assertThat(log.traces).isEmpty();
    }

    @Test
    void a_defect_has_its_stack_trace_once() {
        for (int i = 0; i < 10; i++) {
            landing.failed(new IllegalStateException("the range is not sealed"));
        }
        landing.failed(new IOException("disk full"));

        assertThat(log.traces).hasSize(1);
        assertThat(log.lines).hasSize(2);
        assertThat(log.lines.get(0))
                .startsWith("ERROR landing fails: stream=orders error=the range is not");
    }

    @Test
    void what_is_never_over_is_told_once_a_minute_with_how_often_it_was() {
        RepeatedFailure handshakes = RepeatedFailure.of(log, "TLS handshake", nanos::get);
        for (int i = 0; i < 90; i++) {
            handshakes.failedOnce("no cipher suites in common", "client", "10.0.0." + i);
            pass(Duration.ofSeconds(1));
        }

        assertThat(log.lines)
                .containsExactly(
                        "WARN TLS handshake fails: client=10.0.0.0 error=no cipher suites in common",
                        "WARN TLS handshake fails: client=10.0.0.60 failuresBefore=59"
                                + " error=no cipher suites in common");
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** Keeps what is logged. */
    private static final class Lines extends AbstractLogger {
        private static final long serialVersionUID = 1L;
        private final transient List<String> lines = new ArrayList<>();
        private final transient List<Throwable> traces = new ArrayList<>();

        @Override
        protected String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level, Marker marker, String pattern, Object[] values, Throwable trace) {
            lines.add(level + " " + MessageFormatter.basicArrayFormat(pattern, values));
            if (trace != null) {
                traces.add(trace);
            }
        }

        @Override
        public boolean isTraceEnabled() {
            return true;
        }

        @Override
        public boolean isTraceEnabled(Marker marker) {
            return true;
        }

        @Override
        public boolean isDebugEnabled() {
            return true;
        }

        @Override
        public boolean isDebugEnabled(Marker marker) {
            return true;
        }

        @Override
        public boolean isInfoEnabled() {
            return true;
        }

        @Override
        public boolean isInfoEnabled(Marker marker) {
            return true;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isWarnEnabled(Marker marker) {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled(Marker marker) {
            return true;
        }
    }
}
