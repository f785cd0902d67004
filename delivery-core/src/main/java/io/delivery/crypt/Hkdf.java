package io.delivery.crypt;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF-Expand of RFC 5869 with HMAC-SHA-256, for keys of 32 bytes. */
final class Hkdf {
    private static final String MAC = "HmacSHA256";

    private Hkdf() {}

    /**
     * The first 32 bytes that RFC 5869, section 2.3, makes.
     *
     * @param key uniformly random, 32 bytes: so that the step Extract is not needed (section 3.3)
     * @param info what the new key is for
     */
    static byte[] expand(byte[] key, byte[] info) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            mac.update(info);
            mac.update((byte) 1);
            return mac.doFinal();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no " + MAC, missing);
        }
    }
}
