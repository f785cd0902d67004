package io.delivery.wiring;

import io.delivery.admin.Health;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.record.Amount;
import io.delivery.world.World;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows once a second that the scheduler which everything runs on is alive, and looks whether the
 * wall clock was set.
 */
final class Heartbeat {
    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration LONGEST_CLOCK_STEP = Duration.ofSeconds(1);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    private final World world;
    private final Metrics metrics;
    private final Runnable onBeat;
    private volatile long lastBeatNanos;
    private long clockOffsetMillis;

    /**
     * @param onBeat what else is to be done once a second
     */
    Heartbeat(World world, Metrics metrics, Runnable onBeat) {
        this.world = world;
        this.metrics = metrics;
        this.onBeat = onBeat;
        double startedSeconds = world.clock().millis() / 1000.0;
        metrics.gauge(Metric.START_TIME, "", () -> startedSeconds);
    }

    /** Beats at once, and from then on. */
    void beat() {
        watchClock();
        lastBeatNanos = System.nanoTime();
        onBeat.run();
        world.scheduler().after(BEAT, world.scheduler().serial("heartbeat"), this::beat);
    }

    /** Keys carry the wall clock; intervals do not: a step is worth a line, and harms nothing. */
    private void watchClock() {
        long offset = world.clock().millis() - world.clock().nanoTime() / 1_000_000;
        long step = offset - clockOffsetMillis;
        if (lastBeatNanos != 0 && Math.abs(step) > LONGEST_CLOCK_STEP.toMillis()) {
            log.warn("wall clock jumped: millis={}", step);
            metrics.add(Metric.CLOCK_STEPS, "", 1);
        }
        clockOffsetMillis = offset;
    }

    Health live() {
        long silence = System.nanoTime() - lastBeatNanos;
        return silence < LONGEST_SILENCE.toNanos()
                ? Health.GOOD
                : Health.bad(
                        "the service has run no task for " + Amount.of(Duration.ofNanos(silence)));
    }
}
