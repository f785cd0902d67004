package io.delivery.jq.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.management.ThreadMXBean;
import io.delivery.jq.expression.Constructions.Format;
import io.delivery.jq.value.Budget;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JqFormatsTest {
    /** A text of the most characters, which has grown to that, and another one before it. */
    private static final long MOST_BYTES = 8L * Budget.MOST_CHARACTERS;

    private final Budget budget = new Budget();

    private Format format(String name) {
        budget.begin(1_000_000_000);
        return new JqFormats(budget).of(name);
    }

    private static JsonNode text(String of, int times) {
        return TextNode.valueOf(of.repeat(times));
    }

    private static JsonNode cells(JsonNode cell, int count) {
        ArrayNode cells = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < count; i++) {
            cells.add(cell);
        }
        return cells;
    }

    /** The format, what is repeated 3,000,000 times, and how many cells are such a text. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "csv, \", 1",
                "csv, \", 20",
                "csv, x, 20",
                "csv, NUL, 20",
                "tsv, \\, 20",
                "tsv, x, 20",
                "sh, ', 20",
                "sh, x, 20",
                "sh, NUL, 20",
                "sh, ', 0",
                "html, \", 0",
                "html, &, 0",
                "uri, /, 0",
                "uri, \u20ac, 0",
                "base64, \u20ac, 0",
            })
    void a_text_that_becomes_too_long_is_not_made_to_its_end(String name, String of, int cells)
            throws Exception {
        JsonNode text = text(of.equals("NUL") ? "\0" : of, 3_000_000);
        JsonNode value = cells == 0 ? text : cells(text, cells);
        Format format = format(name);

        long before = allocated();
        assertThatThrownBy(() -> format.of(value)).hasMessageContaining("a text of more than");
        assertThat(allocated() - before).isLessThan(MOST_BYTES);
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    @Test
    void a_text_of_the_most_characters_is_made() throws Exception {
        int most = Budget.MOST_CHARACTERS;

        assertThat(format("csv").of(cells(text("\"", most / 2 - 1), 1))).hasSize(most);
        assertThat(format("tsv").of(cells(text("\t", most / 2), 1))).hasSize(most);
        assertThat(format("sh").of(text("x", most - 2))).hasSize(most);
        assertThat(format("html").of(text("<", most / 4))).hasSize(most);
        assertThat(format("uri").of(text("x", most))).hasSize(most);
        assertThat(format("base64").of(text("x", most / 4 * 3))).hasSize(most);
    }

    @Test
    void what_is_escaped_is_escaped_once() throws Exception {
        assertThat(format("csv").of(cells(text("a\"b\0\\n", 1), 2)))
                .isEqualTo("\"a\"\"b\\0\\n\",\"a\"\"b\\0\\n\"");
        assertThat(format("tsv").of(cells(text("\\\t\n\r\0n", 1), 2)))
                .isEqualTo("\\\\\\t\\n\\r\\0n\t\\\\\\t\\n\\r\\0n");
        assertThat(format("sh").of(cells(text("'a\0'", 1), 2)))
                .isEqualTo("''\\''a\\0'\\''' ''\\''a\\0'\\'''");
        assertThat(format("html").of(text("<&>'\"\0&lt;", 1)))
                .isEqualTo("&lt;&amp;&gt;&apos;&quot;\\0&amp;lt;");
        assertThat(format("uri").of(text("a-/\0\u20ac", 1))).isEqualTo("a-%2F%00%E2%82%AC");
    }
}
