package io.delivery.junit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.List;

/** What landed, in a few lines: for the message of a test that has failed. */
final class Description {
    private static final int LONGEST_TEXT = 200;
    private static final int MOST_OBJECTS = 10;
    private static final int MOST_LINES = 10;

    private final StringBuilder text = new StringBuilder();

    /** Control characters are shown as dots: a record may hold anything. */
    static String shortened(String text) {
        String printable = text.replaceAll("\\p{Cntrl}", ".");
        return printable.length() <= LONGEST_TEXT
                ? printable
                : printable.substring(0, LONGEST_TEXT) + "… (" + text.length() + " characters)";
    }

    /** As text where it is UTF-8, otherwise as hexadecimal digits. */
    static String shortened(byte[] bytes) {
        if (isUtf8(bytes)) {
            return shortened(new String(bytes, UTF_8));
        }
        int shown = Math.min(bytes.length, LONGEST_TEXT / 2);
        return "%s%s (%d bytes that are no UTF-8)"
                .formatted(
                        HexFormat.of().formatHex(bytes, 0, shown),
                        shown < bytes.length ? "…" : "",
                        bytes.length);
    }

    static boolean isUtf8(byte[] bytes) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException binary) {
            return false;
        }
    }

    Description line(String line) {
        text.append(line).append('\n');
        return this;
    }

    /**
     * @param role what they are, for people
     */
    Description objects(String role, List<LandedObject> objects) {
        objects.stream().limit(MOST_OBJECTS).forEach(object -> object(role, object));
        return more("  ", objects.size() - MOST_OBJECTS, "objects of " + role);
    }

    private void object(String role, LandedObject object) {
        line(
                "  %s: %s, %d %s, %d bytes"
                        .formatted(
                                role,
                                object,
                                object.records(),
                                object.records() == 1 ? "record" : "records",
                                object.bytes().length));
        List<String> lines = object.shown();
        lines.stream().limit(MOST_LINES).forEach(line -> line("    " + shortened(line)));
        more("    ", lines.size() - MOST_LINES, "of them");
    }

    /** Some texts under one name. */
    Description each(String name, List<String> texts) {
        texts.stream()
                .limit(MOST_LINES)
                .forEach(each -> line("  %s: %s".formatted(name, shortened(each))));
        return more("  ", texts.size() - MOST_LINES, name);
    }

    Description errors(List<ErrorRecord> errors) {
        errors.stream().limit(MOST_LINES).forEach(error -> line("  error output: " + error));
        return more("  ", errors.size() - MOST_LINES, "records of the error output");
    }

    /**
     * @param count how many more there are; nothing is said when there are none
     */
    private Description more(String indent, int count, String what) {
        return count > 0 ? line("%s… and %d more %s".formatted(indent, count, what)) : this;
    }

    @Override
    public String toString() {
        return text.toString().stripTrailing();
    }
}
