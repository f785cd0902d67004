package io.delivery.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.ProcessorSettings;
import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.testkit.contract.ProcessorContract;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

class RedactProcessorContractTest extends ProcessorContract {
    @Override
    protected Processor processor() {
        return new RedactProcessor(
                new ProcessorSettings.Redact(List.of(), List.of(".secret"), Optional.empty()));
    }

    @Override
    protected void pass(Duration time) {}

    @Override
    protected String record(int number) {
        return "{\"n\": %d, \"secret\": %d}".formatted(number, number);
    }

    @Override
    protected void requireOutcomeOf(String record, Outcome outcome) {
        assertThat(text((Outcome.Ok) outcome))
                .isEqualTo(record.replaceAll("\"secret\": [0-9]+", "\"secret\": \"***\""));
    }
}
