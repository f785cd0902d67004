package io.delivery.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BoundedParsersTest {
    private static final int MILLION = 1_000_000;

    private final BoundedParsers parsers = new BoundedParsers(new JsonFactory());

    private String read(String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.US_ASCII);
        String last = null;
        try (JsonParser parser = parsers.parser(bytes, 0, bytes.length)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    last = parser.currentName();
                }
            }
        }
        return last;
    }

    private static String object(int firstName, int names) {
        StringBuilder json = new StringBuilder("{");
        for (int i = firstName; i < firstName + names; i++) {
            json.append(i == firstName ? "\"name " : ",\"name ").append(i).append("\":1");
        }
        return json.append('}').toString();
    }

    @Test
    void names_that_come_again_are_the_same_texts() throws Exception {
        String first = read("{\"name\":1}");

        for (int i = 0; i < 10_000; i++) {
            assertThat(read("{\"name\":2}")).isSameAs(first);
        }
    }

    /** A wide table in which each record has other fields. */
    @Test
    void some_hundred_names_are_kept_however_they_come() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            read(object(i * 7 % 300, 3));
        }
        String before = read("{\"name 7\":1}");

        assertThat(read("{\"name 7\":1}")).isSameAs(before);
        assertThat(parsers.keptNames()).isGreaterThan(290);
    }

    @Test
    void of_names_that_come_one_by_one_few_are_kept() throws Exception {
        int most = 0;
        for (int i = 0; i < 100_000; i++) {
            read(object(i, 1));
            most = Math.max(most, parsers.keptNames());
        }

        assertThat(most).isBetween(100, 600);
    }

    @Test
    void of_a_million_names_in_a_thousand_documents_few_are_kept() throws Exception {
        int most = 0;
        for (int i = 0; i < MILLION; i += 1000) {
            read(object(i, 1000));
            most = Math.max(most, parsers.keptNames());
        }

        // 128 KiB and one document: 14 bytes or more for each name.
        assertThat(most).isBetween(1000, 12_000);
    }

    @Test
    void long_names_are_forgotten_after_a_few() throws Exception {
        int most = 0;
        for (int i = 0; i < 1000; i++) {
            read("{\"" + i + "n".repeat(30_000) + "\":1}");
            most = Math.max(most, parsers.keptNames());
        }

        assertThat(most).isBetween(1, 6);
    }

    @Test
    void names_of_a_long_document_are_not_kept_at_all() throws Exception {
        String name = "n".repeat(BoundedParsers.MAX_TAUGHT_BYTES);

        read("{\"" + name + "\":1}");

        assertThat(parsers.keptNames()).isZero();
    }

    /**
     * A document with a new name makes a copy of all names. Without a bound that is up to 300 KB
     * for each, as for the plain factory that is measured beside it.
     */
    @Test
    void a_new_name_in_each_document_costs_a_bounded_copy() throws Exception {
        int count = 20_000;

        long bounded =
                allocated(
                        () -> {
                            for (int i = 0; i < count; i++) {
                                read(object(i, 1));
                            }
                        });
        JsonFactory plain = new JsonFactory();
        long unbounded =
                allocated(
                        () -> {
                            for (int i = 0; i < count; i++) {
                                byte[] bytes = object(i, 1).getBytes(StandardCharsets.US_ASCII);
                                try (JsonParser parser = plain.createParser(bytes)) {
                                    while (parser.nextToken() != null) {
                                        // Its name is kept.
                                    }
                                }
                            }
                        });

        assertThat(bounded / count).isLessThan(40_000);
        assertThat(unbounded).isGreaterThan(4 * bounded);
    }

    private interface Work {
        void run() throws IOException;
    }

    private static long allocated(Work work) throws IOException {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        work.run();
        return thread.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void names_do_not_go_into_the_table_of_texts_of_the_jvm() throws Exception {
        String name = read("{\"a name that is nowhere else, " + System.nanoTime() + "\":1}");

        assertThat(name.intern()).isSameAs(name);
        String again = new BoundedParsersTest().read("{\"" + name + "\":1}");
        assertThat(again).isEqualTo(name).isNotSameAs(name);
    }

    /** Jackson refuses a document because of what others before it had, if it is let. */
    @Test
    void a_document_does_not_fail_because_of_the_names_before_it() throws Exception {
        List<String> equalHashes = new ArrayList<>(List.of(""));
        for (int round = 0; round < 11; round++) {
            List<String> longer = new ArrayList<>();
            for (String name : equalHashes) {
                longer.addAll(Arrays.asList(name + "aaaa", name + "bbbb"));
            }
            equalHashes = longer;
        }

        for (String name : equalHashes) {
            assertThat(read("{\"" + name + "\":1}")).isEqualTo(name);
        }
    }

    @Test
    void of_a_document_that_comes_alone_nothing_is_kept() throws Exception {
        JsonFactory settings = new JsonFactory();
        byte[] document = "{\"name\":1}".getBytes(StandardCharsets.US_ASCII);
        String first = nameOf(BoundedParsers.once(settings, document));
        String second = nameOf(BoundedParsers.once(settings, document));
        String text = nameOf(BoundedParsers.once(settings, "{\"name\":1}"));
        String again = nameOf(BoundedParsers.once(settings, "{\"name\":1}"));

        assertThat(second).isEqualTo("name").isNotSameAs(first);
        assertThat(again).isEqualTo("name").isNotSameAs(text);
    }

    /** As the texts "bc" and "cB" have equal hashes in the table of names, so do chains of them. */
    @Test
    void a_text_is_read_although_its_names_have_equal_hashes() throws Exception {
        List<String> names = List.of("");
        for (int pair = 0; pair < 11; pair++) {
            names = names.stream().flatMap(n -> Stream.of(n + "bc", n + "cB")).toList();
        }
        String document = names.stream().collect(Collectors.joining("\":1,\"", "{\"", "\":1}"));
        List<String> read = new ArrayList<>();

        try (JsonParser parser = BoundedParsers.once(new JsonFactory(), document)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    read.add(parser.currentName());
                }
            }
        }

        assertThat(read).hasSize(2048).isEqualTo(names);
    }

    @Test
    void a_document_that_comes_alone_is_read_with_the_settings() throws Exception {
        JsonFactory settings =
                JsonFactory.builder()
                        .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
                        .streamReadConstraints(
                                StreamReadConstraints.builder().maxNestingDepth(3).build())
                        .build();

        assertThat(nameOf(BoundedParsers.once(settings, "{'name':1}"))).isEqualTo("name");
        assertThatThrownBy(
                        () -> {
                            try (JsonParser parser = BoundedParsers.once(settings, "[[[[]]]]")) {
                                while (parser.nextToken() != null) {
                                    // Its depth is refused.
                                }
                            }
                        })
                .isInstanceOf(StreamConstraintsException.class);
    }

    /** A long document is open while short ones within it are read. */
    @Test
    void names_of_documents_around_others_count_with_their_own_length() throws Exception {
        int most = 0;
        for (int i = 0; i < 1000; i++) {
            byte[] outer =
                    ("{\"" + i + "n".repeat(30_000) + "\":1}").getBytes(StandardCharsets.US_ASCII);
            byte[] inner = "1".getBytes(StandardCharsets.US_ASCII);
            try (JsonParser parser = parsers.parser(outer, 0, outer.length)) {
                parser.nextToken();
                try (JsonParser within = parsers.within().parser(inner, 0, inner.length)) {
                    within.nextToken();
                }
                parser.nextToken();
            }
            most = Math.max(most, parsers.keptNames());
        }

        assertThat(most).isBetween(1, 6);
    }

    private static String nameOf(JsonParser document) throws IOException {
        try (JsonParser parser = document) {
            parser.nextToken();
            return parser.nextFieldName();
        }
    }
}
