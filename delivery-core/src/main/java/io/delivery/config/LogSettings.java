package io.delivery.config;

/** How the program's own log looks. */
public record LogSettings(Format format, Level level) {
    public static final LogSettings DEFAULTS = new LogSettings(Format.TEXT, Level.INFO);

    /** One line per event, either way. */
    public enum Format {
        TEXT,
        JSON
    }

    /** The least important event that is logged. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }
}
