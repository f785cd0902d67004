package io.delivery.jq.regex;

import java.util.List;

/** A part of a regular expression. */
sealed interface Node {
    /** One character. */
    record Character(int codePoint, boolean ignoresCase) implements Node {}

    /** One character of a set. */
    record OneOf(CharacterSet set) implements Node {}

    /** One behind the other. */
    record Sequence(List<Node> parts) implements Node {}

    /** The first that leads to a match. */
    record Choice(List<Node> branches) implements Node {}

    /** What is matched is remembered under a number. */
    record Group(int number, Node content) implements Node {}

    /** How a repetition chooses. */
    enum Greed {
        GREEDY,
        LAZY,
        POSSESSIVE
    }

    /** Most is {@link #UNLIMITED} or a number. */
    record Repetition(Node repeated, int least, int most, Greed greed) implements Node {}

    int UNLIMITED = -1;

    /** Once matched, nothing within is tried again. */
    record Atomic(Node content) implements Node {}

    /** Matches in front of or behind the place, and takes nothing. */
    record Look(Node content, boolean isBehind, boolean isNegative) implements Node {}

    /** What one of the groups matched, the last one that did. */
    record BackReference(List<Integer> groups, boolean ignoresCase) implements Node {}

    /** The expression of a group again, of the last one of these; 0 is the whole. */
    record CallByName(List<Integer> groups) implements Node {}

    /** The one if one of the groups took part, the other if not. */
    record Condition(List<Integer> groups, Node then, Node otherwise) implements Node {}

    /** A place between characters. */
    enum Assertion implements Node {
        BEGIN_OF_TEXT,
        END_OF_TEXT,
        END_OF_TEXT_OR_LAST_LINE,
        BEGIN_OF_LINE,
        END_OF_LINE,
        BEGIN_OF_SEARCH,
        WORD_BOUNDARY,
        NO_WORD_BOUNDARY,
        /** The match begins here: {@code \K}. */
        KEEP
    }
}
