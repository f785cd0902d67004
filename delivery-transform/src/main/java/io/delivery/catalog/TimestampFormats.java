package io.delivery.catalog;

/** Knows which timestamp formats the Hive serde can read. Thread-safe. */
@FunctionalInterface
public interface TimestampFormats {
    /**
     * Looks at one format.
     *
     * @throws IllegalArgumentException when it makes no sense; the message says why
     */
    void check(String format);
}
