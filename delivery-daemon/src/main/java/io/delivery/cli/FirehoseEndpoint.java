package io.delivery.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A Firehose endpoint, as {@code put} needs it. */
public interface FirehoseEndpoint {
    /**
     * Sends records in one signed call; waits for the answer.
     *
     * @param records at most 500, 4 MiB together
     * @return one entry per record: empty when it was accepted, else the code it failed with
     * @throws BusyException when the answer was to come again
     * @throws IOException when there was no answer
     * @throws RefusedException when coming again cannot help
     */
    List<Optional<String>> put(String stream, List<byte[]> records)
            throws IOException, InterruptedException, RefusedException;

    /** The endpoint is there, and cannot take records at the moment. */
    final class BusyException extends IOException {
        private static final long serialVersionUID = 1L;

        /**
         * @param message the error's type and message, as the endpoint gave them
         */
        public BusyException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The endpoint refused the call. */
    final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        /** Why. */
        public enum Reason {
            UNKNOWN_STREAM,
            /** A key, a signature or a right is missing or wrong. */
            NOT_ALLOWED,
            OTHER
        }

        private final Reason reason;

        /**
         * @param message the error's type and message, as the endpoint gave them
         */
        public RefusedException(Reason reason, String message) {
            super(message);
            this.reason = reason;
        }

        public Reason reason() {
            return reason;
        }
    }

    /** Makes senders. */
    @FunctionalInterface
    interface Factory {
        /** A sender to this endpoint, which signs with these credentials, or not at all. */
        FirehoseEndpoint to(
                java.net.URI endpoint,
                String region,
                Optional<io.delivery.config.AccessKey> credentials);
    }
}
