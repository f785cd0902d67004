package io.delivery.loading;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A value in a file, with the path that leads to it. */
final class YamlValue {
    /** ENV_TAG is what the parser calls a plain {@code ${NAME}}. */
    private static final Set<Tag> SCALARS =
            Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.ENV_TAG);

    /** What stands behind the exclamation mark may be a secret that lacks its quotes. */
    private static final String NO_TAGS =
            "tags are not supported; put a text that begins with ! into quotes";

    private final Node node;
    private final String path;
    private final ConfigReading reading;

    YamlValue(Node node, String path, ConfigReading reading) {
        this.node = node;
        this.path = path;
        this.reading = reading;
    }

    String path() {
        return path;
    }

    /** The same value, as if it stood there. */
    YamlValue below(String otherPath) {
        return new YamlValue(node, otherPath, reading);
    }

    ConfigReading reading() {
        return reading;
    }

    <T> Optional<T> problem(String message) {
        reading.problem(path, message);
        return Optional.empty();
    }

    boolean isScalar() {
        return node instanceof ScalarNode && !isEmpty();
    }

    /** Nothing after the colon, or {@code null}. */
    boolean isEmpty() {
        return node.getTag().equals(Tag.NULL);
    }

    /** A text, with everything substituted, whatever YAML believes its type to be. */
    Optional<String> text(String words) {
        if (isEmpty()) {
            return problem(
                    "must be %s, was empty; leave the line out for the default".formatted(words));
        }
        if (!(node instanceof ScalarNode scalar)) {
            return problem("must be %s, was a %s".formatted(words, shape()));
        }
        if (!SCALARS.contains(node.getTag())) {
            return problem(NO_TAGS);
        }
        String text = scalar.getValue();
        if (!Substitution.needed(text)) {
            return Optional.of(text);
        }
        try {
            String resolved = Substitution.resolve(text, path, reading);
            reading.substituted().add(path, text, resolved);
            reading.keepUnresolved(path, text);
            return Optional.of(resolved);
        } catch (InvalidSettingException e) {
            return problem(e.getMessage());
        }
    }

    /** A mapping with known keys; an empty value is one with none. Unknown keys are reported. */
    Optional<SectionValues> section(Section section) {
        Optional<Map<String, YamlValue>> entries = entries(String.join(", ", section.names()));
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        entries.get()
                .forEach(
                        (key, value) -> {
                            if (!section.names().contains(key)) {
                                reading.unknown(value.path, section.unknown(key));
                            }
                        });
        return Optional.of(new SectionValues(path, entries.get(), reading));
    }

    /** A mapping with names of the user's; an empty value is one with none. */
    Optional<Map<String, YamlValue>> entries(String words) {
        if (isEmpty()) {
            return Optional.of(Map.of());
        }
        if (!(node instanceof MappingNode mapping)) {
            return problem("must be a section with %s, was a %s".formatted(words, shape()));
        }
        if (!node.getTag().equals(Tag.MAP)) {
            return problem(NO_TAGS);
        }
        Map<String, YamlValue> entries = new LinkedHashMap<>();
        Map<String, Integer> lines = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            int line = tuple.getKeyNode().getStartMark().map(m -> m.getLine() + 1).orElse(0);
            if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
                reading.problemAt(line, path, "has a key that is not a name");
                continue;
            }
            String key = keyNode.getValue();
            String at = path.isEmpty() ? key : path + "." + key;
            if (entries.containsKey(key)) {
                reading.problemAt(
                        line, at, "is given twice, first in line %d".formatted(lines.get(key)));
                continue;
            }
            reading.locate(at, keyNode.getStartMark());
            entries.put(key, new YamlValue(tuple.getValueNode(), at, reading));
            lines.put(key, line);
        }
        return Optional.of(entries);
    }

    /** A list; an empty value is one with nothing in it. */
    Optional<List<YamlValue>> items(String words) {
        if (isEmpty()) {
            return Optional.of(List.of());
        }
        if (!(node instanceof SequenceNode sequence)) {
            return problem("must be a list of %s, was a %s".formatted(words, shape()));
        }
        List<YamlValue> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            String at = "%s[%d]".formatted(path, items.size());
            reading.locate(at, item.getStartMark());
            items.add(new YamlValue(item, at, reading));
        }
        return Optional.of(items);
    }

    private String shape() {
        if (node instanceof MappingNode) {
            return "section";
        }
        return node instanceof SequenceNode ? "list" : "single value";
    }
}
