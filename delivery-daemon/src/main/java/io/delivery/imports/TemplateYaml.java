package io.delivery.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads a template of CloudFormation in YAML as the JSON that it stands for: a short tag such as
 * {@code !Ref X} becomes {@code {"Ref": "X"}}. Every scalar stays a text; who needs a number reads
 * it as one.
 */
final class TemplateYaml {
    private static final int MOST_CHARACTERS = 4 << 20;

    /** A template has 1 MB at most, and aliases may not make much more of it. */
    private static final int MOST_NODES = 200_000;

    private static final int MOST_LEVELS = 100;
    private static final Set<Tag> KNOWN =
            Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.ENV_TAG, Tag.SEQ, Tag.MAP);

    private final String place;
    private int nodes;
    private long characters;

    private TemplateYaml(String place) {
        this.place = place;
    }

    /**
     * Reads one document.
     *
     * @throws MisfitException when it is no YAML, or more than a template can be
     */
    static JsonNode read(String text, String place) throws MisfitException {
        LoadSettings settings =
                LoadSettings.builder().setCodePointLimit(MOST_CHARACTERS).setUseMarks(true).build();
        try {
            Node root =
                    new Compose(settings)
                            .composeString(text)
                            .orElseThrow(() -> new MisfitException(place, "is empty"));
            return new TemplateYaml(place).json(root, 0);
        } catch (MarkedYamlEngineException refused) {
            int line = refused.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            throw new MisfitException(
                    place,
                    "is not YAML: line %d: %s".formatted(line, firstLine(refused.getProblem())));
        } catch (YamlEngineException refused) {
            throw new MisfitException(place, "is not YAML: " + firstLine(refused.getMessage()));
        } catch (StackOverflowError deep) {
            throw new MisfitException(place, "is nested too deeply"); // one call for each level
        }
    }

    private static String firstLine(String text) {
        return text == null ? "" : text.lines().findFirst().orElse("");
    }

    private JsonNode json(Node node, int level) throws MisfitException {
        if (level > MOST_LEVELS) {
            throw at(node, "is nested in more than %d levels".formatted(MOST_LEVELS));
        }
        if (++nodes > MOST_NODES) {
            throw at(
                    node,
                    "has more than %d values once its aliases are followed".formatted(MOST_NODES));
        }
        if (node instanceof ScalarNode scalar) {
            characters += scalar.getValue().length();
        }
        if (characters > MOST_CHARACTERS) {
            throw at(
                    node,
                    "has more than %d characters once its aliases are followed"
                            .formatted(MOST_CHARACTERS));
        }
        String tag = node.getTag().getValue();
        JsonNode value = untagged(node, level);
        if (KNOWN.contains(node.getTag())) {
            return value;
        }
        if (!tag.matches("![A-Za-z0-9]{1,64}")) {
            throw at(node, "has a tag that no template has: " + tag);
        }
        String function = tag.substring(1);
        ObjectNode called = JsonNodeFactory.instance.objectNode();
        boolean whole = function.equals("Ref") || function.equals("Condition");
        return called.set(whole ? function : "Fn::" + function, value);
    }

    private JsonNode untagged(Node node, int level) throws MisfitException {
        if (node instanceof ScalarNode scalar) {
            return node.getTag().equals(Tag.NULL)
                    ? JsonNodeFactory.instance.nullNode()
                    : JsonNodeFactory.instance.textNode(scalar.getValue());
        }
        if (node instanceof SequenceNode sequence) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            for (Node item : sequence.getValue()) {
                items.add(json(item, level + 1));
            }
            return items;
        }
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        for (NodeTuple tuple : ((MappingNode) node).getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw at(tuple.getKeyNode(), "has a key that is not a name");
            }
            if (members.has(key.getValue())) {
                throw at(key, "has %s twice in one mapping".formatted(key.getValue()));
            }
            members.set(key.getValue(), json(tuple.getValueNode(), level + 1));
        }
        return members;
    }

    private MisfitException at(Node node, String wrong) {
        int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
        return new MisfitException(place, "line %d %s".formatted(line, wrong));
    }
}
