package io.delivery.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openrewrite.Cursor;
import org.openrewrite.InMemoryExecutionContext;
import org.openrewrite.Parser;
import org.openrewrite.SourceFile;
import org.openrewrite.hcl.HclParser;
import org.openrewrite.hcl.HclParsingException;
import org.openrewrite.hcl.tree.BodyContent;
import org.openrewrite.hcl.tree.Expression;
import org.openrewrite.hcl.tree.Hcl;

/**
 * Terraform's own language, as it is written: nothing is evaluated. What is no literal – a
 * variable, a reference, a call – is a {@link Template}.
 */
final class TerraformCode {
    private static final int MOST_LEVELS = 100;

    /** HCL syntax specification, quoted templates; the parser refuses escapes of code points. */
    private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");

    private static final Pattern HEREDOC = Pattern.compile("(?s)<<(-?)[^\\n]*\\n(.*)");

    private final String file;
    private final Cursor cursor;

    private TerraformCode(String file, Hcl.ConfigFile code) {
        this.file = file;
        this.cursor = new Cursor(new Cursor(null, Cursor.ROOT_VALUE), code);
    }

    /**
     * The streams of a file.
     *
     * @throws MisfitException when it cannot be parsed
     */
    static Source read(String text, String file) throws MisfitException {
        requireShallow(text, file);
        List<Source> all = new ArrayList<>();
        Hcl.ConfigFile code = parsed(text, file);
        TerraformCode reader = new TerraformCode(file, code);
        for (BodyContent content : code.getBody()) {
            if (content instanceof Hcl.Block block && reader.isStream(block)) {
                all.add(reader.stream(block));
            }
        }
        return Source.of(all);
    }

    /** The parser's time and stack grow with the depth. */
    private static void requireShallow(String text, String file) throws MisfitException {
        int open = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '{' || c == '[' || c == '(') {
                open++;
            } else if (c == '}' || c == ']' || c == ')') {
                open = Math.max(0, open - 1);
            }
            if (open > MOST_LEVELS) {
                throw new MisfitException(
                        file, "is nested in more than %d levels".formatted(MOST_LEVELS));
            }
        }
    }

    private static Hcl.ConfigFile parsed(String text, String file) throws MisfitException {
        List<String> wrong = new ArrayList<>();
        InMemoryExecutionContext context =
                new InMemoryExecutionContext(
                        failure -> {
                            if (failure instanceof HclParsingException) {
                                wrong.add(failure.getMessage());
                            }
                        });
        Parser.Input input = Parser.Input.fromString(Path.of("code.tf"), text);
        List<SourceFile> files;
        try {
            files = HclParser.builder().build().parseInputs(List.of(input), null, context).toList();
        } catch (StackOverflowError deep) {
            throw new MisfitException(file, "is nested too deeply");
        }
        if (wrong.isEmpty() && files.size() == 1 && files.get(0) instanceof Hcl.ConfigFile code) {
            return code;
        }
        throw new MisfitException(
                file,
                wrong.isEmpty()
                        ? "is no code of Terraform"
                        : wrong.get(0).replace("in code.tf at ", "at "));
    }

    private boolean isStream(Hcl.Block block) {
        return block.getType().getName().equals("resource")
                && block.getLabels().size() == 2
                && label(block, 0).equals(TerraformStream.TYPE);
    }

    private String label(Hcl.Block block, int index) {
        return printed(block.getLabels().get(index)).replace("\"", "");
    }

    private String printed(Hcl tree) {
        return tree.printTrimmed(cursor);
    }

    private Source stream(Hcl.Block block) {
        String address = TerraformStream.TYPE + "." + label(block, 1);
        try {
            ObjectNode arguments = body(block, file + ": " + address);
            SourceStream stream = TerraformStream.read(file, address, arguments);
            return new Source(List.of(stream), List.of());
        } catch (MisfitException refused) {
            return new Source(List.of(), List.of(refused.finding()));
        }
    }

    /** Arguments by name; a block is in a list with the others of its type. */
    private ObjectNode body(Hcl.Block block, String place) throws MisfitException {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        ObjectNode blocks = JsonNodeFactory.instance.objectNode();
        for (BodyContent content : block.getBody()) {
            if (content instanceof Hcl.Block below) {
                String name = below.getType().getName();
                blocks.withArray("/" + name).add(body(below, place + "." + name));
            } else if (content instanceof Hcl.Attribute attribute) {
                String name = key(attribute.getName());
                if (members.replace(name, value(attribute.getValue())) != null) {
                    throw new MisfitException(place + "." + name, "is given twice");
                }
            }
        }
        for (Map.Entry<String, JsonNode> below : blocks.properties()) {
            if (members.replace(below.getKey(), below.getValue()) != null) {
                throw new MisfitException(
                        place + "." + below.getKey(), "is given as an argument and as a block");
            }
        }
        return members;
    }

    private String key(Expression name) {
        return printed(name).replaceAll("^\"|\"$", "");
    }

    private JsonNode value(Expression expression) {
        if (expression instanceof Hcl.QuotedTemplate quoted) {
            String source = printed(quoted);
            return TerraformJson.text(
                    source.substring(1, source.length() - 1), TerraformCode::unescaped);
        }
        if (expression instanceof Hcl.HeredocTemplate heredoc) {
            return heredoc(printed(heredoc));
        }
        if (expression instanceof Hcl.Literal literal) {
            return literal(literal.getValueSource());
        }
        if (expression instanceof Hcl.Tuple tuple) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            tuple.getValues().stream()
                    .filter(item -> !(item instanceof Hcl.Empty))
                    .forEach(item -> items.add(value(item)));
            return items;
        }
        if (expression instanceof Hcl.ObjectValue object) {
            ObjectNode members = JsonNodeFactory.instance.objectNode();
            for (Expression member : object.getAttributes()) {
                if (member instanceof Hcl.Attribute attribute) {
                    members.set(key(attribute.getName()), value(attribute.getValue()));
                }
            }
            return members;
        }
        return Template.unknown(printed(expression).replaceAll("\\s+", " "));
    }

    private static JsonNode literal(String source) {
        if (source.equals("true") || source.equals("false")) {
            return JsonNodeFactory.instance.booleanNode(source.equals("true"));
        }
        if (source.equals("null")) {
            return JsonNodeFactory.instance.nullNode();
        }
        return source.matches("\\d{1,18}(\\.\\d{1,18})?")
                ? JsonNodeFactory.instance.numberNode(new BigDecimal(source))
                : Template.unknown(source);
    }

    /** {@code <<-} takes the indentation away that all lines have. */
    private static JsonNode heredoc(String source) {
        Matcher parts = HEREDOC.matcher(source);
        if (!parts.matches()) {
            return Template.unknown(source);
        }
        String body = parts.group(2);
        body = body.substring(0, body.lastIndexOf('\n') + 1); // the line behind has the delimiter
        if (!parts.group(1).isEmpty()) {
            int indent =
                    body.lines()
                            .filter(line -> !line.isBlank())
                            .mapToInt(line -> line.length() - line.stripLeading().length())
                            .min()
                            .orElse(0);
            body =
                    body.lines()
                            .map(line -> line.substring(Math.min(indent, line.length())))
                            .collect(Collectors.joining("\n", "", "\n"));
        }
        return TerraformJson.text(body, UnaryOperator.identity());
    }

    private static final Map<String, String> ESCAPED =
            Map.of("n", "\n", "r", "\r", "t", "\t", "\"", "\"", "\\", "\\");

    private static String unescaped(String literal) {
        return ESCAPE.matcher(literal)
                .replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        ESCAPED.getOrDefault(found.group(1), found.group())));
    }
}
