package io.delivery.jq.regex;

import java.util.ArrayList;
import java.util.List;

/** Lets {@code ss} match {@code ß}, and the other way round, where case does not matter. */
final class Folds {
    private static final int MOST_CHARACTERS = 3;

    private Folds() {}

    static List<Node> of(List<Node> parts) {
        List<Node> folded = new ArrayList<>(parts.size());
        int at = 0;
        while (at < parts.size()) {
            int length = longest(parts, at);
            if (length > 1) {
                folded.add(oneForSeveral(parts.subList(at, at + length)));
                at += length;
            } else {
                folded.add(severalForOne(parts.get(at)));
                at++;
            }
        }
        return folded;
    }

    /** How many characters from here on have one that stands for them; 1 when there is none. */
    private static int longest(List<Node> parts, int at) {
        for (int length = MOST_CHARACTERS; length > 1; length--) {
            String text = at + length <= parts.size() ? text(parts.subList(at, at + length)) : null;
            if (text != null && !CaseFolding.oneFor(text).isEmpty()) {
                return length;
            }
        }
        return 1;
    }

    /** Null when these are not all characters whose case does not matter. */
    private static String text(List<Node> parts) {
        StringBuilder text = new StringBuilder();
        for (Node part : parts) {
            if (!(part instanceof Node.Character character) || !character.ignoresCase()) {
                return null;
            }
            text.appendCodePoint(character.codePoint());
        }
        return text.toString();
    }

    private static Node oneForSeveral(List<Node> parts) {
        List<Node> choices = new ArrayList<>();
        choices.add(new Node.Sequence(List.copyOf(parts)));
        for (int one : CaseFolding.oneFor(text(parts))) {
            choices.add(new Node.Character(one, false));
        }
        return new Node.Choice(choices);
    }

    private static Node severalForOne(Node part) {
        String several =
                part instanceof Node.Character character && character.ignoresCase()
                        ? CaseFolding.expansion(character.codePoint())
                        : null;
        if (several == null) {
            return part;
        }
        List<Node> sequence = new ArrayList<>();
        several.codePoints().forEach(c -> sequence.add(new Node.Character(c, true)));
        List<Node> choices = new ArrayList<>(List.of(part, new Node.Sequence(sequence)));
        for (int one : CaseFolding.oneFor(several)) {
            choices.add(new Node.Character(one, false));
        }
        return new Node.Choice(choices);
    }
}
