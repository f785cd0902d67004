package io.delivery.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.metrics.Metrics;
import io.delivery.processing.Processor;
import io.delivery.testkit.FakeFunction;
import io.delivery.testkit.FakeFunction.Reply;
import io.delivery.testkit.SimEntropy;
import io.delivery.testkit.simulation.Counts;
import io.delivery.testkit.simulation.SimulationRunner;
import io.delivery.world.World;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Whole streams whose records pass a function that answers late, never, differently each time and
 * wrongly, while the process dies at any step: no record is lost or doubled.
 */
class FunctionSimulationTest {
    private static final int STEPS = 150;

    private final AtomicLong invocations = new AtomicLong();

    @Test
    void no_accepted_record_is_lost_or_doubled_whatever_the_function_does() {
        Counts counts =
                SimulationRunner.runAsAsked(
                        "Simulated worlds with a function", 0.2, STEPS, this::processor);

        long seeds = counts.of("seeds");
        assertThat(counts.of("records accepted")).isGreaterThan(10 * seeds);
        assertThat(counts.of("crashes")).isGreaterThan(seeds);
        assertThat(invocations.get()).isGreaterThan(10 * seeds);
    }

    private Processor processor(World world, SimEntropy chance) {
        FakeFunction function =
                new FakeFunction(
                        world.scheduler(),
                        2,
                        invocation -> {
                            invocations.incrementAndGet();
                            return reply(invocation, chance);
                        });
        return new LambdaProcessor(
                new InvocationSettings(
                        "whimsical", Duration.ofSeconds(5), 2, 3, 200, Duration.ofSeconds(3)),
                new EventOrigin("clicks", "arn", "us-east-1", new EventSource.DirectPut()),
                function,
                world,
                world.scheduler().pool("functions", 2),
                Metrics.NONE);
    }

    private static Reply reply(Invocation invocation, SimEntropy chance) {
        Duration after = Duration.ofMillis(chance.below(6000));
        Reason[] reasons = Reason.values();
        return switch (chance.below(12)) {
            case 0 -> Reply.never();
            case 1 -> Reply.failure(reasons[chance.below(reasons.length)], "a whim").after(after);
            case 2 -> {
                byte[] whole = answer(invocation, chance);
                byte[] cut = new byte[chance.below(whole.length)];
                System.arraycopy(whole, 0, cut, 0, cut.length);
                yield Reply.answer(cut).after(after);
            }
            default -> Reply.answer(answer(invocation, chance)).after(after);
        };
    }

    private static byte[] answer(Invocation invocation, SimEntropy chance) {
        ObjectNode answer = Functions.JSON.createObjectNode();
        ArrayNode records = answer.putArray("records");
        for (JsonNode record : Functions.event(invocation).get("records")) {
            String id = record.get("recordId").textValue();
            int dice = chance.below(20);
            if (dice == 0) {
                continue; // forgotten
            }
            ObjectNode returned =
                    records.insertObject(chance.below(records.size() + 1)).put("recordId", id);
            if (dice == 1) {
                returned.put("result", "Dropped");
            } else if (dice == 2) {
                returned.put("result", "ProcessingFailed");
            } else if (dice == 3) {
                returned.put("result", "Ok").put("data", "no base64");
            } else {
                pass(returned, Functions.text(record), chance);
            }
            if (dice == 4) {
                records.add(returned.deepCopy());
            }
        }
        return Functions.bytes(answer);
    }

    private static void pass(ObjectNode returned, String text, SimEntropy chance) {
        String changed = text + "~" + chance.below(1000);
        returned.put("result", "Ok").put("data", changed.getBytes(StandardCharsets.UTF_8));
        String key = text.substring(text.indexOf(':') + 1).replaceAll("[^a-z].*", "");
        if (!key.isEmpty()) {
            returned.putObject("metadata").putObject("partitionKeys").put("k", key);
        }
    }
}
