package io.delivery.jq.value;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EditTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static JsonNode path(Object... keys) {
        ArrayNode path = NODES.arrayNode();
        for (Object key : keys) {
            path.add(
                    key instanceof String text
                            ? TextNode.valueOf(text)
                            : IntNode.valueOf((int) key));
        }
        return path;
    }

    private static Edit edit(JsonNode value) {
        Budget budget = new Budget();
        budget.begin(1_000_000_000);
        return new Edit(value, budget);
    }

    @Test
    void what_a_program_has_seen_does_not_change() throws Exception {
        Edit edit = edit(NODES.objectNode());
        for (int i = 0; i < 1_000; i++) {
            edit.set(path("b", i, "c"), IntNode.valueOf(i));
        }
        JsonNode seen = edit.get(path("b", 999));
        JsonNode all = edit.value();

        edit.set(path("b", 999, "c"), IntNode.valueOf(-1));
        edit.set(path("b", 0, "c"), IntNode.valueOf(-1));

        assertThat(seen.get("c").intValue()).isEqualTo(999);
        assertThat(all.get("b").get(0).get("c").intValue()).isZero();
        assertThat(edit.value().get("b").get(0).get("c").intValue()).isEqualTo(-1);
    }

    /** Once there were many copies; clearing the room that they took would take a minute. */
    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void looking_at_a_copy_takes_no_longer_when_there_were_many() throws Exception {
        ObjectNode value = NODES.objectNode();
        ArrayNode many = value.putArray("b");
        for (int i = 0; i < 200_000; i++) {
            many.addArray();
        }
        Edit edit = edit(value);
        for (int i = 0; i < many.size(); i++) {
            edit.set(path("b", i, 0), IntNode.valueOf(1));
        }

        for (int i = 0; i < 400_000; i++) {
            edit.set(path("s", "a"), IntNode.valueOf(i));
            assertThat(edit.get(path("s")).size()).isOne();
        }
    }
}
