package io.delivery.format;

import java.util.List;
import java.util.Map;

/** How JSON is read into columns: the two deserializers of the contract, with their options. */
public sealed interface JsonSerDe {
    /** Name in configuration files: {@code openx} or {@code hive}. */
    String name();

    /** What the visitor makes of this deserializer. */
    <R> R accept(Visitor<R> visitor);

    /**
     * Knows every deserializer: a new one does not compile before each visitor knows it.
     *
     * @param <R> what it makes of them
     */
    interface Visitor<R> {
        R openX(OpenX serde);

        R hive(Hive serde);
    }

    /**
     * The lenient one (OpenXJsonSerDe).
     *
     * @param caseInsensitive keys are lower-cased before they are matched
     * @param convertDotsInJsonKeysToUnderscores key {@code a.b} fills column {@code a_b}
     * @param columnToJsonKeyMappings column to the key that fills it instead of its own name, at
     *     every depth
     */
    record OpenX(
            boolean caseInsensitive,
            boolean convertDotsInJsonKeysToUnderscores,
            Map<String, String> columnToJsonKeyMappings)
            implements JsonSerDe {
        public static final OpenX DEFAULTS = new OpenX(true, false, Map.of());

        public OpenX {
            columnToJsonKeyMappings = Map.copyOf(columnToJsonKeyMappings);
        }

        @Override
        public String name() {
            return "openx";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.openX(this);
        }
    }

    /**
     * The strict one (HiveJsonSerDe).
     *
     * @param timestampFormats Joda-Time patterns, or {@code millis}, tried in order before {@code
     *     yyyy-[m]m-[d]d hh:mm:ss[.f…]}
     */
    record Hive(List<String> timestampFormats) implements JsonSerDe {
        public static final Hive DEFAULTS = new Hive(List.of());

        public Hive {
            timestampFormats = List.copyOf(timestampFormats);
        }

        @Override
        public String name() {
            return "hive";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.hive(this);
        }
    }
}
