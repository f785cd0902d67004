package io.delivery.testkit.simulation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Knows every record that was ever sent and which of them were answered with success. A record is
 * {@code piece|piece|…}, a piece {@code <id>.<number>:<key>}; parts have one or more pieces; a
 * splitter or transform may append {@code ~} and more.
 */
final class Oracle {
    /** What stands between a piece and what was made of it on the way. */
    static final byte CHANGED = '~';

    private static final Pattern PIECE = Pattern.compile("([a-z]+\\d+)\\.(\\d+):[a-z]*(~[^\\n]*)?");
    private static final Pattern RAW_DATA = Pattern.compile("\"rawData\":\"([^\"]*)\"");

    private final Map<String, Integer> pieces = new HashMap<>();
    private final Map<String, String> texts = new HashMap<>();
    private final Set<String> accepted = new LinkedHashSet<>();
    private int begin;

    /** The first record's number: two oracles of one stream must not name records alike. */
    void begin(int number) {
        begin = number;
    }

    /** An id that no record has had, of letters and a number. */
    String newId(String stream) {
        return stream.replaceAll("[^a-z]", "") + (begin + texts.size());
    }

    /**
     * Notes a record of one piece per key.
     *
     * @return its text
     */
    String sent(String id, List<String> keys) {
        StringBuilder text = new StringBuilder();
        for (int piece = 0; piece < keys.size(); piece++) {
            text.append(piece == 0 ? "" : "|").append(id).append('.').append(piece).append(':');
            text.append(keys.get(piece));
        }
        pieces.put(id, keys.size());
        texts.put(id, text.toString());
        return text.toString();
    }

    void accepted(String id) {
        accepted.add(id);
    }

    /** How many records were sent. */
    int sent() {
        return texts.size();
    }

    Set<String> accepted() {
        return accepted;
    }

    /** The most pieces that a record has: one part may have all of them. */
    long mostPieces() {
        return pieces.values().stream().mapToLong(count -> count).max().orElse(0);
    }

    int piecesOf(String id) {
        return pieces.get(id);
    }

    /** Pieces that a main object holds, by name, e.g. {@code r7.0}. */
    static List<String> partsInMain(byte[] object) {
        List<String> found = new ArrayList<>();
        for (String line : lines(object)) {
            addPieces(line, found);
        }
        return found;
    }

    /**
     * Pieces that an error object holds.
     *
     * @param key of the object: what failed before it was in a buffer must be there as it was put
     */
    static List<String> partsInErrors(String key, byte[] object) {
        List<String> found = new ArrayList<>();
        for (String line : lines(object)) {
            Matcher raw = RAW_DATA.matcher(line);
            if (!raw.find()) {
                throw new AssertionError("not an error record: " + line);
            }
            byte[] bytes = Base64.getDecoder().decode(raw.group(1));
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (key.contains("processing-failed") && text.indexOf(CHANGED) >= 0) {
                throw new AssertionError("failed with bytes that nobody put: " + text);
            }
            addPieces(text, found);
        }
        return found;
    }

    /** The lines of an object: as many as it has records. */
    static String[] lines(byte[] object) {
        return new String(object, StandardCharsets.UTF_8).split("\n");
    }

    private static void addPieces(String text, List<String> found) {
        for (String piece : text.split("\\|")) {
            Matcher matcher = PIECE.matcher(piece);
            if (!matcher.matches()) {
                throw new AssertionError("a piece nobody sent: " + piece);
            }
            found.add(matcher.group(1) + "." + matcher.group(2));
        }
    }

    /** Whole records that a backup object holds, their bytes compared with what was sent. */
    List<String> recordsInBackup(byte[] object) {
        List<String> found = new ArrayList<>();
        for (String line : lines(object)) {
            String id = line.substring(0, line.indexOf('.'));
            if (!line.equals(texts.get(id))) {
                throw new AssertionError("the backup of " + id + " was changed: " + line);
            }
            found.add(id);
        }
        return found;
    }
}
