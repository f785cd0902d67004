package io.delivery.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.jcodings.specific.UTF8Encoding;
import org.joni.Matcher;
import org.joni.NameEntry;
import org.joni.Option;
import org.joni.Regex;
import org.joni.Region;
import org.joni.Syntax;
import org.joni.exception.JOniException;

/**
 * Regular expressions as jq's: Oniguruma's (its port joni), Perl syntax with named groups
 * (ONIG_SYNTAX_PERL_NT), on UTF-8. Matching can take exponential time, so all matching of one run
 * has one second together; this is the only limit here that is measured by the clock.
 */
final class JqRegex {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MOST_KEPT = 32;

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

    private record Compiled(Regex regex, String[] names, boolean global, boolean skipEmpty) {}

    /** Where a match lies, in bytes of the subject; groups from 1, -1 when one took no part. */
    private record Match(int begin, int end, int[] groupBegins, int[] groupEnds) {}

    JqRegex(Budget budget) {
        this.budget = budget;
    }

    boolean test(JsonNode subject, JsonNode pattern, JsonNode flags) throws JsonQueryException {
        Compiled regex = compiled(subject, pattern, flags, "");
        byte[] bytes = bytes(subject);
        return search(regex.regex().matcher(bytes), 0, bytes.length) >= 0;
    }

    /** Objects with offset, length, string and captures, in code points. */
    ArrayNode match(JsonNode subject, JsonNode pattern, JsonNode flags) throws JsonQueryException {
        Compiled regex = compiled(subject, pattern, flags, "");
        byte[] bytes = bytes(subject);
        ArrayNode matches = NODES.arrayNode();
        CodePoints codePoints = new CodePoints(bytes);
        for (Match match : matches(regex, bytes)) {
            ObjectNode object = matches.addObject();
            object.put("offset", codePoints.before(match.begin()));
            object.put("length", codePoints.count(match.begin(), match.end()));
            object.put("string", text(bytes, match.begin(), match.end()));
            ArrayNode captures = object.putArray("captures");
            for (int group = 1; group < match.groupBegins().length; group++) {
                int begin = match.groupBegins()[group];
                int end = match.groupEnds()[group];
                ObjectNode capture = captures.addObject();
                capture.put("offset", begin < 0 ? -1 : codePoints.before(match.begin(), begin));
                capture.put("length", begin < 0 ? 0 : codePoints.count(begin, end));
                capture.put("string", begin < 0 ? null : text(bytes, begin, end));
                capture.put("name", regex.names()[group]);
            }
        }
        return matches;
    }

    /** The text between the matches. */
    ArrayNode split(JsonNode subject, JsonNode pattern, JsonNode flags) throws JsonQueryException {
        Compiled regex = compiled(subject, pattern, flags, "g");
        byte[] bytes = bytes(subject);
        ArrayNode pieces = NODES.arrayNode();
        int from = 0;
        for (Match match : matches(regex, bytes)) {
            pieces.add(text(bytes, from, match.begin()));
            from = match.end();
        }
        return pieces.add(text(bytes, from, bytes.length));
    }

    /** Gives all replacements for an object of a match's named groups. */
    interface Replacement {
        List<String> of(ObjectNode captures) throws JsonQueryException;
    }

    /** Takes a text with every match replaced. */
    interface Replaced {
        void emit(String text) throws JsonQueryException;
    }

    /** Every combination of the replacements, those of the first match changing the fastest. */
    void substitute(
            JsonNode subject,
            JsonNode pattern,
            JsonNode flags,
            boolean global,
            Replacement replacement,
            Replaced out)
            throws JsonQueryException {
        Compiled regex = compiled(subject, pattern, flags, global ? "g" : "");
        byte[] bytes = bytes(subject);
        List<String> between = new ArrayList<>();
        List<List<String>> replacements = new ArrayList<>();
        int from = 0;
        for (Match match : matches(regex, bytes)) {
            between.add(text(bytes, from, match.begin()));
            List<String> texts = replacement.of(captures(regex, bytes, match));
            if (texts.isEmpty()) {
                return;
            }
            replacements.add(texts);
            from = match.end();
        }
        String tail = text(bytes, from, bytes.length);
        int[] chosen = new int[replacements.size()];
        do {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < chosen.length; i++) {
                budget.step();
                text.append(between.get(i)).append(replacements.get(i).get(chosen[i]));
                budget.checkLength(text.length());
            }
            budget.charge(text.length() / 64);
            out.emit(text.append(tail).toString());
        } while (chooseNext(chosen, replacements));
    }

    private static boolean chooseNext(int[] chosen, List<List<String>> replacements) {
        for (int i = 0; i < chosen.length; i++) {
            if (++chosen[i] < replacements.get(i).size()) {
                return true;
            }
            chosen[i] = 0;
        }
        return false;
    }

    private static ObjectNode captures(Compiled regex, byte[] bytes, Match match) {
        ObjectNode captures = NODES.objectNode();
        for (int group = 1; group < match.groupBegins().length; group++) {
            if (regex.names()[group] != null) {
                int begin = match.groupBegins()[group];
                captures.put(
                        regex.names()[group],
                        begin < 0 ? null : text(bytes, begin, match.groupEnds()[group]));
            }
        }
        return captures;
    }

    private List<Match> matches(Compiled regex, byte[] bytes) throws JsonQueryException {
        List<Match> matches = new ArrayList<>();
        Matcher matcher = regex.regex().matcher(bytes);
        int from = 0;
        do {
            if (search(matcher, from, bytes.length) < 0) {
                break;
            }
            budget.step();
            Match match = read(matcher);
            boolean empty = match.begin() == match.end();
            if (!empty || !regex.skipEmpty()) {
                matches.add(match);
            }
            from = empty ? nextCharacter(bytes, match.end()) : match.end();
        } while (regex.global() && from < bytes.length);
        return matches;
    }

    /** An empty match has no captures: {@code f_match} of jq 1.6. */
    private static Match read(Matcher matcher) {
        int begin = matcher.getBegin();
        int end = matcher.getEnd();
        Region region = matcher.getRegion();
        int groups = region == null || begin == end ? 1 : region.getNumRegs();
        int[] begins = new int[groups];
        int[] ends = new int[groups];
        for (int group = 1; group < groups; group++) {
            // A group that was begun and not ended took no part.
            boolean tookPart = region.getBeg(group) <= region.getEnd(group);
            begins[group] = tookPart ? region.getBeg(group) : -1;
            ends[group] = tookPart ? region.getEnd(group) : -1;
        }
        return new Match(begin, Math.max(begin, end), begins, ends);
    }

    private int search(Matcher matcher, int from, int end) {
        long begin = System.nanoTime();
        matcher.setTimeout(budget.regexNanosLeft());
        try {
            int found = matcher.searchInterruptible(from, end, Option.NONE);
            if (found == Matcher.INTERRUPTED) {
                throw timedOut();
            }
            return found;
        } catch (InterruptedException timeOutOfTheMatcher) {
            throw timedOut();
        } finally {
            budget.charge(1 + (end - from) / 1024);
            budget.chargeRegex(System.nanoTime() - begin);
        }
    }

    private static Budget.LimitExceededException timedOut() {
        return new Budget.LimitExceededException(
                "a regular expression of the jq query takes too long on this record");
    }

    private static int nextCharacter(byte[] bytes, int at) {
        int next = at + 1;
        while (next < bytes.length && (bytes[next] & 0xc0) == 0x80) {
            next++;
        }
        return next;
    }

    private Compiled compiled(JsonNode subject, JsonNode pattern, JsonNode flags, String moreFlags)
            throws JsonQueryException {
        if (!subject.isTextual()) {
            throw new JsonQueryException("the value cannot be matched, as it is not a string");
        }
        if (!pattern.isTextual()) {
            throw new JsonQueryException("the regular expression is not a string");
        }
        if (!flags.isTextual() && !flags.isNull()) {
            throw new JsonQueryException("the flags of a regular expression are not a string");
        }
        String allFlags = (flags.isNull() ? "" : flags.textValue()) + moreFlags;
        Key key = new Key(pattern.textValue(), allFlags);
        Compiled known = compiled.get(key);
        if (known == null) {
            known = compile(pattern.textValue(), allFlags);
            compiled.put(key, known);
        }
        return known;
    }

    private Compiled compile(String pattern, String flags) throws JsonQueryException {
        int options = Option.CAPTURE_GROUP;
        boolean global = false;
        boolean skipEmpty = false;
        for (char flag : flags.toCharArray()) {
            switch (flag) {
                case 'g' -> global = true;
                case 'n' -> skipEmpty = true;
                case 'i' -> options |= Option.IGNORECASE;
                case 'x' -> options |= Option.EXTEND;
                case 's' -> options |= Option.SINGLELINE;
                case 'p' -> options |= Option.MULTILINE | Option.SINGLELINE;
                case 'l' -> options |= Option.FIND_LONGEST;
                default -> throw new JsonQueryException("not a flag of a regular expression");
            }
        }
        budget.charge(pattern.length());
        byte[] bytes = pattern.getBytes(StandardCharsets.UTF_8);
        try {
            Regex regex =
                    new Regex(
                            bytes, 0, bytes.length, options, UTF8Encoding.INSTANCE, Syntax.PerlNG);
            return new Compiled(regex, names(regex), global, skipEmpty);
        } catch (JOniException notARegex) {
            throw new JsonQueryException("not a regular expression");
        }
    }

    private static String[] names(Regex regex) {
        String[] names = new String[regex.numberOfCaptures() + 1];
        if (regex.numberOfNames() > 0) {
            Iterator<NameEntry> entries = regex.namedBackrefIterator();
            while (entries.hasNext()) {
                NameEntry entry = entries.next();
                String name = text(entry.name, entry.nameP, entry.nameEnd);
                for (int group : entry.getBackRefs()) {
                    names[group] = name;
                }
            }
        }
        return names;
    }

    private static byte[] bytes(JsonNode subject) {
        return subject.textValue().getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes, int begin, int end) {
        return new String(bytes, begin, end - begin, StandardCharsets.UTF_8);
    }

    /** Counts code points from left to right, remembering how far it has come. */
    private static final class CodePoints {
        private final byte[] bytes;
        private int counted;
        private int characters;

        CodePoints(byte[] bytes) {
            this.bytes = bytes;
        }

        /** Before a place that is not left of the last one asked for. */
        int before(int place) {
            characters += count(counted, place);
            counted = place;
            return characters;
        }

        /** Before a place that is right of one asked for already, or left of it. */
        int before(int known, int place) {
            return place >= known
                    ? before(known) + count(known, place)
                    : before(known) - count(place, known);
        }

        int count(int begin, int end) {
            int count = 0;
            for (int at = begin; at < end; at++) {
                if ((bytes[at] & 0xc0) != 0x80) {
                    count++;
                }
            }
            return count;
        }
    }
}
