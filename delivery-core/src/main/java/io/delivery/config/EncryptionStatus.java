package io.delivery.config;

/**
 * Whether a stream is encrypted on the disk now.
 *
 * @param settings that apply, or applied last
 */
public record EncryptionStatus(EncryptionState state, EncryptionSettings settings) {
    public static final EncryptionStatus DISABLED =
            new EncryptionStatus(EncryptionState.DISABLED, EncryptionSettings.DEFAULT);
}
