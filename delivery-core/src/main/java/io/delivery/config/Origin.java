package io.delivery.config;

/** Who defines a stream, and so who may change or delete it. */
public enum Origin {
    /** The configuration file: a stream that it does not name any more is drained. */
    YAML("yaml"),
    /** Callers of the API: the stream is there until one of them deletes it. */
    API("api");

    private final String word;

    Origin(String word) {
        this.word = word;
    }

    /** As {@code stream.meta} says it. */
    public String word() {
        return word;
    }

    /**
     * @throws IllegalArgumentException when no origin is called so
     */
    public static Origin parse(String word) {
        for (Origin origin : values()) {
            if (origin.word.equals(word)) {
                return origin;
            }
        }
        throw new IllegalArgumentException("'" + word + "' is no origin of a stream");
    }
}
