package io.delivery.json.bytes;

/** Counts the values of one key that no column takes. */
@FunctionalInterface
public interface UnknownField {
    /** A record that was read has one more of them. */
    void seen();
}
