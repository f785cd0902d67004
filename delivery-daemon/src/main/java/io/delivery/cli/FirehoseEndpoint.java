package io.delivery.cli;

import io.delivery.config.ApiCredentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
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

    /**
     * Which servers are trusted over TLS beyond those that the JDK trusts.
     *
     * @param own a PEM file with the certificate of the very server that is meant
     * @param authorities a PEM file with authorities that are trusted instead of the JDK's
     */
    record Trust(Optional<Path> own, Optional<Path> authorities) {}

    /** Makes senders. */
    @FunctionalInterface
    interface Factory {
        /**
         * @param credentials calls are signed with; empty: calls are not signed
         * @param trust which certificates are trusted beyond the usual ones
         * @throws IOException when a certificate cannot be read
         */
        FirehoseEndpoint to(
                URI endpoint, String region, Optional<ApiCredentials> credentials, Trust trust)
                throws IOException;
    }
}
