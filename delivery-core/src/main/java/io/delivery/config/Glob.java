package io.delivery.config;

/**
 * A pattern in which {@code *} stands for any number of characters and {@code ?} for one; every
 * other character stands for itself.
 */
public record Glob(String pattern) {
    public static final Glob ANY = new Glob("*");

    /** Takes time proportional to pattern times text at worst, whatever the pattern. */
    public boolean matches(String text) {
        int at = 0;
        int in = 0;
        int star = -1;
        int afterStar = 0;
        while (in < text.length()) {
            char wanted = at < pattern.length() ? pattern.charAt(at) : 0;
            if (at < pattern.length() && wanted == '*') {
                star = at++;
                afterStar = in;
            } else if (at < pattern.length() && (wanted == '?' || wanted == text.charAt(in))) {
                at++;
                in++;
            } else if (star >= 0) {
                at = star + 1;
                in = ++afterStar;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        return at == pattern.length();
    }

    @Override
    public String toString() {
        return pattern;
    }
}
