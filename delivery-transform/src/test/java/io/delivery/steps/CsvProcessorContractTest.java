package io.delivery.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.ProcessorSettings;
import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.testkit.contract.ProcessorContract;
import java.time.Duration;
import java.util.List;

class CsvProcessorContractTest extends ProcessorContract {
    @Override
    protected Processor processor() {
        return new CsvProcessor(new ProcessorSettings.Csv(List.of("n", "text"), ',', '"'));
    }

    @Override
    protected void pass(Duration time) {}

    @Override
    protected String record(int number) {
        return number + ",\"a, b\"\n";
    }

    @Override
    protected void requireOutcomeOf(String record, Outcome outcome) {
        String number = record.substring(0, record.indexOf(','));
        assertThat(text((Outcome.Ok) outcome))
                .isEqualTo("{\"n\":\"%s\",\"text\":\"a, b\"}".formatted(number));
    }
}
