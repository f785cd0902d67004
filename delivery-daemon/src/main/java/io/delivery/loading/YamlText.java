package io.delivery.loading;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Bytes to YAML nodes; what is not YAML becomes a problem that a person can act on. */
final class YamlText {
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final String ALIAS =
            "found undefined alias; put a text that begins with * into quotes";
    private static final String QUOTE =
            "is not YAML: look for a missing quote, colon, comma or brace, and put texts with special characters into single quotes";
    private static final int MAX_CHARACTERS = 4 << 20;

    private YamlText() {}

    static Optional<YamlValue> parse(byte[] bytes, ConfigReading reading) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            reading.problemAt(0, "", "is not UTF-8 text");
            return Optional.empty();
        }
        return parse(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text, reading);
    }

    static Optional<YamlValue> parse(String text, ConfigReading reading) {
        LoadSettings settings =
                LoadSettings.builder().setCodePointLimit(MAX_CHARACTERS).setUseMarks(true).build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) {
                reading.problemAt(0, "", "is empty");
            }
            return root.map(node -> new YamlValue(node, "", reading));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(m -> m.getLine() + 1).orElse(0);
            reading.problemAt(
                    line, "", reading.holdsSecrets() ? kind(e) : complaint(e, text, line));
        } catch (YamlEngineException e) {
            reading.problemAt(
                    0,
                    "",
                    reading.holdsSecrets() ? QUOTE : "is not YAML: " + firstLine(e.getMessage()));
        } catch (StackOverflowError e) {
            // The parser descends once per level, and nothing of ours is ever that deep.
            reading.problemAt(0, "", "is nested too deeply");
        }
        return Optional.empty();
    }

    private static String complaint(MarkedYamlEngineException e, String text, int line) {
        String[] lines = text.split("\n", -1);
        String at = line > 0 && line <= lines.length ? lines[line - 1] : "";
        if (at.contains("${") && at.matches(".*[\\[{].*\\$\\{.*")) {
            return "is not YAML: inside braces and brackets quote a value with ${…}, for example"
                    + " '${NAME}'";
        }
        if (at.contains("\t")) {
            return "is not YAML: tabs cannot indent, use spaces";
        }
        String context = firstLine(e.getContext());
        return "is not YAML: "
                + (context.isEmpty() ? "" : context + ", ")
                + withoutName(firstLine(e.getProblem()));
    }

    /** The parser's own words may quote the text. */
    private static String kind(MarkedYamlEngineException e) {
        return isUndefinedAlias(firstLine(e.getProblem())) ? "is not YAML: " + ALIAS : QUOTE;
    }

    /** The name may be a secret that lacks its quotes. */
    private static String withoutName(String problem) {
        return isUndefinedAlias(problem) ? ALIAS : problem;
    }

    private static boolean isUndefinedAlias(String problem) {
        return problem.startsWith("found undefined alias");
    }

    private static String firstLine(String text) {
        return text == null ? "" : text.lines().findFirst().orElse("");
    }
}
