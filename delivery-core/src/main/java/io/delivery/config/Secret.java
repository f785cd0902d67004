package io.delivery.config;

/** A value that must never be shown: it prints as {@code ***}, wherever it is printed. */
public record Secret(String value) {
    /** Whether it has no control characters, such as a line break, and no blanks at its edges. */
    boolean isOneLine() {
        return value.equals(value.strip()) && value.codePoints().noneMatch(Character::isISOControl);
    }

    @Override
    public String toString() {
        return "***";
    }
}
