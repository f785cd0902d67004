package io.delivery.stream;

import io.delivery.failure.FailureText;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A change of a stream that was accepted, and that a lane could not go over to. */
final class LateFailure {
    private static final Logger log = LoggerFactory.getLogger(LateFailure.class);

    private LateFailure() {}

    /**
     * Tells the log if it fails: the version is durable, and in force after the next start at the
     * latest.
     *
     * @param inForce completes when the version is in force
     */
    static void tell(RegisteredStream stream, int version, CompletionStage<?> inForce) {
        inForce.whenComplete(
                (done, failure) -> {
                    if (failure != null) {
                        log.warn(
                                "a definition takes effect with the next start: stream={} version={} error={}",
                                stream.name(),
                                version,
                                FailureText.of(failure));
                    }
                });
    }
}
