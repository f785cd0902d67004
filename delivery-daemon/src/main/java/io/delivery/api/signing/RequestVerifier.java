package io.delivery.api.signing;

import io.delivery.api.ApiException;

/** Finds out who sent a request. Thread-safe. */
public interface RequestVerifier {
    /** Checks nothing: only for a server that is bound to loopback. */
    RequestVerifier UNCHECKED = request -> Caller.ANYONE;

    /**
     * @throws ApiException 403, when the signature is missing, incomplete, old, wrong, or made with
     *     a key that is not known
     */
    Caller verify(SignedRequest request);
}
