package io.delivery.config;

/** A value that must never be shown: it prints as {@code ***}, wherever it is printed. */
public record Secret(String value) {
    @Override
    public String toString() {
        return "***";
    }
}
