package io.delivery.config;

import java.util.Locale;

/** Whether what a stream keeps on the disk is encrypted: API reference, Status. */
public enum EncryptionState {
    DISABLED,
    /** Durable; the next records are encrypted, those on their way may not be. */
    ENABLING,
    ENABLED,
    /** Durable; the next records are not encrypted, those on their way may be. */
    DISABLING;

    /** Whether a process that finds this encrypts what it writes. */
    public boolean encrypts() {
        return switch (this) {
            case ENABLING, ENABLED -> true;
            case DISABLED, DISABLING -> false;
        };
    }

    /** What it becomes when what is under way is done. */
    public EncryptionState settled() {
        return encrypts() ? ENABLED : DISABLED;
    }

    /** As a stream's file of keys says it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @throws IllegalArgumentException when no state is called so
     */
    public static EncryptionState parse(String word) {
        for (EncryptionState state : values()) {
            if (state.word().equals(word)) {
                return state;
            }
        }
        throw new IllegalArgumentException("'" + word + "' is no state of encryption");
    }
}
