package io.delivery.api.signing;

import io.delivery.api.ApiException;
import java.util.Optional;

/**
 * Finds out who sent a request, in two steps: what the head alone tells is looked at before memory
 * is spent on the body. Thread-safe.
 */
public interface RequestVerifier {
    /** Checks nothing: only for a server that is bound to loopback. */
    RequestVerifier UNCHECKED = head -> new Admission(Optional.of(""), whole -> Caller.ANYONE);

    /**
     * The first step.
     *
     * @throws ApiException 403, when the signature is missing, incomplete or old, or made with a
     *     key that is not known; also when it is wrong, if the head carries the body's hash
     */
    Admission admit(SignedHead head);

    /** Both steps at once. */
    default Caller verify(SignedRequest request) {
        return admit(request).verify(request);
    }

    /**
     * What is known of a request whose head was in order.
     *
     * @param claimedKey the key id that the head names without having proven its secret; empty when
     *     the head alone has proven it
     * @param rest the second step
     */
    record Admission(Optional<String> claimedKey, Rest rest) {
        /**
         * The second step.
         *
         * @param whole the same request with its body
         * @throws ApiException 403, when the signature is wrong, or the body is not the one that
         *     the head announced
         */
        public Caller verify(SignedRequest whole) {
            return rest.verify(whole);
        }
    }

    /** What remains to be checked of a request. */
    interface Rest {
        Caller verify(SignedRequest whole);
    }
}
