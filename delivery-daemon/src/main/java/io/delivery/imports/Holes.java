package io.delivery.imports;

import io.delivery.api.model.Shape;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What only the sources' own programs know, in all streams of an import. Each hole has a variable,
 * which the YAML names as <code>${FILL_IN_…}</code> and the check refuses until it is set, and a
 * stand-in that takes its place while the API's model and rules look at a request. Two holes have
 * one variable only where one value is sure to fill both: the same expression in the same scope.
 * Not thread-safe.
 */
final class Holes {
    private static final int MOST_OF_A_NAME = 60;
    private static final int MOST_OF_AN_EXPRESSION = 200;
    private static final int DIGITS = 10;

    private static final List<String> FORMS =
            List.of(
                    "%s",
                    "arn:aws:s3:::%s",
                    "arn:aws:iam::000000000000:role/%s",
                    "arn:aws:kms:us-east-1:000000000000:key/%s");

    private final String mark;
    private final Pattern standIn;
    private final Map<Key, Hole> byKey = new HashMap<>();
    private final Map<String, String> scopesByVariable = new HashMap<>();
    private final Map<String, Integer> timesWanted = new HashMap<>();
    private final List<Hole> all = new ArrayList<>();

    private record Key(String scope, String expression) {}

    /**
     * One of them.
     *
     * @param expression as the source says it; the beginning of a long one
     * @param variable that the YAML names
     * @param places where it stands in sources
     */
    record Hole(String expression, String variable, String stand, List<String> places) {}

    /**
     * @param files that are imported: stand-ins are made of their contents, so that none of them
     *     can have one
     */
    Holes(List<ImportFile> files) {
        this.mark = "fi" + digest(files);
        // Lower case, digits and hyphens pass every pattern that a name, a key or an ARN has.
        this.standIn = Pattern.compile(mark + "-(\\d{1,9})-x");
    }

    private static String digest(List<ImportFile> files) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (ImportFile file : files) {
                digest.update(file.name().getBytes(StandardCharsets.UTF_8));
                digest.update(file.content());
            }
            String digits = new BigInteger(1, digest.digest()).toString(Character.MAX_RADIX);
            return ("0".repeat(DIGITS) + digits).substring(digits.length());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // every JDK has it
        }
    }

    /**
     * A text for a value with holes.
     *
     * @param scope within which an expression has one value
     * @return a text that the shape takes; empty when it takes none with anything in the holes
     */
    Optional<String> standIn(Template template, Shape.Text shape, String scope, String place) {
        if (!shape.words().isEmpty()) {
            return Optional.empty();
        }
        String text = text(template, scope, place);
        if (fits(text, shape)) {
            return Optional.of(text);
        }
        // An ARN that cannot be told: its last part stands for it.
        String whole = template.whole().orElse(template.toString());
        String name = hole(new Key(scope, "name of " + whole), place).stand;
        return FORMS.stream()
                .map(form -> form.formatted(name))
                .filter(form -> fits(form, shape))
                .findFirst();
    }

    private static boolean fits(String text, Shape.Text shape) {
        return shape.pattern().map(pattern -> pattern.matcher(text).matches()).orElse(true);
    }

    /**
     * The value with stand-ins in its holes. Dollar signs before a hole are a part of it: before
     * <code>${</code> they would make a text of the variable that is written there.
     *
     * @param scope within which an expression has one value
     */
    String text(Template template, String scope, String place) {
        StringBuilder text = new StringBuilder();
        for (Template.Part part : template.parts()) {
            if (part.hole()) {
                String dollars = dollarsBehind(text);
                text.setLength(text.length() - dollars.length());
                String expression =
                        dollars.isEmpty() ? part.text() : dollars + " followed by " + part.text();
                text.append(hole(new Key(scope, expression), place).stand);
            } else {
                text.append(part.text());
            }
        }
        return text.toString();
    }

    private static String dollarsBehind(StringBuilder text) {
        int from = text.length();
        while (from > 0 && text.charAt(from - 1) == '$') {
            from--;
        }
        return text.substring(from);
    }

    /** A master key, which no source tells. */
    String masterKey() {
        return hole(new Key("", "master key"), "").stand;
    }

    /** A text with the expressions in the place of the stand-ins. */
    String withExpressions(String text) {
        return replaced(text, Hole::expression);
    }

    /** A message in which the expressions stand in braces. */
    String told(String message) {
        return replaced(message, hole -> "{%s}".formatted(hole.expression));
    }

    private String replaced(String text, Function<Hole, String> replacement) {
        return standIn.matcher(text)
                .replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        of(found).map(replacement).orElse(found.group())));
    }

    private Optional<Hole> of(MatchResult found) {
        int number = Integer.parseInt(found.group(1));
        return number < all.size() ? Optional.of(all.get(number)) : Optional.empty();
    }

    private Hole hole(Key key, String place) {
        Hole hole = byKey.get(key);
        if (hole == null) {
            String told = key.expression;
            if (told.length() > MOST_OF_AN_EXPRESSION) {
                told = told.substring(0, MOST_OF_AN_EXPRESSION) + "…";
            }
            String stand = "%s-%d-x".formatted(mark, all.size());
            hole = new Hole(told, variable(key), stand, new ArrayList<>());
            all.add(hole);
            byKey.put(key, hole);
        }
        if (!place.isEmpty()) {
            hole.places.add(place);
        }
        return hole;
    }

    /** Of the expression alone where no other scope has one of that name. */
    private String variable(Key key) {
        String plain = "FILL_IN_" + words(key.expression);
        String owner = scopesByVariable.getOrDefault(plain, key.scope);
        String wanted =
                owner.equals(key.scope)
                        ? plain
                        : "FILL_IN_%s_%s".formatted(words(end(key.scope)), words(key.expression));
        String name;
        do {
            int times = timesWanted.merge(wanted, 1, Integer::sum);
            name = times == 1 ? wanted : wanted + "_" + times;
        } while (scopesByVariable.putIfAbsent(name, key.scope) != null);
        return name;
    }

    private static String words(String text) {
        String words = text.replaceAll("[^A-Za-z0-9]+", "_").replaceAll("^_+", "");
        return words.substring(0, Math.min(words.length(), MOST_OF_A_NAME)).replaceAll("_+$", "");
    }

    /** The last two parts of a path. */
    private static String end(String path) {
        return path.replaceFirst("^.*/(?=[^/]*/[^/]*$)", "");
    }

    /** Whether a stand-in is in a text. */
    boolean areIn(String text) {
        return standIn.matcher(text).find();
    }

    /**
     * A text with the variables in the place of the stand-ins.
     *
     * @param escaped in which a literal <code>${</code> is escaped
     * @param used gets each hole that is in it
     */
    String withVariables(String escaped, Map<Hole, List<String>> used, String setting) {
        return replaced(
                escaped,
                hole -> {
                    used.computeIfAbsent(hole, h -> new ArrayList<>()).add(setting);
                    return "${" + hole.variable + "}";
                });
    }

    /** A map for {@link #withVariables}, in the order of the variables' names. */
    static Map<Hole, List<String>> uses() {
        return new TreeMap<>(Comparator.comparing(Hole::variable));
    }
}
