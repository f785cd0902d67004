package io.delivery.api.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.Glob;
import io.delivery.config.Quota;
import io.delivery.config.QuotaRule;
import io.delivery.metrics.Metric;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordBatch;
import io.delivery.telemetry.PrometheusMetrics;
import io.delivery.testkit.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class StreamQuotaTest {
    private final ManualClock clock = new ManualClock();
    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private final Quotas quotas = new Quotas(clock, metrics);

    @Test
    void nothing_is_limited_where_no_rule_matches() {
        assertThat(admit("orders", records(500, 1))).isEqualTo(500);

        quotas.rules(List.of(rule("team-*", 1, 0, 0)));

        assertThat(admit("orders", records(500, 1))).isEqualTo(500);
        assertThat(quotas.of("orders")).isSameAs(StreamQuota.NONE);
    }

    @Test
    void a_second_s_worth_passes_at_once_and_the_rate_from_then_on() throws IOException {
        quotas.rules(List.of(rule("*", 100, 0, 0)));

        assertThat(admit("orders", records(60, 1))).isEqualTo(60);
        assertThat(admit("orders", records(60, 1))).isEqualTo(40);
        assertThat(admit("orders", records(60, 1))).isZero();

        clock.advance(Duration.ofMillis(100));

        assertThat(admit("orders", records(60, 1))).isEqualTo(10);

        clock.advance(Duration.ofHours(1));

        assertThat(admit("orders", records(500, 1))).as("no more is saved up").isEqualTo(100);
        assertThat(throttled("orders", "records_quota")).isEqualTo(20 + 60 + 50 + 400);
    }

    @Test
    void bytes_count_as_they_are_before_base64() throws IOException {
        quotas.rules(List.of(rule("*", 0, 1000, 0)));

        assertThat(admit("orders", records(20, 100))).isEqualTo(10);
        assertThat(throttled("orders", "bytes_quota")).isEqualTo(10);
        assertThat(admit("orders", records(1, 0))).as("an empty one waits, too").isZero();
    }

    @Test
    void a_record_larger_than_a_second_s_worth_passes_and_is_paid_for_afterwards() {
        quotas.rules(List.of(rule("*", 0, 1000, 0)));

        assertThat(admit("orders", records(1, 3000))).isEqualTo(1);
        assertThat(admit("orders", records(1, 1))).isZero();

        clock.advance(Duration.ofMillis(1999));
        assertThat(admit("orders", records(1, 1))).isZero();

        clock.advance(Duration.ofMillis(2));
        assertThat(admit("orders", records(1, 1))).isEqualTo(1);
    }

    @Test
    void a_call_beyond_the_requests_is_refused_as_a_whole() throws IOException {
        quotas.rules(List.of(rule("*", 0, 0, 2)));

        assertThat(admit("orders", records(7, 1))).isEqualTo(7);
        assertThat(admit("orders", records(7, 1))).isEqualTo(7);
        assertThat(admit("orders", records(7, 1))).isZero();
        assertThat(throttled("orders", "requests_quota")).isEqualTo(7);
    }

    @Test
    void records_that_the_bytes_do_not_let_pass_do_not_count_as_records() {
        quotas.rules(List.of(rule("*", 10, 100, 0)));

        assertThat(admit("orders", records(10, 100))).isEqualTo(1);

        clock.advance(Duration.ofMillis(500));

        assertThat(admit("orders", records(20, 0))).isEqualTo(10);
    }

    @Test
    void bytes_of_records_that_the_number_does_not_let_pass_do_not_count() throws IOException {
        quotas.rules(List.of(rule("*", 2, 10, 0)));
        RecordBatch batch = RecordBatch.of(0, new byte[1], new byte[1], new byte[1000]);

        assertThat(admit("orders", batch)).isEqualTo(2);
        assertThat(throttled("orders", "records_quota")).isEqualTo(1);

        clock.advance(Duration.ofSeconds(1));

        assertThat(admit("orders", records(2, 1))).isEqualTo(2);
    }

    @Test
    void what_is_given_back_is_there_again() {
        quotas.rules(List.of(rule("*", 3, 30, 1)));
        RecordBatch batch = records(5, 10);
        assertThat(admit("orders", batch)).isEqualTo(3);
        assertThat(admit("orders", batch)).isZero();

        quotas.rules(List.of(rule("*", 3, 30, 2)));
        assertThat(admit("orders", batch)).isEqualTo(3);
        quotas.of("orders").giveBack(batch, 3);

        assertThat(admit("orders", batch)).isEqualTo(3);
        assertThat(admit("orders", batch)).isZero();
    }

    @Test
    void each_stream_has_its_own_quota_by_the_first_rule_that_matches() {
        quotas.rules(List.of(rule("team-*", 1, 0, 0), rule("*", 5, 0, 0)));

        assertThat(admit("team-a", records(9, 1))).isEqualTo(1);
        assertThat(admit("team-b", records(9, 1))).isEqualTo(1);
        assertThat(admit("orders", records(9, 1))).isEqualTo(5);
    }

    @Test
    void other_rules_are_in_force_at_once_and_the_same_ones_change_nothing() {
        quotas.rules(List.of(rule("*", 5, 0, 0)));
        assertThat(admit("orders", records(9, 1))).isEqualTo(5);

        quotas.rules(List.of(rule("*", 5, 0, 0)));
        assertThat(admit("orders", records(9, 1))).isZero();

        quotas.rules(List.of(rule("*", 7, 0, 0)));
        assertThat(admit("orders", records(9, 1))).isEqualTo(7);

        quotas.rules(List.of());
        assertThat(admit("orders", records(9, 1))).isEqualTo(9);
    }

    @Test
    void producers_at_once_get_no_more_than_one_alone() throws Exception {
        quotas.rules(List.of(rule("*", 1000, 0, 0)));
        StreamQuota quota = quotas.of("orders");
        ExecutorService producers = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> passed = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                passed.add(producers.submit(() -> quota.admit(records(100, 1), clock.nanoTime())));
            }
            int all = 0;
            for (Future<Integer> one : passed) {
                all += one.get();
            }
            assertThat(all).isEqualTo(1000);
        } finally {
            producers.shutdownNow();
        }
    }

    @Test
    void the_first_records_of_a_batch_are_a_view_of_it() {
        RecordBatch batch =
                RecordBatch.of(42, new byte[] {'a'}, new byte[0], new byte[] {'c', 'c', 'c'});

        RecordBatch first = batch.first(2);

        assertThat(first.count()).isEqualTo(2);
        assertThat(first.recordBytes()).isEqualTo(1);
        assertThat(first.arrivalMillis()).isEqualTo(42);
        RecordBatch.Cursor records = first.cursor();
        DeliveryRecord one = records.next();
        assertThat(new String(one.toByteArray(), StandardCharsets.UTF_8)).isEqualTo("a");
        assertThat(records.next().length()).isZero();
        assertThat(records.next()).isNull();
        assertThat(batch.first(3).length()).isEqualTo(batch.length());
        assertThat(batch.first(0).length()).isZero();
    }

    private int admit(String stream, RecordBatch batch) {
        return quotas.of(stream).admit(batch, clock.nanoTime());
    }

    private static RecordBatch records(int number, int bytes) {
        byte[][] records = new byte[number][bytes];
        Arrays.stream(records).forEach(record -> Arrays.fill(record, (byte) 'x'));
        return RecordBatch.of(0, records);
    }

    /** 0 is no limit. */
    private static QuotaRule rule(String match, long records, long bytes, long requests) {
        return new QuotaRule(
                new Glob(match), new Quota(limit(records), limit(bytes), limit(requests)));
    }

    private static Optional<Long> limit(long rate) {
        return rate == 0 ? Optional.empty() : Optional.of(rate);
    }

    private long throttled(String stream, String cause) throws IOException {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        metrics.writeTo(page);
        return page.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(Metric.THROTTLED_RECORDS.metricName()))
                .filter(line -> line.contains("stream=\"" + stream + "\""))
                .filter(line -> line.contains("cause=\"" + cause + "\""))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf('}') + 2)))
                .sum();
    }
}
