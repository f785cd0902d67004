package io.delivery.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.landing.LaneRecord.Kind;
import io.delivery.lane.components.LaneComponents;
import io.delivery.lane.components.LaneName;
import io.delivery.lane.components.Resources;
import io.delivery.partition.KeyExpression;
import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.record.Incarnation;
import io.delivery.record.SequencedRecord;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class DefinitionsTest {
    private final Definitions definitions =
            new Definitions(
                    components(1, List.of(), () -> {}),
                    new LanePlace(
                            new LaneName("clicks", new Incarnation(1, 2), "main-1"),
                            null,
                            null,
                            null,
                            null,
                            null,
                            Map.of()));

    private static LaneComponents components(
            int version, List<Processor> processors, Runnable onClose) {
        return new LaneComponents(
                Kind.MAIN,
                version,
                null,
                "",
                null,
                processors,
                Optional.empty(),
                1,
                KeyExpression.of(
                        Optional.of("a/"), Optional.of("err/"), ZoneOffset.UTC, "clicks", ""),
                null,
                Optional.empty(),
                "lake",
                "lake",
                new Resources(onClose));
    }

    private static void fail() {
        throw new IllegalStateException("a defect");
    }

    @Test
    void a_change_is_not_lost_when_the_one_that_it_overtakes_does_not_close() {
        CompletableFuture<Void> older = new CompletableFuture<>();
        definitions.change(components(2, List.of(), DefinitionsTest::fail), older);
        LaneComponents newest = components(3, List.of(), () -> {});
        CompletableFuture<Void> done = new CompletableFuture<>();

        assertThatThrownBy(() -> definitions.change(newest, done)).hasMessage("a defect");
        assertThat(done).isNotDone();
        definitions.stop("it has stopped", components -> false);

        assertThat(done).isCompletedExceptionally();
        assertThat(older).isCompletedExceptionally();
        assertThat(newest.isClosed()).isTrue();
    }

    @Test
    void who_asks_for_a_definition_that_does_not_open_is_told() {
        Processor broken =
                new Processor() {
                    @Override
                    public void open(Incarnation stream) {
                        fail();
                    }

                    @Override
                    public CompletionStage<List<Outcome>> process(
                            List<? extends SequencedRecord> records) {
                        throw new AssertionError("nothing is processed");
                    }
                };
        LaneComponents next = components(2, List.of(broken), () -> {});
        CompletableFuture<Void> done = new CompletableFuture<>();
        definitions.change(next, done);

        assertThatThrownBy(definitions::takeEffect).hasMessage("a defect");

        assertThat(done).isCompletedExceptionally();
        definitions.stop("it has stopped", components -> false);
        assertThat(next.isClosed()).isTrue();
    }
}
