package io.delivery.crypt;

import java.nio.ByteBuffer;
import javax.crypto.SecretKey;

/**
 * Seals and opens pieces of one file. A piece has a place, which is its nonce: <b>no place of a
 * file is ever sealed twice</b>, that is its writer's duty. What a piece is bound to must be the
 * same when it is opened. Used by one thread at a time.
 */
public final class FileCipher {
    /** Bytes that a piece takes beside its own. */
    public static final int TAG_BYTES = GcmCipher.TAG_BYTES;

    private final GcmCipher cipher = new GcmCipher();
    private final SecretKey key;
    private final byte[] nonce = new byte[GcmCipher.NONCE_BYTES];
    private final ByteBuffer nonceBuffer = ByteBuffer.wrap(nonce);

    FileCipher(SecretKey key) {
        this.key = key;
    }

    /**
     * Encrypts a piece.
     *
     * @param place at which nothing was sealed before
     * @param bound is authenticated with it: all of the array
     * @param sealed takes the bytes and the tag, from {@code at} on; another array than that of
     *     {@code plain}
     */
    public void seal(long place, byte[] bound, ByteBuffer plain, byte[] sealed, int at) {
        nonceBuffer.putLong(GcmCipher.NONCE_BYTES - Long.BYTES, place);
        cipher.seal(key, nonce, bound, bound.length, plain, sealed, at);
    }

    /**
     * Decrypts a piece.
     *
     * @param sealed its bytes and the tag
     * @param plain takes the bytes from {@code at} on; may be the array of {@code sealed}, at the
     *     same place
     * @return false when these are not the bytes that were sealed at this place: somebody has
     *     changed them
     */
    public boolean open(long place, byte[] bound, ByteBuffer sealed, byte[] plain, int at) {
        nonceBuffer.putLong(GcmCipher.NONCE_BYTES - Long.BYTES, place);
        return cipher.open(key, nonce, bound, bound.length, sealed, plain, at);
    }
}
