package io.delivery.partition;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which prefixes may stand together: the Firehose developer guide's rules for Prefix and
 * ErrorOutputPrefix. Messages are Firehose's own, where one is known.
 */
public final class PrefixRules {
    /** S3DestinationConfiguration in the API model: the raw text, in characters. */
    static final int MAX_TEXT_LENGTH = 1024;

    /** The mistake in the first word is Amazon's; tools grep for the text. */
    private static final String CONSTRAINT =
            "Ths supplied prefix(es) do not satisfy the following constraint: ";

    static final String ERROR_PREFIX_MISSING =
            CONSTRAINT
                    + "ErrorOutputPrefix cannot be null or empty when Prefix contains expressions";

    private static final String NOT_PARTITIONED =
            "Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic"
                    + " Partitioning is enabled.";

    private static final String ERROR_OUTPUT_TYPE = "!{firehose:error-output-type}";

    private PrefixRules() {}

    /**
     * Everything that is wrong with the prefixes of a destination, one sentence each; empty when
     * they are right. The API reports the first. {@link KeyExpression#problems()} adds what depends
     * on the stream's name and the objects' extension.
     *
     * @param prefixOrNull null and "" mean the same
     * @param errorPrefixOrNull likewise
     */
    public static List<String> validate(
            String prefixOrNull, String errorPrefixOrNull, KeySources sources) {
        List<String> problems = new ArrayList<>();
        Optional<PrefixExpression> prefix = parse("Prefix", prefixOrNull, problems);
        Optional<PrefixExpression> errorPrefix =
                parse("ErrorOutputPrefix", errorPrefixOrNull, problems);
        prefix.ifPresent(
                main -> {
                    if (main.hasExpressions() && isEmpty(errorPrefixOrNull)) {
                        problems.add(ERROR_PREFIX_MISSING);
                    }
                    checkNoErrorOutputType(main, problems);
                    checkKeys(main, sources, problems);
                });
        errorPrefix.ifPresent(error -> checkErrorPrefix(error, problems));
        if (problems.isEmpty()) {
            problems.addAll(shapeProblems(prefixOrNull, errorPrefixOrNull));
        }
        return problems;
    }

    /**
     * Everything that is wrong with the prefix of a backup that is configured without an error
     * prefix: the source records kept there never fail and have no partition keys.
     */
    public static List<String> validateBackup(String prefixOrNull) {
        List<String> problems = new ArrayList<>();
        parse("Prefix", prefixOrNull, problems)
                .ifPresent(
                        backup -> {
                            checkNoErrorOutputType(backup, problems);
                            checkKeys(backup, KeySources.NONE, problems);
                        });
        if (problems.isEmpty()) {
            problems.addAll(shapeProblems(prefixOrNull, null));
        }
        return problems;
    }

    private static Optional<PrefixExpression> parse(
            String member, String textOrNull, List<String> problems) {
        String text = textOrNull == null ? "" : textOrNull;
        if (text.length() > MAX_TEXT_LENGTH) {
            problems.add(
                    "%s must have at most %d characters, has %d"
                            .formatted(member, MAX_TEXT_LENGTH, text.length()));
            return Optional.empty();
        }
        try {
            return Optional.of(PrefixExpression.parse(text));
        } catch (PrefixSyntaxException wrong) {
            problems.add(member + " " + wrong.getMessage());
            return Optional.empty();
        }
    }

    private static void checkNoErrorOutputType(PrefixExpression prefix, List<String> problems) {
        if (prefix.usesErrorOutputType()) {
            problems.add(
                    CONSTRAINT
                            + "Prefix must not contain "
                            + ERROR_OUTPUT_TYPE
                            + "; it belongs into ErrorOutputPrefix");
        }
    }

    private static void checkErrorPrefix(PrefixExpression error, List<String> problems) {
        if (error.usesKeys()) {
            problems.add(
                    CONSTRAINT
                            + "ErrorOutputPrefix must not contain partitionKeyFromQuery or"
                            + " partitionKeyFromLambda: a failed record need not have the key");
        }
        if (error.hasExpressions() && !error.usesErrorOutputType()) {
            problems.add(
                    CONSTRAINT
                            + "ErrorOutputPrefix must contain "
                            + ERROR_OUTPUT_TYPE
                            + " when it contains any expression");
        }
    }

    private static void checkKeys(
            PrefixExpression prefix, KeySources sources, List<String> problems) {
        if (!sources.enabled()) {
            if (prefix.usesKeys()) {
                problems.add(NOT_PARTITIONED);
            }
            return;
        }
        if (!prefix.usesKeys()) {
            problems.add(
                    "Prefix must use at least one partition key, as !{partitionKeyFromQuery:key} or"
                            + " !{partitionKeyFromLambda:key}, when Dynamic Partitioning is enabled");
            return;
        }
        if (!prefix.queryKeys().isEmpty() && !sources.query()) {
            problems.add(
                    "Prefix uses partitionKeyFromQuery:%s, and no query (MetadataExtraction) is configured"
                            .formatted(String.join(", ", prefix.queryKeys())));
        }
        if (!prefix.lambdaKeys().isEmpty() && !sources.lambda()) {
            problems.add(
                    "Prefix uses partitionKeyFromLambda:%s, and no Lambda processor is configured"
                            .formatted(String.join(", ", prefix.lambdaKeys())));
        }
        sources.queryKeys()
                .filter(keys -> sources.query())
                .ifPresent(yielded -> checkQueryKeys(prefix.queryKeys(), yielded, problems));
    }

    /** The keys used must be those produced: developer guide, partitioning keys. */
    private static void checkQueryKeys(
            Set<String> used, Set<String> yielded, List<String> problems) {
        Set<String> missing = new LinkedHashSet<>(used);
        missing.removeAll(yielded);
        if (!missing.isEmpty()) {
            problems.add(
                    "Prefix uses partitionKeyFromQuery:%s, which the query does not yield; it yields %s"
                            .formatted(String.join(", ", missing), listed(yielded)));
        }
        Set<String> unused = new LinkedHashSet<>(yielded);
        unused.removeAll(used);
        if (!unused.isEmpty()) {
            problems.add(
                    "the query yields %s, which Prefix does not use: every key of the query must be in Prefix"
                            .formatted(listed(unused)));
        }
    }

    private static String listed(Set<String> names) {
        return names.isEmpty() ? "nothing" : String.join(", ", names.stream().sorted().toList());
    }

    private static List<String> shapeProblems(String prefix, String errorPrefix) {
        // Any name will do: what depends on it is KeyExpression.problems()' business.
        return KeyExpression.of(
                        Optional.ofNullable(prefix),
                        Optional.ofNullable(errorPrefix),
                        ZoneOffset.UTC,
                        "s",
                        "")
                .problems();
    }

    /** Whether a message of {@link #validate} is about the error prefix, not the prefix. */
    public static boolean isAboutErrorPrefix(String message) {
        String rule =
                message.startsWith(CONSTRAINT) ? message.substring(CONSTRAINT.length()) : message;
        return rule.startsWith("ErrorOutputPrefix");
    }

    private static boolean isEmpty(String textOrNull) {
        return textOrNull == null || textOrNull.isEmpty();
    }
}
