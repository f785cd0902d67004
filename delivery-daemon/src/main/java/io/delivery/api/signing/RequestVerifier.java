package io.delivery.api.signing;

import io.delivery.api.ApiException;

/**
 * Finds out who sent a request, in two steps: what the head alone tells is looked at before memory
 * is spent on the body. Thread-safe.
 */
public interface RequestVerifier {
    /** Checks nothing: only for a server that is bound to loopback. */
    RequestVerifier UNCHECKED = head -> whole -> Caller.ANYONE;

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

    /** What remains to be checked of a request whose head was in order. */
    interface Admission {
        /**
         * The second step.
         *
         * @param whole the same request with its body
         * @throws ApiException 403, when the signature is wrong, or the body is not the one that
         *     the head announced
         */
        Caller verify(SignedRequest whole);
    }
}
