package io.delivery.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the API of AWS Lambda calls a function.
 *
 * @param function its ARN or its name, without version or alias
 * @param qualifier a version or an alias
 * @param region of the ARN; empty for a name
 */
public record LambdaName(String function, Optional<String> qualifier, Optional<String> region) {
    /** API reference, Invoke, FunctionName and Qualifier. */
    private static final Pattern NAME =
            Pattern.compile(
                    "((?:arn:aws[a-z-]*:lambda:([a-z]{2}(?:-[a-z]+)+-\\d+):)?"
                            + "(?:\\d{12}:)?(?:function:)?[a-zA-Z0-9_-]{1,140})"
                            + "(?::(\\$LATEST|[a-zA-Z0-9_-]{1,128}))?");

    /** Empty when the text is neither an ARN of a function nor a name. */
    public static Optional<LambdaName> parse(String text) {
        Matcher matcher = NAME.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        boolean arn = matcher.group(2) != null;
        if (arn && !text.matches("arn:[^:]*:lambda:[^:]*:\\d{12}:function:.*")) {
            return Optional.empty();
        }
        return Optional.of(
                new LambdaName(
                        matcher.group(1),
                        Optional.ofNullable(matcher.group(3)),
                        Optional.ofNullable(matcher.group(2))));
    }
}
