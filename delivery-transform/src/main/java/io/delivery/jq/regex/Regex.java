package io.delivery.jq.regex;

import io.delivery.jq.value.Budget;
import java.util.List;
import java.util.Map;

/** A regular expression. Immutable. */
public final class Regex {
    private final Program program;
    private final String[] names;
    private final boolean refusesEmpty;
    private final boolean wantsLongest;
    private final boolean isAtBegin;

    /** The character that every match begins with; -1 when it is not the same. */
    private final int first;

    private Regex(RegexParser.Parsed parsed, Program program, String flags) {
        this.program = program;
        this.names = new String[parsed.groups() + 1];
        for (Map.Entry<String, List<Integer>> name : parsed.names().entrySet()) {
            name.getValue().forEach(number -> names[number] = name.getKey());
        }
        this.refusesEmpty = flags.indexOf('n') >= 0;
        this.wantsLongest = flags.indexOf('l') >= 0;
        int[] code = program.code();
        this.first = code[0] == Program.CHARACTER ? code[1] : -1;
        this.isAtBegin =
                code[0] == Program.ASSERT
                        && code[1] == Program.number(Node.Assertion.BEGIN_OF_TEXT);
    }

    /**
     * @param flags of jq's: {@code i} ignores case, {@code x} is extended, {@code m} lets the dot
     *     take line feeds, {@code s} is Perl's single line, which is on already, {@code p} is both,
     *     {@code l} finds the longest match, {@code n} none of nothing; others do nothing
     * @throws RegexSyntaxException when it is none, or uses what is not supported
     */
    public static Regex compile(String pattern, String flags) throws RegexSyntaxException {
        RegexParser.Options options =
                new RegexParser.Options(
                        flags.indexOf('i') >= 0,
                        flags.indexOf('m') >= 0 || flags.indexOf('p') >= 0,
                        true,
                        flags.indexOf('x') >= 0);
        RegexParser.Parsed parsed = RegexParser.parse(pattern, options);
        return new Regex(parsed, Program.of(parsed), flags);
    }

    /** Where a match and its groups lie in the text; the whole match is group 0. */
    public static final class Match {
        private final int[] begins;
        private final int[] ends;

        private Match(Machine machine, int groups) {
            begins = new int[groups];
            ends = new int[groups];
            for (int group = 0; group < groups; group++) {
                // A group that was begun and not ended took no part.
                boolean tookPart =
                        machine.begin(group) >= 0 && machine.begin(group) <= machine.end(group);
                begins[group] = tookPart ? machine.begin(group) : -1;
                ends[group] = tookPart ? machine.end(group) : -1;
            }
        }

        /** With the match as a whole. */
        public int groups() {
            return begins.length;
        }

        public boolean tookPart(int group) {
            return begins[group] >= 0;
        }

        public boolean isEmpty(int group) {
            return begins[group] == ends[group];
        }

        public int begin(int group) {
            return begins[group];
        }

        public int end(int group) {
            return ends[group];
        }
    }

    /** How many groups a match has, with the match as a whole. */
    public int groups() {
        return names.length;
    }

    /** Name of a group; null when it has none. */
    public String name(int group) {
        return names[group];
    }

    /**
     * The first match from a place on; null when there is none.
     *
     * @throws Budget.LimitExceededException when that takes more steps than there are
     */
    public Match search(String text, int from, Budget budget) {
        Machine machine = new Machine(program, text, refusesEmpty, wantsLongest, budget);
        int last = isAtBegin ? 0 : text.length();
        for (int at = next(text, from); at >= 0 && at <= last; at = next(text, at + 1)) {
            if (machine.matches(at, from)) {
                machine.settle();
                return new Match(machine, names.length);
            }
        }
        machine.settle();
        budget.chargeCharacters(text.length() - from);
        return null;
    }

    /** Where a match may begin, from a place on; -1 for nowhere. */
    private int next(String text, int from) {
        if (first >= 0) {
            return text.indexOf(first, from);
        }
        boolean isWithin =
                from > 0
                        && from < text.length()
                        && Character.isLowSurrogate(text.charAt(from))
                        && Character.isHighSurrogate(text.charAt(from - 1));
        return isWithin ? from + 1 : from;
    }
}
