package io.delivery.lane;

import io.delivery.buffer.MemoryBudget;
import io.delivery.engine.Engine;
import io.delivery.failure.FailureText;
import io.delivery.landing.Diversion;
import io.delivery.landing.DiversionAnswer;
import io.delivery.landing.Diverted;
import io.delivery.landing.LaneState;
import io.delivery.lane.components.LaneComponents;
import io.delivery.staging.LocalStaging;
import io.delivery.staging.Staging;
import io.delivery.staging.StagingSeal;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * One reader of a stream's log, as others see it: it is opened, started, flushed, changed, drained
 * and stopped. {@link LaneSteps} is what it does; all of that runs on the lane's own serial
 * executor, in log order, and never waits for a store. Thread-safe.
 */
public final class Lane {
    private final LanePlace place;
    private final MemoryBudget memory;
    private final LaneSteps steps;

    /**
     * Opens a lane as it was left; nothing is written yet.
     *
     * @param components the lane opens and closes them
     * @param onCommit called on the lane's executor when its checkpoint has moved
     */
    public static Lane open(
            Engine engine, LanePlace place, LaneComponents components, Runnable onCommit)
            throws IOException {
        Staging staging =
                LocalStaging.open(
                        place.directory().resolve("staging"),
                        engine.world().disk(),
                        engine.world().entropy().nextLong(),
                        new StagingSeal(place.keys(), place.name().lane()));
        return new Lane(
                place,
                engine.memory(),
                new LaneSteps(engine, place, components, staging, onCommit));
    }

    private Lane(LanePlace place, MemoryBudget memory, LaneSteps steps) {
        this.place = place;
        this.memory = memory;
        this.steps = steps;
    }

    public String name() {
        return place.name().lane();
    }

    /**
     * Finishes what an earlier process began, then reads on. The definition has been accepted by
     * now.
     */
    public void start() {
        place.source().onDurable(steps::wake);
        steps.executor().execute(steps::start);
    }

    /** Seals and lands everything accepted by now; completes when it is committed. */
    public CompletionStage<Void> flush() {
        return ask(steps::flush);
    }

    /** What was done with each object that it is about, once that is durable. */
    private CompletionStage<List<Diverted>> divert(Diversion diversion) {
        return ask(done -> steps.divert(diversion, done));
    }

    /** The same in several lanes, side by side; one that fails is told of beside the others. */
    public static CompletionStage<DiversionAnswer> divert(List<Lane> lanes, Diversion diversion) {
        CompletionStage<DiversionAnswer> all =
                CompletableFuture.completedFuture(DiversionAnswer.of(List.of()));
        for (Lane lane : lanes) {
            all = all.thenCombine(lane.answer(diversion), DiversionAnswer::and);
        }
        return all;
    }

    private CompletionStage<DiversionAnswer> answer(Diversion diversion) {
        return divert(diversion)
                .handle(
                        (objects, failure) ->
                                failure == null
                                        ? DiversionAnswer.of(objects)
                                        : DiversionAnswer.failed(name(), FailureText.of(failure)));
    }

    /**
     * Changes to another definition, which has been accepted, at the lane's present position;
     * completes when it is in force. The lane closes its components also when it never is.
     */
    public CompletionStage<Void> replace(LaneComponents next) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        steps.executor().execute(() -> steps.replace(next, done));
        return done;
    }

    /**
     * Reads what is below this sequence, lands it, and ends.
     *
     * @param drained called on the lane's executor when its end is durable
     */
    public void endAt(long sequence, Runnable drained) {
        steps.endBefore(sequence); // before anything that is accepted from now on can be read
        steps.executor().execute(() -> steps.whenDrained(drained));
    }

    /**
     * Closes the files of a lane that has nothing to do; they are opened again when it has. What it
     * was the last to use of the memory for blocks goes back to the heap.
     *
     * @see LaneState#rest()
     * @see MemoryBudget#trim()
     */
    public void rest() {
        steps.executor()
                .execute(
                        () -> {
                            memory.trim();
                            place.state().rest();
                        });
    }

    /**
     * Stops at once; what is not recorded will be read again.
     *
     * @return completes when everything was given back, although giving some of it back failed: the
     *     log tells that, and what stops behind the lane must stop as well
     */
    public CompletionStage<Void> stop() {
        return ask(
                done -> {
                    try {
                        steps.stop();
                    } finally {
                        memory.trim();
                        done.complete(null);
                    }
                });
    }

    /**
     * The names of the stores that recorded objects, which are not committed, land in. What was
     * recorded before this is asked is among them, and so is what it was decided to record and
     * could not be written.
     */
    public CompletionStage<Set<String>> storesToLandIn() {
        return ask(names -> names.complete(steps.storesToLandIn()));
    }

    /**
     * Asks the lane for something.
     *
     * @param step completes the stage at once or later. What it throws, errors too, fails the
     *     stage: whoever has asked waits for it
     */
    private <T> CompletionStage<T> ask(Consumer<CompletableFuture<T>> step) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        steps.executor()
                .execute(
                        () -> {
                            try {
                                step.accept(answer);
                            } catch (Throwable defect) {
                                answer.completeExceptionally(defect);
                                throw defect; // for the log
                            }
                        });
        return answer;
    }

    /** What the lane looked like after its last step. */
    public LaneSnapshot snapshot() {
        return steps.snapshot();
    }

    /** Every sequence below is settled, and that is durable. */
    public long durableCheckpoint() {
        return snapshot().durableCheckpoint();
    }
}
