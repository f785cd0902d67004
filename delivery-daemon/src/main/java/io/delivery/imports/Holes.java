package io.delivery.imports;

import io.delivery.api.model.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What only the sources' own programs know, in all streams of an import. Each hole has a variable,
 * which the YAML names as <code>${FILL_IN_…}</code> and the check refuses until it is set, and a
 * stand-in that takes its place while the API's model and rules look at a request. Not thread-safe.
 */
final class Holes {
    /** Lower case, digits and hyphens pass every pattern that a name, a key or an ARN has. */
    private static final Pattern STAND_IN = Pattern.compile("fill-in-(\\d+)-x");

    private static final List<String> FORMS =
            List.of(
                    "%s",
                    "arn:aws:s3:::%s",
                    "arn:aws:iam::000000000000:role/%s",
                    "arn:aws:kms:us-east-1:000000000000:key/%s");

    private final Map<String, Hole> byKey = new LinkedHashMap<>();
    private final List<Hole> all = new ArrayList<>();

    /**
     * One of them.
     *
     * @param expression as the source says it
     * @param variable that the YAML names
     * @param places where it stands in sources
     */
    record Hole(String expression, String variable, String stand, List<String> places) {}

    /**
     * A text for a value with holes.
     *
     * @return a text that the shape takes; empty when it takes none with anything in the holes
     */
    Optional<String> standIn(Template template, Shape.Text shape, String place) {
        if (!shape.words().isEmpty()) {
            return Optional.empty();
        }
        String text = text(template, place);
        if (fits(text, shape)) {
            return Optional.of(text);
        }
        // An ARN that cannot be told: its last part stands for it.
        String name = hole("name of " + template.whole().orElse(template.toString()), place).stand;
        return FORMS.stream()
                .map(form -> form.formatted(name))
                .filter(form -> fits(form, shape))
                .findFirst();
    }

    private static boolean fits(String text, Shape.Text shape) {
        return shape.pattern().map(pattern -> pattern.matcher(text).matches()).orElse(true);
    }

    /** The value with stand-ins in its holes. */
    String text(Template template, String place) {
        StringBuilder text = new StringBuilder();
        for (Template.Part part : template.parts()) {
            text.append(part.hole() ? hole(part.text(), place).stand : part.text());
        }
        return text.toString();
    }

    /** A region that no source tells. */
    String region() {
        return hole("region", "").stand;
    }

    /** A master key, which no source tells. */
    String masterKey() {
        return hole("master key", "").stand;
    }

    /** A text with the expressions in the place of the stand-ins. */
    String withExpressions(String text) {
        return STAND_IN.matcher(text)
                .replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        all.get(Integer.parseInt(found.group(1))).expression));
    }

    /** A message in which the expressions stand in braces. */
    String told(String message) {
        return STAND_IN.matcher(message)
                .replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        "{%s}".formatted(withExpressions(found.group()))));
    }

    private Hole hole(String expression, String place) {
        Hole hole =
                byKey.computeIfAbsent(
                        expression,
                        key -> {
                            String stand = "fill-in-%d-x".formatted(all.size());
                            all.add(new Hole(key, variable(key), stand, new ArrayList<>()));
                            return all.get(all.size() - 1);
                        });
        hole.places.add(place);
        return hole;
    }

    private String variable(String expression) {
        String name =
                "FILL_IN_" + expression.replaceAll("[^A-Za-z0-9]+", "_").replaceAll("^_+|_+$", "");
        boolean taken = all.stream().anyMatch(hole -> hole.variable.equals(name));
        return taken ? name + "_" + all.size() : name;
    }

    /** Whether a text of a source looks like one of the stand-ins. */
    static boolean resembles(String text) {
        return STAND_IN.matcher(text).find();
    }

    /**
     * A text with the variables in the place of the stand-ins.
     *
     * @param escaped in which a literal <code>${</code> is escaped
     * @param used gets each hole that is in it
     */
    String withVariables(String escaped, Map<Hole, List<String>> used, String setting) {
        Matcher found = STAND_IN.matcher(escaped);
        StringBuilder text = new StringBuilder();
        while (found.find()) {
            Hole hole = all.get(Integer.parseInt(found.group(1)));
            used.computeIfAbsent(hole, h -> new ArrayList<>()).add(setting);
            found.appendReplacement(text, Matcher.quoteReplacement("${" + hole.variable + "}"));
        }
        return found.appendTail(text).toString();
    }

    /** A map for {@link #withVariables}, in the order of the variables' names. */
    static Map<Hole, List<String>> uses() {
        return new TreeMap<>(Comparator.comparing(Hole::variable));
    }
}
