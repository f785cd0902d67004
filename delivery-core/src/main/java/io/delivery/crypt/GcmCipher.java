package io.delivery.crypt;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM of the JDK (NIST SP 800-38D) with nonces of 96 bits and tags of 128 bits. Used by one
 * thread at a time.
 */
final class GcmCipher {
    static final int NONCE_BYTES = 12;
    static final int TAG_BYTES = 16;

    private final Cipher cipher;

    GcmCipher() {
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no AES/GCM", missing);
        }
    }

    /**
     * Encrypts.
     *
     * @param nonce never used before with this key
     * @param bound is authenticated and not encrypted, up to {@code boundLength}
     * @param sealed takes {@code length} + {@link #TAG_BYTES} bytes from {@code at} on
     */
    void seal(
            SecretKey key,
            byte[] nonce,
            byte[] bound,
            int boundLength,
            ByteBuffer plain,
            byte[] sealed,
            int at) {
        try {
            cipher.init(
                    Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
            cipher.updateAAD(bound, 0, boundLength);
            cipher.doFinal(
                    plain.array(),
                    plain.arrayOffset() + plain.position(),
                    plain.remaining(),
                    sealed,
                    at);
        } catch (GeneralSecurityException defect) {
            throw new IllegalStateException("not encrypted", defect);
        }
    }

    /**
     * Decrypts.
     *
     * @param plain takes the bytes from {@code at} on; may be the array of {@code sealed}, at the
     *     same place
     * @return false when these are not the bytes that were sealed with this key, nonce and bound;
     *     what is in {@code plain} then is of no use
     */
    boolean open(
            SecretKey key,
            byte[] nonce,
            byte[] bound,
            int boundLength,
            ByteBuffer sealed,
            byte[] plain,
            int at) {
        if (sealed.remaining() < TAG_BYTES) {
            return false;
        }
        try {
            cipher.init(
                    Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
            cipher.updateAAD(bound, 0, boundLength);
            cipher.doFinal(
                    sealed.array(),
                    sealed.arrayOffset() + sealed.position(),
                    sealed.remaining(),
                    plain,
                    at);
            return true;
        } catch (AEADBadTagException changed) {
            return false;
        } catch (GeneralSecurityException defect) {
            throw new IllegalStateException("not decrypted", defect);
        }
    }
}
