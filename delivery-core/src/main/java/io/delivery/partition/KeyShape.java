package io.delivery.partition;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;

/** The rules that a key must keep so that every store takes it. */
final class KeyShape {
    /** "Evaluated prefix": Firehose developer guide, custom prefixes. UTF-16 code units. */
    static final int MAX_PREFIX_LENGTH = 512;

    /** Amazon S3 user guide, object key names. */
    static final int MAX_KEY_BYTES = 1024;

    /** A directory store makes every segment a file name: NAME_MAX of Linux. */
    static final int MAX_SEGMENT_BYTES = 255;

    /**
     * A directory store makes a folder of every segment but the last, each with an entry of its own
     * that is synced: a record must not cost hundreds of them. Twice what paths of web pages and
     * file systems usually have.
     */
    static final int MAX_FOLDERS_OF_VALUES = 32;

    private KeyShape() {}

    /**
     * What is wrong, as the rest of a sentence that begins with "the key has"; empty when nothing
     * is. Empty segments are counted apart: a configuration may ask for them, data may not.
     *
     * @param prefix the evaluated prefix without the date that was not asked for
     * @param key the whole key
     */
    static Optional<String> complaint(String prefix, String key) {
        if (prefix.length() > MAX_PREFIX_LENGTH) {
            return Optional.of("a prefix of more than " + MAX_PREFIX_LENGTH + " characters");
        }
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (Character.isISOControl(c)) {
                return Optional.of("a control character");
            }
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c)
                        || i + 1 == key.length()
                        || !Character.isLowSurrogate(key.charAt(i + 1))) {
                    return Optional.of("half of a surrogate pair, which is no character");
                }
                i++;
            } else if (c == '\uFFFE' || c == '\uFFFF') {
                return Optional.of("a character that XML, and so a listing, cannot hold");
            }
        }
        if (key.getBytes(UTF_8).length > MAX_KEY_BYTES) {
            return Optional.of("more than " + MAX_KEY_BYTES + " bytes of UTF-8");
        }
        for (int start = 0; start <= key.length(); ) {
            int end = endOfSegment(key, start);
            String segment = key.substring(start, end);
            if (segment.equals(".") || segment.equals("..")) {
                return Optional.of("a segment that is '.' or '..'");
            }
            if (segment.getBytes(UTF_8).length > MAX_SEGMENT_BYTES) {
                return Optional.of(
                        "a segment of more than "
                                + MAX_SEGMENT_BYTES
                                + " bytes of UTF-8 between two slashes");
            }
            start = end + 1;
        }
        return Optional.empty();
    }

    /** How many segments are empty: leading, trailing and doubled slashes. */
    static int emptySegments(String key) {
        int empty = 0;
        for (int start = 0; start <= key.length(); ) {
            int end = endOfSegment(key, start);
            if (end == start) {
                empty++;
            }
            start = end + 1;
        }
        return empty;
    }

    /** How many segments stand before the last. */
    static int folders(String key) {
        return (int) key.chars().filter(c -> c == '/').count();
    }

    private static int endOfSegment(String key, int start) {
        int slash = key.indexOf('/', start);
        return slash < 0 ? key.length() : slash;
    }
}
