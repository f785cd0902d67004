package io.delivery.proof;

import java.io.IOException;
import java.net.URI;
import java.util.List;

/** Puts records with signed calls to one address. Used by several threads. */
public interface RecordSender {
    /**
     * One call, never sent twice.
     *
     * @return the id of each record; all were accepted
     * @throws IOException when it is not known whether they were: no answer
     * @throws UnavailableException the same after an answer of 5xx
     * @throws RefusedException when the call, or a record of it, was refused: good calls never are
     */
    List<String> put(String stream, List<byte[]> records)
            throws IOException, InterruptedException, RefusedException;

    /** A call was answered with 5xx: whether its records are kept is not known. */
    final class UnavailableException extends IOException {
        private static final long serialVersionUID = 1L;

        public UnavailableException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** A good call was refused. */
    final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        public RefusedException(String message) {
            super(message);
        }
    }

    /** Makes senders. */
    @FunctionalInterface
    interface Factory {
        /** A sender that signs with these credentials. */
        RecordSender to(URI endpoint, String accessKeyId, String secret);
    }
}
