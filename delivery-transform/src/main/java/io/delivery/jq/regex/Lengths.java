package io.delivery.jq.regex;

import java.util.ArrayList;
import java.util.List;

/**
 * How many characters a part takes. What looks behind must take the same number always, as in
 * Oniguruma's Perl syntax.
 */
final class Lengths {
    private static final int MOST = 100_000;

    private Lengths() {}

    /** A repetition in front of what looks behind need not be longer than its least. */
    static Node withoutChoiceInFront(Node node) {
        if (node instanceof Node.Repetition repetition) {
            return new Node.Repetition(
                    repetition.repeated(),
                    repetition.least(),
                    repetition.least(),
                    repetition.greed());
        }
        if (node instanceof Node.Sequence sequence && !sequence.parts().isEmpty()) {
            List<Node> parts = new ArrayList<>(sequence.parts());
            parts.set(0, withoutChoiceInFront(parts.get(0)));
            return new Node.Sequence(parts);
        }
        return node;
    }

    static int of(Node node) throws RegexSyntaxException {
        if (node instanceof Node.Character || node instanceof Node.OneOf) {
            return 1;
        }
        if (node instanceof Node.Sequence sequence) {
            long length = 0;
            for (Node part : sequence.parts()) {
                length += of(part);
            }
            return checked(length);
        }
        if (node instanceof Node.Choice choice) {
            int length = of(choice.branches().get(0));
            for (Node branch : choice.branches()) {
                if (of(branch) != length) {
                    throw invalid();
                }
            }
            return length;
        }
        if (node instanceof Node.Group group) {
            return of(group.content());
        }
        if (node instanceof Node.Atomic atomic) {
            return of(atomic.content());
        }
        if (node instanceof Node.Repetition repetition) {
            if (repetition.least() != repetition.most()) {
                throw invalid();
            }
            return checked((long) repetition.least() * of(repetition.repeated()));
        }
        if (node instanceof Node.Look || node instanceof Node.Assertion) {
            return 0;
        }
        throw invalid();
    }

    private static int checked(long length) throws RegexSyntaxException {
        if (length > MOST) {
            throw invalid();
        }
        return (int) length;
    }

    private static RegexSyntaxException invalid() {
        return RegexParser.error("invalid pattern in look-behind");
    }
}
