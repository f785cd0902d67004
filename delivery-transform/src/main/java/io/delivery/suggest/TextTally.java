package io.delivery.suggest;

/** How many texts of a field are of one kind, such as timestamps, and the first that is not. */
final class TextTally {
    /** A longer text may be a token or a name, and is cut. */
    private static final int SHOWN_WHOLE = 12;

    private static final int SHOWN_OF_LONGER = 4;

    private long hits;
    private long misses;
    private String firstMiss;

    /**
     * Counts a text.
     *
     * @param start of the text, or all of it
     * @param length of the text, in characters
     * @param place of its sample
     */
    void add(boolean hit, String start, int length, String place) {
        if (hit) {
            hits++;
        } else {
            misses++;
            firstMiss = firstMiss == null ? shown(start, length) + " in " + place : firstMiss;
        }
    }

    /** Adds what another one has counted, which stays as it is. */
    void add(TextTally other) {
        hits += other.hits;
        misses += other.misses;
        firstMiss = firstMiss == null ? other.firstMiss : firstMiss;
    }

    /** Texts of the kind. */
    long hits() {
        return hits;
    }

    /** Whether no text is of another kind. */
    boolean all() {
        return misses == 0;
    }

    /** The first text of another kind, cut short, and its place; null when there is none. */
    String firstMiss() {
        return firstMiss;
    }

    private static String shown(String start, int length) {
        return length <= SHOWN_WHOLE
                ? "\"" + KeyForms.shown(start) + "\""
                : "\"%s…\" (%,d characters)"
                        .formatted(
                                KeyForms.shown(
                                        start.substring(
                                                0, Math.min(start.length(), SHOWN_OF_LONGER))),
                                length);
    }
}
