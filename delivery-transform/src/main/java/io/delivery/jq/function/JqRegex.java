package io.delivery.jq.function;

import com.fasterxml.jackson.databind.JsonNode;
import io.delivery.jq.value.Budget;
import io.delivery.jq.value.JqError;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jcodings.exception.JCodingsException;
import org.jcodings.specific.UTF8Encoding;
import org.joni.Matcher;
import org.joni.NameEntry;
import org.joni.Option;
import org.joni.Regex;
import org.joni.Region;
import org.joni.Syntax;
import org.joni.WarnCallback;
import org.joni.constants.SyntaxProperties;
import org.joni.exception.JOniException;

/**
 * Regular expressions as jq's: Oniguruma's (its port joni), Perl syntax with named groups
 * (ONIG_SYNTAX_PERL_NG), on UTF-8.
 */
final class JqRegex {
    private static final int MOST_KEPT = 32;
    private static final long NANOS_PER_STEP = 2_000;

    /** What Oniguruma 6.9 has in that syntax beyond joni. */
    private static final Syntax SYNTAX =
            new Syntax(
                    "jq",
                    Syntax.PerlNG.op,
                    Syntax.PerlNG.op2
                            | SyntaxProperties.OP2_PLUS_POSSESSIVE_REPEAT
                            | SyntaxProperties.OP2_PLUS_POSSESSIVE_INTERVAL
                            | SyntaxProperties.OP2_QMARK_LPAREN_CONDITION
                            | SyntaxProperties.OP2_QMARK_TILDE_ABSENT
                            | SyntaxProperties.OP2_ESC_CAPITAL_R_LINEBREAK
                            | SyntaxProperties.OP2_ESC_CAPITAL_X_EXTENDED_GRAPHEME_CLUSTER
                            | SyntaxProperties.OP2_ESC_CAPITAL_K_KEEP,
                    Syntax.PerlNG.op3,
                    Syntax.PerlNG.behavior,
                    Syntax.PerlNG.options,
                    Syntax.PerlNG.metaCharTable);

    private final Budget budget;

    private final Map<Key, Compiled> compiled =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, Compiled> eldest) {
                    return size() > MOST_KEPT;
                }
            };

    private record Key(String pattern, String flags) {}

    private record Compiled(Regex regex, String[] names, boolean isGlobal) {}

    JqRegex(Budget budget) {
        this.budget = budget;
    }

    /** Where a match and its groups lie, in bytes of the subject. */
    static final class Match {
        private final int[] begins;
        private final int[] ends;

        private Match(Matcher matcher) {
            Region region = matcher.getRegion();
            int groups = region == null ? 1 : region.getNumRegs();
            begins = new int[groups];
            ends = new int[groups];
            begins[0] = matcher.getBegin();
            ends[0] = Math.max(begins[0], matcher.getEnd());
            for (int group = 1; group < groups; group++) {
                // A group that was begun and not ended took no part.
                boolean tookPart = region.getBeg(group) <= region.getEnd(group);
                begins[group] = tookPart ? region.getBeg(group) : -1;
                ends[group] = tookPart ? region.getEnd(group) : -1;
            }
        }

        /** With the match as a whole, which is number 0. */
        int groups() {
            return begins.length;
        }

        boolean tookPart(int group) {
            return begins[group] >= 0;
        }

        boolean isEmpty(int group) {
            return begins[group] == ends[group];
        }

        int begin(int group) {
            return begins[group];
        }

        int end(int group) {
            return ends[group];
        }
    }

    /** Looks for one match behind the other. */
    final class Search {
        private final Compiled regex;
        private final byte[] bytes;
        private final Matcher matcher;
        private int from;
        private boolean isOver;

        // Code points before a place, so that places in a row are counted once.
        private int counted;
        private int countedPoints;

        private Search(Compiled regex, byte[] bytes) {
            this.regex = regex;
            this.bytes = bytes;
            this.matcher = regex.regex().matcher(bytes);
        }

        /** Null when there is none any more. */
        Match next() {
            if (isOver || search(matcher, from, bytes.length) < 0) {
                return null;
            }
            Match match = new Match(matcher);
            // Behind a match of nothing one character is skipped from where the search began.
            from = match.isEmpty(0) ? nextCharacter(bytes, from) : match.end(0);
            isOver = !regex.isGlobal() || from >= bytes.length;
            return match;
        }

        int length() {
            return bytes.length;
        }

        String name(int group) {
            return regex.names()[group];
        }

        String text(int begin, int end) {
            return new String(bytes, begin, Math.max(0, end - begin), StandardCharsets.UTF_8);
        }

        String text(Match match, int group) {
            return text(match.begin(group), match.end(group));
        }

        int codePoints(Match match, int group) {
            return codePointsBefore(match.end(group)) - codePointsBefore(match.begin(group));
        }

        int codePointsBefore(int place) {
            if (place < counted) {
                counted = 0;
                countedPoints = 0;
            }
            for (; counted < place; counted++) {
                if ((bytes[counted] & 0xc0) != 0x80) {
                    countedPoints++;
                }
            }
            return countedPoints;
        }
    }

    /**
     * @param moreFlags to those that are given
     */
    Search search(JsonNode subject, JsonNode pattern, JsonNode flags, String moreFlags)
            throws JqError {
        if (!subject.isTextual()) {
            throw JqError.of(subject, "cannot be matched, as it is not a string");
        }
        if (!pattern.isTextual()) {
            throw JqError.of(pattern, "is not a string");
        }
        if (!flags.isTextual() && !flags.isNull()) {
            throw JqError.of(flags, "is not a string");
        }
        budget.chargeCharacters(subject.textValue().length());
        byte[] bytes = subject.textValue().getBytes(StandardCharsets.UTF_8);
        return new Search(compiled(pattern.textValue(), flags, moreFlags), bytes);
    }

    /**
     * joni counts nothing, so what backtracking costs is taken from the clock: a step for every two
     * microseconds, of which an ordinary search takes a few.
     */
    private int search(Matcher matcher, int from, int end) {
        budget.chargeNodes(4L + (end - from) / 16);
        long begun = System.nanoTime();
        matcher.setTimeout(Math.max(1, budget.left() * NANOS_PER_STEP));
        try {
            int found = matcher.searchInterruptible(from, end, Option.NONE);
            budget.charge((System.nanoTime() - begun) / NANOS_PER_STEP);
            return found;
        } catch (InterruptedException timeOutOfTheMatcher) {
            throw budget.spent();
        }
    }

    private static int nextCharacter(byte[] bytes, int at) {
        int next = at + 1;
        while (next < bytes.length && (bytes[next] & 0xc0) == 0x80) {
            next++;
        }
        return next;
    }

    private Compiled compiled(String pattern, JsonNode flags, String moreFlags) throws JqError {
        String allFlags = moreFlags + (flags.isNull() ? "" : flags.textValue());
        Key key = new Key(pattern, allFlags);
        Compiled known = compiled.get(key);
        if (known == null) {
            known = compile(pattern, allFlags);
            compiled.put(key, known);
        }
        return known;
    }

    private Compiled compile(String pattern, String flags) throws JqError {
        int options = Option.CAPTURE_GROUP;
        boolean global = false;
        for (char flag : flags.toCharArray()) {
            switch (flag) {
                case 'g' -> global = true;
                case 'n' -> options |= Option.FIND_NOT_EMPTY;
                case 'i' -> options |= Option.IGNORECASE;
                case 'x' -> options |= Option.EXTEND;
                case 'm' -> options |= Option.MULTILINE;
                case 's' -> options |= Option.SINGLELINE;
                case 'p' -> options |= Option.MULTILINE | Option.SINGLELINE;
                case 'l' -> options |= Option.FIND_LONGEST;
                default ->
                        throw new JqError(
                                flags + " is not a valid modifier string",
                                "not a flag of a regular expression");
            }
        }
        budget.charge(pattern.length());
        byte[] bytes = pattern.getBytes(StandardCharsets.UTF_8);
        try {
            Regex regex =
                    new Regex(
                            bytes,
                            0,
                            bytes.length,
                            options,
                            UTF8Encoding.INSTANCE,
                            SYNTAX,
                            WarnCallback.NONE);
            return new Compiled(regex, names(regex), global);
        } catch (JOniException | JCodingsException notARegex) {
            throw new JqError("Regex failure: " + notARegex.getMessage(), "Regex failure");
        }
    }

    private static String[] names(Regex regex) {
        String[] names = new String[regex.numberOfCaptures() + 1];
        if (regex.numberOfNames() > 0) {
            Iterator<NameEntry> entries = regex.namedBackrefIterator();
            while (entries.hasNext()) {
                NameEntry entry = entries.next();
                String name =
                        new String(
                                entry.name,
                                entry.nameP,
                                entry.nameEnd - entry.nameP,
                                StandardCharsets.UTF_8);
                for (int group : entry.getBackRefs()) {
                    names[group] = name;
                }
            }
        }
        return names;
    }
}
