package io.delivery.jq.regex;

import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;

/** A set of characters; membership of ASCII is looked up. */
final class CharacterSet {
    static final CharacterSet ANY = of(c -> true);
    static final CharacterSet NO_LINE_FEED = of(c -> c != '\n');
    static final CharacterSet WORD = of(CharacterSet::isWord);
    static final CharacterSet DIGIT = of(Character::isDigit);
    static final CharacterSet SPACE = of(CharacterSet::isSpace);
    static final CharacterSet HEXADECIMAL = of(CharacterSet::isHexadecimal);

    private static final int ASCII = 128;

    /** POSIX brackets and the properties of the same names, for all of Unicode. */
    private static final Map<String, IntPredicate> POSIX =
            Map.ofEntries(
                    Map.entry("alnum", c -> Character.isAlphabetic(c) || Character.isDigit(c)),
                    Map.entry("alpha", Character::isAlphabetic),
                    Map.entry("ascii", c -> c < ASCII),
                    Map.entry("blank", CharacterSet::isBlank),
                    Map.entry("cntrl", CharacterSet::isControl),
                    Map.entry("digit", Character::isDigit),
                    Map.entry("graph", CharacterSet::isGraphic),
                    Map.entry("lower", Character::isLowerCase),
                    Map.entry("print", c -> isGraphic(c) || isBlank(c) && c != '\t'),
                    Map.entry("punct", CharacterSet::isPunctuation),
                    Map.entry("space", CharacterSet::isSpace),
                    Map.entry("upper", Character::isUpperCase),
                    Map.entry("xdigit", CharacterSet::isHexadecimal),
                    Map.entry("word", CharacterSet::isWord));

    private static final Map<String, Integer> CATEGORIES =
            Map.ofEntries(
                    Map.entry("lu", 1 << Character.UPPERCASE_LETTER),
                    Map.entry("ll", 1 << Character.LOWERCASE_LETTER),
                    Map.entry("lt", 1 << Character.TITLECASE_LETTER),
                    Map.entry("lm", 1 << Character.MODIFIER_LETTER),
                    Map.entry("lo", 1 << Character.OTHER_LETTER),
                    Map.entry("mn", 1 << Character.NON_SPACING_MARK),
                    Map.entry("me", 1 << Character.ENCLOSING_MARK),
                    Map.entry("mc", 1 << Character.COMBINING_SPACING_MARK),
                    Map.entry("nd", 1 << Character.DECIMAL_DIGIT_NUMBER),
                    Map.entry("nl", 1 << Character.LETTER_NUMBER),
                    Map.entry("no", 1 << Character.OTHER_NUMBER),
                    Map.entry("zs", 1 << Character.SPACE_SEPARATOR),
                    Map.entry("zl", 1 << Character.LINE_SEPARATOR),
                    Map.entry("zp", 1 << Character.PARAGRAPH_SEPARATOR),
                    Map.entry("cc", 1 << Character.CONTROL),
                    Map.entry("cf", 1 << Character.FORMAT),
                    Map.entry("cn", 1 << Character.UNASSIGNED),
                    Map.entry("co", 1 << Character.PRIVATE_USE),
                    Map.entry("cs", 1 << Character.SURROGATE),
                    Map.entry("pd", 1 << Character.DASH_PUNCTUATION),
                    Map.entry("ps", 1 << Character.START_PUNCTUATION),
                    Map.entry("pe", 1 << Character.END_PUNCTUATION),
                    Map.entry("pc", 1 << Character.CONNECTOR_PUNCTUATION),
                    Map.entry("po", 1 << Character.OTHER_PUNCTUATION),
                    Map.entry("sm", 1 << Character.MATH_SYMBOL),
                    Map.entry("sc", 1 << Character.CURRENCY_SYMBOL),
                    Map.entry("sk", 1 << Character.MODIFIER_SYMBOL),
                    Map.entry("so", 1 << Character.OTHER_SYMBOL),
                    Map.entry("pi", 1 << Character.INITIAL_QUOTE_PUNCTUATION),
                    Map.entry("pf", 1 << Character.FINAL_QUOTE_PUNCTUATION));

    private static final Map<String, String> LONG_CATEGORIES =
            Map.ofEntries(
                    Map.entry("letter", "l"),
                    Map.entry("uppercaseletter", "lu"),
                    Map.entry("lowercaseletter", "ll"),
                    Map.entry("titlecaseletter", "lt"),
                    Map.entry("mark", "m"),
                    Map.entry("number", "n"),
                    Map.entry("decimalnumber", "nd"),
                    Map.entry("punctuation", "p"),
                    Map.entry("symbol", "s"),
                    Map.entry("mathsymbol", "sm"),
                    Map.entry("currencysymbol", "sc"),
                    Map.entry("separator", "z"),
                    Map.entry("spaceseparator", "zs"),
                    Map.entry("other", "c"),
                    Map.entry("control", "cc"),
                    Map.entry("format", "cf"));

    private final boolean[] ascii = new boolean[ASCII];
    private final IntPredicate all;

    private CharacterSet(IntPredicate all) {
        this.all = all;
        for (int c = 0; c < ASCII; c++) {
            ascii[c] = all.test(c);
        }
    }

    static CharacterSet of(IntPredicate all) {
        return new CharacterSet(all);
    }

    boolean contains(int codePoint) {
        return codePoint < ASCII ? ascii[codePoint] : all.test(codePoint);
    }

    CharacterSet negated() {
        return of(c -> !contains(c));
    }

    CharacterSet or(CharacterSet other) {
        return of(c -> contains(c) || other.contains(c));
    }

    /** With each character, those that differ from it by case only. */
    CharacterSet ignoringCase() {
        return of(
                c ->
                        contains(c)
                                || contains(Character.toLowerCase(c))
                                || contains(Character.toUpperCase(c))
                                || contains(Character.toLowerCase(Character.toUpperCase(c))));
    }

    /** A POSIX bracket; null when there is none of that name. */
    static CharacterSet posix(String name) {
        IntPredicate known = POSIX.get(name);
        return known == null ? null : of(known);
    }

    /** A property: a POSIX bracket, a category or a script; null when there is none. */
    static CharacterSet property(String name) {
        String key = name.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "");
        IntPredicate posix = POSIX.get(key);
        if (posix != null) {
            return of(posix);
        }
        switch (key) {
            case "any" -> {
                return ANY;
            }
            case "assigned" -> {
                return of(Character::isDefined);
            }
            case "alphabetic" -> {
                return of(Character::isAlphabetic);
            }
            case "uppercase" -> {
                return of(Character::isUpperCase);
            }
            case "lowercase" -> {
                return of(Character::isLowerCase);
            }
            case "whitespace" -> {
                return SPACE;
            }
            default -> {
                CharacterSet category = category(LONG_CATEGORIES.getOrDefault(key, key));
                return category != null ? category : script(name);
            }
        }
    }

    private static CharacterSet category(String key) {
        int mask = 0;
        for (Map.Entry<String, Integer> category : CATEGORIES.entrySet()) {
            boolean isPart = key.length() == 1 && category.getKey().startsWith(key);
            mask |= isPart || category.getKey().equals(key) ? category.getValue() : 0;
        }
        int types = mask;
        return mask == 0 ? null : of(c -> (types >> Character.getType(c) & 1) != 0);
    }

    private static CharacterSet script(String name) {
        try {
            Character.UnicodeScript script =
                    Character.UnicodeScript.forName(name.trim().replaceAll("[ -]", "_"));
            return of(c -> Character.UnicodeScript.of(c) == script);
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    static boolean isWord(int c) {
        if (c < ASCII) {
            return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
        }
        int marksAndConnectors =
                1 << Character.NON_SPACING_MARK
                        | 1 << Character.ENCLOSING_MARK
                        | 1 << Character.COMBINING_SPACING_MARK
                        | 1 << Character.CONNECTOR_PUNCTUATION;
        return Character.isAlphabetic(c)
                || Character.isDigit(c)
                || (marksAndConnectors >> Character.getType(c) & 1) != 0;
    }

    private static boolean isSpace(int c) {
        return c >= 0x9 && c <= 0xd || c == 0x85 || Character.isSpaceChar(c);
    }

    private static boolean isBlank(int c) {
        return c == '\t' || Character.getType(c) == Character.SPACE_SEPARATOR;
    }

    private static boolean isControl(int c) {
        return Character.getType(c) == Character.CONTROL;
    }

    private static boolean isGraphic(int c) {
        int none = 1 << Character.CONTROL | 1 << Character.UNASSIGNED | 1 << Character.SURROGATE;
        return !isSpace(c) && (none >> Character.getType(c) & 1) == 0;
    }

    private static boolean isPunctuation(int c) {
        if (c < ASCII) {
            return "$+<=>^`|~".indexOf(c) >= 0 || category("p").all.test(c);
        }
        return category("p").all.test(c);
    }

    private static boolean isHexadecimal(int c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
    }
}
