package io.delivery.s3;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Makes requests that only read, and makes them again after a pause when the store was busy or did
 * not answer. Once a request has failed as often as it may, the next ones are made once only, until
 * one succeeds: nobody waits for a store that is away as often as there are objects in it.
 * Thread-safe.
 */
final class ReadAttempts {
    private static final List<Duration> PAUSES =
            List.of(Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofSeconds(3));

    private final Pause pause;
    private volatile boolean hopeless;

    /** Waits. */
    @FunctionalInterface
    interface Pause {
        void take(Duration duration) throws InterruptedException;
    }

    /** One attempt. */
    @FunctionalInterface
    interface Request<T> {
        T make() throws IOException;
    }

    ReadAttempts(Pause pause) {
        this.pause = pause;
    }

    /** Those that wait in the thread that asks. */
    static ReadAttempts inThisThread() {
        return new ReadAttempts(duration -> Thread.sleep(duration.toMillis()));
    }

    /**
     * @throws SdkException the last failure
     * @throws IOException the last failure
     */
    <T> T make(Request<T> request) throws IOException {
        for (int made = 0; ; made++) {
            try {
                T answer = request.make();
                hopeless = false;
                return answer;
            } catch (SdkException | IOException failure) {
                if (!S3Answers.mayPass(failure)) {
                    hopeless = false; // it is there
                    throw failure;
                }
                if (made == PAUSES.size()) {
                    hopeless = true;
                }
                if (hopeless || !waited(PAUSES.get(made))) {
                    throw failure;
                }
            }
        }
    }

    private boolean waited(Duration duration) {
        try {
            pause.take(duration);
            return true;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
