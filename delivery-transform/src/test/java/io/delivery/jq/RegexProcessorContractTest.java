package io.delivery.jq;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.testkit.contract.ProcessorContract;
import java.time.Duration;

class RegexProcessorContractTest extends ProcessorContract {
    @Override
    protected Processor processor() {
        return new RegexProcessor(
                RecordPattern.compile("^GET /(?<path>[0-9]+)$"),
                JqKeyExtractor.DEFAULT_STEPS,
                limit -> {});
    }

    @Override
    protected void pass(Duration time) {}

    @Override
    protected String record(int number) {
        return "GET /" + number;
    }

    @Override
    protected void requireOutcomeOf(String record, Outcome outcome) {
        assertThat(text((Outcome.Ok) outcome))
                .isEqualTo("{\"path\":\"%s\"}".formatted(record.substring(5)));
    }
}
