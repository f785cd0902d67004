package io.delivery.api.signing;

/** The hash of a body that goes into its signature. */
public final class BodyHash {
    private BodyHash() {}

    /** SHA-256 of these bytes. */
    public static byte[] of(byte[] bytes, int offset, int length) {
        return SignatureV4.sha256(bytes, offset, length);
    }
}
