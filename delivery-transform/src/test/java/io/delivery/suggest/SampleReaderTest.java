package io.delivery.suggest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class SampleReaderTest {
    private final List<String> samples = new ArrayList<>();
    private final List<String> unreadable = new ArrayList<>();

    private void read(String text) throws IOException {
        read(text.getBytes(StandardCharsets.UTF_8));
    }

    private void read(byte[] bytes) throws IOException {
        SampleReader.read(
                new ByteArrayInputStream(bytes),
                0,
                new Sample.Taker() {
                    @Override
                    public void sample(Sample sample) {
                        String text = new String(sample.bytes(), StandardCharsets.UTF_8);
                        samples.add(sample.place() + ": " + text.replaceAll("\\s+", " ").strip());
                    }

                    @Override
                    public void unreadable(String place, String reason) {
                        unreadable.add(place + ": " + reason);
                    }
                });
    }

    @Test
    void a_line_is_a_sample_and_blank_lines_are_none() throws IOException {
        read("{\"a\":1}\r\n\n  \t\n{\"b\":2}{\"c\":3}\n{\"d\":4}");

        assertThat(samples)
                .containsExactly(
                        "line 1: {\"a\":1}", "line 4: {\"b\":2}{\"c\":3}", "line 5: {\"d\":4}");
    }

    @Test
    void nothing_gives_no_samples() throws IOException {
        read("");
        read("\n\n");

        assertThat(samples).isEmpty();
        assertThat(unreadable).isEmpty();
    }

    @Test
    void an_object_may_go_over_lines() throws IOException {
        read(
                "{\n  \"a\": {\n    \"b\": \"} ] \\\" {\"\n  },\n  \"c\": [\n    {},\n    {\"d\":1}\n  ]\n}\n"
                        + "{\"e\":1}\n");

        assertThat(samples)
                .containsExactly(
                        "lines 1 to 9: { \"a\": { \"b\": \"} ] \\\" {\" }, \"c\": [ {}, {\"d\":1} ] }",
                        "line 10: {\"e\":1}");
    }

    @Test
    void a_line_that_does_not_end_its_object_takes_no_other_line_with_it() throws IOException {
        read(
                "{\"a\":1\n{\"b\":2}\n{\"c\":\n{\"d\":4}\n{\"e\":[1,\n{\"f\":6}\n\"x\n{\"g\":7}\n{\"h\":");

        assertThat(samples)
                .containsExactly(
                        "line 1: {\"a\":1",
                        "line 2: {\"b\":2}",
                        "line 3: {\"c\":",
                        "line 4: {\"d\":4}",
                        "line 5: {\"e\":[1,",
                        "line 6: {\"f\":6}",
                        "line 7: \"x",
                        "line 8: {\"g\":7}",
                        "line 9: {\"h\":");
    }

    @Test
    void what_is_no_json_is_a_sample_of_its_own() throws IOException {
        read("no json\n]\n[1,\n2]\n{\"a\":1]\n{\"b\":2}");

        assertThat(samples)
                .containsExactly(
                        "line 1: no json",
                        "line 2: ]",
                        "lines 3 to 4: [1, 2]",
                        "line 5: {\"a\":1]",
                        "line 6: {\"b\":2}");
    }

    @Test
    void a_line_that_is_longer_than_a_record_is_told_and_passed() throws IOException {
        read("{\"a\":1}\n{\"b\":\"" + "x".repeat(SampleReader.MAX_SAMPLE_BYTES) + "\"}\n{\"c\":2}");

        assertThat(samples).containsExactly("line 1: {\"a\":1}", "line 3: {\"c\":2}");
        assertThat(unreadable)
                .containsExactly(
                        "line 2: The line has 1024008 bytes; a record has at most 1024000");
    }

    @Test
    void an_object_that_never_ends_costs_its_own_line_only() throws IOException {
        StringBuilder text = new StringBuilder("{\"a\":[\n");
        for (int i = 0; i < 300_000; i++) {
            text.append("{},\n");
        }
        read(text.append("{\"b\":2}\n").toString());

        assertThat(samples).hasSize(300_002).endsWith("line 300002: {\"b\":2}");
    }

    @Test
    void gzip_is_noticed_by_its_first_bytes() throws IOException {
        byte[] first = packed("{\"a\":1}\n");
        byte[] second = packed("{\"b\":2}\n");
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        read(both);

        assertThat(samples).containsExactly("line 1: {\"a\":1}", "line 2: {\"b\":2}");
    }

    @Test
    void gzip_that_ends_too_early_is_told_behind_what_was_in_it() throws IOException {
        byte[] whole = packed("{\"a\":1}\n".repeat(3));
        for (int length = 2; length < whole.length; length++) {
            samples.clear();
            unreadable.clear();
            read(Arrays.copyOf(whole, length));

            assertThat(samples.size()).isLessThanOrEqualTo(3);
            assertThat(unreadable).as("cut at %d", length).hasSize(1);
        }
    }

    private static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
