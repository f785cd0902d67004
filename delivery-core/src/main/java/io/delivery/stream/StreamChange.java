package io.delivery.stream;

/**
 * What becomes of one stream when the configuration changes.
 *
 * @param problem why that could not be done yet; empty when it could, or when nobody has tried
 */
public record StreamChange(String name, Kind kind, String problem) {
    StreamChange(String name, Kind kind) {
        this(name, kind, "");
    }

    StreamChange failed(String reason) {
        return new StreamChange(name, kind, reason);
    }

    /** How much changes. */
    public enum Kind {
        /** It is what it was. */
        NOTHING,
        /** Its definition stays, and what it names has changed: its lanes get new components. */
        NEW_COMPONENTS,
        /** The next version of its definition; its lanes stay. */
        NEW_VERSION,
        /** The next version, with which a lane comes or goes. */
        NEW_LANE,
        /** It is not configured any more: what it has accepted lands, then it ends. */
        DRAINED,
        /** It was not there, was draining, or was closed. */
        OPENED
    }
}
