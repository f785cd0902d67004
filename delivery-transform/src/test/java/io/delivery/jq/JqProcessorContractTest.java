package io.delivery.jq;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.testkit.contract.ProcessorContract;
import java.time.Duration;

class JqProcessorContractTest extends ProcessorContract {
    private static final JqProgram PROGRAM = program();

    private static JqProgram program() {
        try {
            return JqProgram.compile("select(.n % 5 != 0) | {n, twice: (.n * 2)}");
        } catch (JqSyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    protected Processor processor() {
        return new JqProcessor(PROGRAM, JqKeyExtractor.DEFAULT_STEPS, limit -> {});
    }

    @Override
    protected void pass(Duration time) {}

    @Override
    protected String record(int number) {
        return "{\"n\": " + number + "}";
    }

    @Override
    protected void requireOutcomeOf(String record, Outcome outcome) {
        int n = Integer.parseInt(record.replaceAll("[^0-9]", ""));
        if (n % 5 == 0) {
            requireKind(outcome, Outcome.Dropped.class);
        } else {
            assertThat(text((Outcome.Ok) outcome))
                    .isEqualTo("{\"n\":%d,\"twice\":%d}".formatted(n, 2 * n));
        }
    }
}
