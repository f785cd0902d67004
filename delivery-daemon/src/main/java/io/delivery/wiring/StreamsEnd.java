package io.delivery.wiring;

import io.delivery.config.ShutdownSettings;
import io.delivery.failure.FailureText;
import io.delivery.lane.LaneStatus;
import io.delivery.stream.RegisteredStream;
import io.delivery.stream.Stopping;
import io.delivery.stream.StreamRegistry;
import io.delivery.stream.StreamStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops all streams of a service, and tells what it waits for and what is left. */
final class StreamsEnd {
    private static final Logger log = LoggerFactory.getLogger(Service.class);

    /** A stop that takes longer says what it waits for. */
    private static final Duration SHORT_WAIT = Duration.ofSeconds(2);

    private final StreamRegistry streams;

    private StreamsEnd(StreamRegistry streams) {
        this.streams = streams;
    }

    static StreamsEnd of(StreamRegistry streams) {
        return new StreamsEnd(streams);
    }

    /** Waits until they have stopped, for the grace and the time to break off at most. */
    void stop(Stopping how, Duration grace) {
        Duration longest = grace.plus(ShutdownSettings.BREAKING_OFF);
        CompletableFuture<Void> all = streams.stop(how, grace).toCompletableFuture();
        try {
            if (!endsWithin(all, SHORT_WAIT)) {
                status().forEach(StreamsEnd::tellWaiting);
                all.get(longest.minus(SHORT_WAIT).toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (ExecutionException | TimeoutException failed) {
            log.warn(
                    "streams did not stop in time; their records are in the journal: error={}",
                    FailureText.of(failed));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        tellKept();
    }

    private List<StreamStatus> status() {
        return streams.all().stream().map(RegisteredStream::status).toList();
    }

    private static boolean endsWithin(CompletableFuture<Void> stage, Duration time)
            throws ExecutionException, InterruptedException {
        try {
            stage.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        }
    }

    private static void tellWaiting(StreamStatus stream) {
        for (LaneStatus lane : stream.lanes()) {
            if (!lane.books().settled()) {
                log.info(
                        "waiting for what is still to land, a second signal ends that: stream={} lane={} records={} objects={} reason={}",
                        stream.name(),
                        lane.lane(),
                        lane.books().buffered(),
                        lane.waitingObjects(),
                        stream.healthy() ? "none" : String.join("; ", stream.troubles()));
            }
        }
    }

    /** What is in the journal, for the next start. */
    void tellKept() {
        for (StreamStatus stream : status()) {
            for (LaneStatus lane : stream.lanes()) {
                if (!lane.books().settled()) {
                    log.info(
                            "kept for the next start: stream={} lane={} records={}",
                            stream.name(),
                            lane.lane(),
                            lane.books().buffered());
                }
            }
        }
    }
}
