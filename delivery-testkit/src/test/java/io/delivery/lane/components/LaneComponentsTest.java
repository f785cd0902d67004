package io.delivery.lane.components;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.config.BufferingHints;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.partition.KeyExpression;
import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.record.SequencedRecord;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class LaneComponentsTest {
    private final List<String> closed = new ArrayList<>();

    /** Processes nothing. */
    private record Closing(Runnable closing) implements Processor {
        @Override
        public CompletionStage<List<Outcome>> process(List<? extends SequencedRecord> records) {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public void close() {
            closing.run();
        }
    }

    private LaneComponents components(List<Processor> processors) {
        return new LaneComponents(
                Kind.MAIN,
                1,
                new BufferingHints(1, 60, BufferingHints.Latency.STANDARD),
                Splitters.WHOLE,
                identity -> null,
                processors,
                Optional.empty(),
                Integer.MAX_VALUE,
                KeyExpression.of(Optional.empty(), Optional.empty(), ZoneOffset.UTC, "orders", ""),
                null,
                Optional.empty(),
                "lake",
                "bucket",
                new Resources(() -> closed.add("resources")));
    }

    @Test
    void a_processor_that_does_not_close_in_order_keeps_nothing_else_open() {
        Processor defective =
                new Closing(
                        () -> {
                            throw new NoClassDefFoundError("of/a/Plugin");
                        });
        Processor first = new Closing(() -> closed.add("first"));
        Processor last = new Closing(() -> closed.add("last"));
        LaneComponents components = components(List.of(first, defective, last));

        assertThatThrownBy(components::close).isInstanceOf(NoClassDefFoundError.class);

        assertThat(closed).containsExactlyInAnyOrder("first", "last", "resources");
        assertThat(components.isClosed()).isTrue();
    }
}
