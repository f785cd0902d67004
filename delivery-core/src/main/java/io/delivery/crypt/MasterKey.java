package io.delivery.crypt;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A key of the operator. It wraps data keys and nothing else. Immutable. */
public final class MasterKey {
    /** Of every key here: AES-256. */
    public static final int BYTES = 32;

    private static final int MOST_CHARACTERS = 2 * BYTES;

    private final String id;
    private final byte[] bytes;

    /**
     * @param id what the operator calls it
     * @param bytes 32 of them
     */
    public MasterKey(String id, byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a master key has 32 bytes, not " + bytes.length);
        }
        this.id = id;
        this.bytes = bytes.clone();
    }

    /**
     * Reads a key as text: 64 hexadecimal digits, or base64 with or without padding; white space
     * around it does not count.
     *
     * @throws IllegalArgumentException when it is neither; the message does not show it
     */
    public static MasterKey parse(String id, String text) {
        String word = text.strip();
        byte[] bytes = null;
        if (word.length() <= MOST_CHARACTERS) {
            bytes = word.length() == MOST_CHARACTERS ? hex(word) : base64(word);
        }
        if (bytes == null || bytes.length != BYTES) {
            throw new IllegalArgumentException(
                    "must be 32 bytes as 64 hexadecimal digits or in base64, for instance what"
                            + " `openssl rand -base64 32` prints");
        }
        return new MasterKey(id, bytes);
    }

    private static byte[] hex(String word) {
        try {
            return HexFormat.of().parseHex(word);
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    private static byte[] base64(String word) {
        try {
            return Base64.getDecoder().decode(word.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    public String id() {
        return id;
    }

    SecretKey key() {
        return new SecretKeySpec(bytes, "AES");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MasterKey key
                && key.id.equals(id)
                && Arrays.equals(key.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "MasterKey[id=%s]".formatted(id);
    }
}
