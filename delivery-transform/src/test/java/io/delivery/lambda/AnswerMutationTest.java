package io.delivery.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.processing.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Answers that went wrong in any way: no outcome is lost, and none is another record's. */
class AnswerMutationTest {
    private static final String[] PIECES = {
        "\"recordId\":\"1\"",
        "\"recordId\":\"2\"",
        "\"recordId\":3",
        "\"result\":\"Ok\"",
        "\"result\":\"Dropped\"",
        "\"result\":\"ProcessingFailed\"",
        "\"result\":null",
        "\"data\":\"MQ==\"",
        "\"data\":\"Mg==\"",
        "\"data\":\"?\"",
        "\"data\":1",
        "\"metadata\":{\"partitionKeys\":{\"k\":\"v\"}}",
        "\"metadata\":{\"partitionKeys\":[]}",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "null",
        "\"records\"",
        "\u0000",
        "ä",
        "1e999999",
    };

    private final AnswerReader reader = new AnswerReader(new EventSource.DirectPut());

    private static byte[] mutated(Random random) {
        StringBuilder answer = new StringBuilder("{\"records\":[");
        int records = random.nextInt(7);
        for (int i = 0; i < records; i++) {
            answer.append(i == 0 ? "" : ",").append('{');
            int members = random.nextInt(6);
            for (int member = 0; member < members; member++) {
                answer.append(member == 0 ? "" : ",").append(PIECES[random.nextInt(13)]);
            }
            answer.append('}');
        }
        answer.append("]}");
        for (int change = random.nextInt(4) - 1; change > 0; change--) {
            int at = random.nextInt(answer.length() + 1);
            switch (random.nextInt(3)) {
                case 0 -> answer.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 1 -> answer.delete(at, Math.min(answer.length(), at + random.nextInt(5)));
                default -> answer.setLength(at);
            }
        }
        byte[] bytes = answer.append(' ').toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(8) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    @Property(tries = 20_000)
    void every_record_has_one_outcome_whatever_the_answer_is(@ForAll long seed) {
        Random random = new Random(seed);
        List<String> ids = List.of("1", "2", "3", "4").subList(0, 1 + random.nextInt(4));
        byte[] answer = mutated(random);

        List<Outcome> outcomes = reader.read(answer, ids, 1);

        assertThat(outcomes).hasSameSizeAs(ids).doesNotContainNull();
        assertThat(reader.read(answer, ids, 1).stream().map(AnswerMutationTest::text))
                .containsExactlyElementsOf(
                        outcomes.stream().map(AnswerMutationTest::text).toList());
    }

    @Property(tries = 2_000)
    void a_well_formed_answer_gives_each_record_its_own_bytes_in_any_order(@ForAll long seed) {
        Random random = new Random(seed);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(20); i++) {
            ids.add(Integer.toString(i));
        }
        List<String> order = new ArrayList<>(ids);
        Collections.shuffle(order, random);
        int broken = random.nextInt(3 * ids.size()); // perhaps one of them is not base64
        StringBuilder answer = new StringBuilder();
        for (String id : order) {
            String data =
                    id.equals(Integer.toString(broken))
                            ? "?"
                            : Base64.getEncoder()
                                    .encodeToString(id.getBytes(StandardCharsets.UTF_8));
            answer.append(answer.isEmpty() ? "" : ",")
                    .append(
                            "{\"recordId\":\"%s\",\"result\":\"Ok\",\"data\":\"%s\"}"
                                    .formatted(id, data));
        }

        List<Outcome> outcomes =
                reader.read(
                        ("{\"records\":[" + answer + "]}").getBytes(StandardCharsets.UTF_8),
                        ids,
                        1);

        for (int i = 0; i < ids.size(); i++) {
            assertThat(text(outcomes.get(i)))
                    .isEqualTo(i == broken ? "Lambda.JsonProcessingException" : "ok " + i);
        }
    }

    private static String text(Outcome outcome) {
        if (outcome instanceof Outcome.Ok ok) {
            return "ok " + new String(ok.data(), StandardCharsets.UTF_8);
        }
        return outcome instanceof Outcome.ProcessingFailed failed
                ? failed.failure().code()
                : "dropped";
    }
}
