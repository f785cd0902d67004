package io.delivery.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.processing.Processor;
import io.delivery.record.Incarnation;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlowProcessorTest extends SimulatedProcessorContract {
    @Override
    Shape.Transform transform() {
        return Shape.Transform.SLOW;
    }

    /** A lane that sends it a batch then has a defect, which ends the simulated world. */
    @Test
    @Override
    protected void a_batch_after_the_end_fails_and_throws_nothing() {
        Processor processor = processor();
        processor.open(new Incarnation(1, 2));
        processor.close();

        assertThatThrownBy(() -> processor.process(List.of()))
                .isInstanceOf(AssertionError.class)
                .hasMessage("the processor is not open");
    }
}
