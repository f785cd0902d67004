package io.delivery.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What becomes of one part of the configuration when another one comes into force.
 *
 * @param name of the stream, store, catalog or function; of a setting its dotted path
 */
public record ConfigChange(Part part, String name, Kind kind) {
    /** What changes. The words are those of the JSON that programs read. */
    public enum Part {
        STREAM("stream"),
        STORE("store"),
        CATALOG("catalog"),
        FUNCTION("function"),
        SETTING("setting");

        private final String word;

        Part(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /** How it changes. The words are those of the JSON that programs read. */
    public enum Kind {
        NOTHING("nothing", "nothing"),
        ADDED("added", "added"),
        NEW_SETTINGS("newSettings", "new settings"),
        NEW_CODE_OR_SETTINGS("newCodeOrSettings", "new code or settings"),
        NEW_COMPONENTS("newComponents", "same definition, and what it names is new"),
        NEW_VERSION("newVersion", "new definition version"),
        NEW_LANE("newLane", "new lane: the backup begins or ends, with a new definition version"),
        DRAINED("drained", "drained: takes no more records, and what it has accepted lands"),
        REMOVED("removed", "removed"),
        NEEDS_RESTART("needsRestart", "needs a restart");

        private final String word;
        private final String text;

        Kind(String word, String text) {
            this.word = word;
            this.text = text;
        }

        public String word() {
            return word;
        }

        /** For people. */
        public String text() {
            return text;
        }
    }

    /** Whether anything changes. */
    public boolean isDifference() {
        return kind != Kind.NOTHING;
    }

    /**
     * What differs between the named entries of two configurations: those of the other one in their
     * order, then those that it has no more.
     *
     * @param before what the entries were made of, by name; equal when nothing has changed
     * @param changed what an entry is that both have and that is another one
     */
    public static List<ConfigChange> between(
            Part part, Map<String, ?> before, Map<String, ?> next, Kind changed) {
        List<ConfigChange> changes = new ArrayList<>();
        next.forEach(
                (name, settings) -> {
                    Kind kind =
                            !before.containsKey(name)
                                    ? Kind.ADDED
                                    : settings.equals(before.get(name)) ? Kind.NOTHING : changed;
                    changes.add(new ConfigChange(part, name, kind));
                });
        for (String name : before.keySet()) {
            if (!next.containsKey(name)) {
                changes.add(new ConfigChange(part, name, Kind.REMOVED));
            }
        }
        return changes;
    }
}
