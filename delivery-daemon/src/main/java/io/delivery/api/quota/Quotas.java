package io.delivery.api.quota;

import io.delivery.config.Quota;
import io.delivery.config.QuotaRule;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.world.Clock;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** The quotas of all streams, by the rules that are in force. Thread-safe. */
public final class Quotas {
    private final Clock clock;
    private final Metrics metrics;
    private volatile InForce inForce = new InForce(List.of());

    /**
     * Rules, and what has been put under them.
     *
     * @param byStream streams that somebody has put into
     */
    private record InForce(List<QuotaRule> rules, ConcurrentHashMap<String, StreamQuota> byStream) {
        InForce(List<QuotaRule> rules) {
            this(List.copyOf(rules), new ConcurrentHashMap<>());
        }
    }

    public Quotas(Clock clock, Metrics metrics) {
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * These rules are in force from now on. When they differ from the former ones every stream has
     * a second's worth to begin with.
     */
    public synchronized void rules(List<QuotaRule> rules) {
        if (!inForce.rules().equals(rules)) {
            inForce = new InForce(rules);
        }
    }

    /** The quota of a stream that there is. */
    public StreamQuota of(String stream) {
        InForce now = inForce;
        if (now.rules().isEmpty()) {
            return StreamQuota.NONE;
        }
        StreamQuota known = now.byStream().get(stream);
        return known != null
                ? known
                : now.byStream().computeIfAbsent(stream, name -> made(name, now.rules()));
    }

    private StreamQuota made(String stream, List<QuotaRule> rules) {
        Quota quota =
                rules.stream()
                        .filter(rule -> rule.match().matches(stream))
                        .findFirst()
                        .map(QuotaRule::quota)
                        .orElse(Quota.NONE);
        return quota.isNone()
                ? StreamQuota.NONE
                : new StreamQuota(
                        quota,
                        clock.nanoTime(),
                        (cause, records) ->
                                metrics.add(
                                        Metric.THROTTLED_RECORDS, stream, cause.label(), records));
    }

    /** A stream is gone. */
    public void forget(String stream) {
        inForce.byStream().remove(stream);
    }
}
