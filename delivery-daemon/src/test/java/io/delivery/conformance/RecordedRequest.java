package io.delivery.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request of a client, byte for byte as it goes over the wire. The file has lines that begin with
 * {@code #} and say where it comes from, then the head, an empty line and the body in one line.
 *
 * @param text a character for each byte
 */
record RecordedRequest(String text) {
    private static final Pattern DATE =
            Pattern.compile(
                    "(?i)\r\nx-amz-date: (\\d{4})(\\d\\d)(\\d\\d)T(\\d\\d)(\\d\\d)(\\d\\d)Z");

    /**
     * @param name below {@code clients/} of the resources
     */
    static RecordedRequest of(String name) throws IOException {
        String file = new String(ClientProgram.resource(name), StandardCharsets.ISO_8859_1);
        String recorded = file.replaceAll("(?m)^#.*\n", "");
        int end = recorded.indexOf("\n\n") + 1;
        String body = recorded.substring(end + 1);
        assertThat(body).as(name).endsWith("\n");
        return new RecordedRequest(
                recorded.substring(0, end).replace("\n", "\r\n")
                        + "\r\n"
                        + body.substring(0, body.length() - 1));
    }

    /** When it was signed, as ISO 8601 says it. */
    String signedAt() {
        Matcher date = DATE.matcher(text);
        assertThat(date.find()).as(text).isTrue();
        return "%s-%s-%sT%s:%s:%sZ"
                .formatted(
                        date.group(1),
                        date.group(2),
                        date.group(3),
                        date.group(4),
                        date.group(5),
                        date.group(6));
    }

    /** With other text somewhere, and the same signature. */
    RecordedRequest with(String part, String other) {
        assertThat(text).contains(part);
        assertThat(other).hasSameSizeAs(part);
        return new RecordedRequest(text.replace(part, other));
    }
}
