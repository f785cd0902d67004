package io.delivery.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.processing.Outcome;

class RunNumberingProcessorTest extends SimulatedProcessorContract {
    @Override
    Shape.Transform transform() {
        return Shape.Transform.NUMBERS_THE_RUN;
    }

    @Override
    protected void requireOutcomeOf(String record, Outcome outcome) {
        requireKind(outcome, Outcome.Ok.class);
        assertThat(text((Outcome.Ok) outcome)).isEqualTo(record + "~3");
    }
}
