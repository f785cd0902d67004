package io.delivery.record;

/**
 * Where an object is visible.
 *
 * @param bucket bucket, or the first directory of a directory store
 * @param key at most 1,024 bytes of UTF-8, never with a {@code .} or {@code ..} segment
 */
public record ObjectName(String bucket, String key) {
    @Override
    public String toString() {
        return bucket + "/" + key;
    }
}
