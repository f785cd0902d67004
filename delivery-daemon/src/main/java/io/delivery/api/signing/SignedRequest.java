package io.delivery.api.signing;

/** What of an HTTP request goes into its signature. */
public interface SignedRequest extends SignedHead {
    /** SHA-256 of the body. */
    byte[] bodyHash();
}
