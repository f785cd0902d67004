package io.delivery.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.format.JsonSerDe;
import io.delivery.format.UnknownFieldPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A setting that decided how samples were read.
 *
 * @param name as below {@code format} of a stream
 * @param value as a configuration file says it
 * @param from who says so
 */
record SettingInForce(String name, String value, String from) {
    static final String TABLE = "the table";
    static final String DEFAULT = "the default";

    static SettingInForce serde(JsonSerDe serde, String from) {
        return new SettingInForce("serde", serde.name() + options(serde), from);
    }

    static SettingInForce unknownFields(UnknownFieldPolicy policy, String from) {
        return new SettingInForce("unknownFields", word(policy), from);
    }

    /** Those that are not as they are by default, in braces; nothing when there is none. */
    private static String options(JsonSerDe serde) {
        List<String> options = new ArrayList<>();
        serde.accept(
                new JsonSerDe.Visitor<Void>() {
                    @Override
                    public Void openX(JsonSerDe.OpenX openX) {
                        if (!openX.caseInsensitive()) {
                            options.add("caseInsensitive: false");
                        }
                        if (openX.convertDotsInJsonKeysToUnderscores()) {
                            options.add("convertDotsInJsonKeysToUnderscores: true");
                        }
                        if (!openX.columnToJsonKeyMappings().isEmpty()) {
                            options.add(
                                    "columnToJsonKeyMappings: {%s}"
                                            .formatted(entries(openX.columnToJsonKeyMappings())));
                        }
                        return null;
                    }

                    @Override
                    public Void hive(JsonSerDe.Hive hive) {
                        if (!hive.timestampFormats().isEmpty()) {
                            options.add(
                                    "timestampFormats: [%s]"
                                            .formatted(
                                                    hive.timestampFormats().stream()
                                                            .map(SettingInForce::quoted)
                                                            .collect(Collectors.joining(", "))));
                        }
                        return null;
                    }
                });
        return options.isEmpty() ? "" : " {%s}".formatted(String.join(", ", options));
    }

    private static String entries(Map<String, String> mappings) {
        return new TreeMap<>(mappings)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + quoted(entry.getValue()))
                        .collect(Collectors.joining(", "));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String word(UnknownFieldPolicy policy) {
        return policy.accept(
                new UnknownFieldPolicy.Visitor<>() {
                    @Override
                    public String drop(UnknownFieldPolicy.Drop drop) {
                        return "drop";
                    }

                    @Override
                    public String refuse(UnknownFieldPolicy.Refuse refuse) {
                        return "refuse";
                    }

                    @Override
                    public String keep(UnknownFieldPolicy.Keep keep) {
                        return "{keep: %s}".formatted(keep.column());
                    }
                });
    }

    ObjectNode json() {
        return new ObjectMapper()
                .createObjectNode()
                .put("name", name)
                .put("value", value)
                .put("from", from);
    }

    @Override
    public String toString() {
        return "%s: %s (from %s)".formatted(name, value, from);
    }
}
