package io.delivery.config;

import java.util.Optional;

/**
 * That a stream is encrypted on the disk, and with which master key.
 *
 * @param keyArn the key that a caller of the API has named (KeyARN); empty: the first master key of
 *     the configuration, whichever that is
 */
public record EncryptionSettings(Optional<String> keyArn) {
    /** With the first master key. */
    public static final EncryptionSettings DEFAULT = new EncryptionSettings(Optional.empty());

    /** The id of the master key that was named: what stands behind the last {@code :key/}. */
    public Optional<String> masterKey() {
        return keyArn.map(arn -> arn.substring(arn.lastIndexOf(":key/") + ":key/".length()));
    }
}
