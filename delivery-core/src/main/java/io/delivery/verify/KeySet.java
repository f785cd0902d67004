package io.delivery.verify;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The names of very many objects, as 64 bits of a hash each. Two of a million names are the same by
 * chance once in 37 million times; nobody can make one on purpose cheaper than by trying.
 */
final class KeySet {
    /**
     * For names that are to be compared whatever store holds them: two names of the configuration
     * may mean the same store, and keys are ours by their salt.
     */
    static final String ANY_STORE = "";

    private final MessageDigest digest;
    private long[] slots = new long[1024];
    private int size;

    KeySet() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    /** False when it was there. */
    boolean add(String store, String bucket, String key) {
        if (size * 2 > slots.length) {
            grow();
        }
        if (!put(slots, hash(store, bucket, key))) {
            return false;
        }
        size++;
        return true;
    }

    boolean contains(String store, String bucket, String key) {
        long hash = hash(store, bucket, key);
        int at = start(hash, slots.length);
        while (slots[at] != 0 && slots[at] != hash) {
            at = at + 1 & slots.length - 1;
        }
        return slots[at] == hash;
    }

    private void grow() {
        long[] larger = new long[slots.length * 2];
        Arrays.stream(slots).filter(hash -> hash != 0).forEach(hash -> put(larger, hash));
        slots = larger;
    }

    private static boolean put(long[] slots, long hash) {
        int at = start(hash, slots.length);
        while (slots[at] != 0) {
            if (slots[at] == hash) {
                return false;
            }
            at = at + 1 & slots.length - 1;
        }
        slots[at] = hash;
        return true;
    }

    private static int start(long hash, int slots) {
        return (int) hash & slots - 1;
    }

    /** Never 0: that is an empty slot. */
    private long hash(String store, String bucket, String key) {
        digest.update(store.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(bucket.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        long hash = ByteBuffer.wrap(digest.digest(key.getBytes(StandardCharsets.UTF_8))).getLong();
        return hash == 0 ? 1 : hash;
    }
}
