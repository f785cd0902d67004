package io.delivery.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.landing.ObjectStore;
import io.delivery.landing.ObjectStore.Found;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.UploadListener;
import io.delivery.record.ObjectName;
import io.delivery.testkit.MemoryStore.Fate;
import io.delivery.testkit.contract.ObjectStoreContract;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class MemoryStoreTest extends ObjectStoreContract {
    private final SimWorld world = SimWorld.seeded(42);
    private final MemoryStore store = world.store();

    @Override
    protected ObjectStore store() {
        return store;
    }

    @Override
    protected Optional<byte[]> contentOf(ObjectName name) {
        return store.visible(name).map(MemoryStore.Visible::bytes);
    }

    @Override
    protected <T> T answerOf(CompletionStage<T> stage) throws Exception {
        CompletableFuture<T> future = stage.toCompletableFuture();
        while (!future.isDone()) {
            if (!world.scheduler().runOne() && !world.scheduler().advanceToNextTimer()) {
                throw new AssertionError("no answer, and nothing left to run");
            }
        }
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    /** All calls are on the wire before the first answer: the seed decides who is first. */
    @Override
    protected <T> List<T> race(List<Callable<CompletionStage<T>>> calls) throws Exception {
        List<CompletionStage<T>> stages = new ArrayList<>();
        for (Callable<CompletionStage<T>> call : calls) {
            stages.add(call.call());
        }
        List<T> answers = new ArrayList<>();
        for (CompletionStage<T> stage : stages) {
            answers.add(answerOf(stage));
        }
        return answers;
    }

    @Test
    void nothing_happens_inside_the_call() {
        CompletionStage<Landing> landing =
                store.land(
                        SampleContent.of("x"), name("later"), marked("m"), UploadListener.IGNORE);

        assertThat(landing.toCompletableFuture()).isNotDone();
        assertThat(store.visible()).isEmpty();
    }

    @Test
    void an_unknown_outcome_may_have_landed_or_not() throws Exception {
        SampleContent content = SampleContent.of("x");
        store.next(Fate.ANSWER_LOST, Fate.LOST);

        assertThat(land(content, name("landed"), "m")).isInstanceOf(Landing.Unknown.class);
        assertThat(land(content, name("lost"), "m")).isInstanceOf(Landing.Unknown.class);

        assertThat(find(content, name("landed"), "m")).isEqualTo(Found.OURS);
        assertThat(find(content, name("lost"), "m")).isEqualTo(Found.ABSENT);
    }

    @Test
    void a_late_put_arrives_after_its_process_has_died() {
        store.next(Fate.LATE);
        CompletionStage<Landing> answer =
                store.land(
                        SampleContent.of("late"), name("late"), marked("m"), UploadListener.IGNORE);
        world.scheduler().runUntilIdle();
        assertThat(store.visible()).isEmpty();

        world.kill();
        world.restart();
        world.scheduler().runFor(Duration.ofMinutes(3));

        assertThat(contentOf(name("late"))).hasValue("late".getBytes(StandardCharsets.UTF_8));
        assertThat(answer.toCompletableFuture()).isNotDone();
    }

    @Override
    protected String refusedKey() {
        String key = super.refusedKey();
        store.refuse(name -> name.key().equals(key));
        return key;
    }

    @Test
    void refusals_doubts_and_slow_answers_are_told_as_they_are() throws Exception {
        SampleContent content = SampleContent.of("x");
        store.next(Fate.DENIED, Fate.DOUBTFUL, Fate.SLOW);

        assertThat(land(content, name("denied"), "m")).isInstanceOf(Landing.Denied.class);
        assertThat(land(content, name("doubtful"), "m")).isInstanceOf(Landing.Doubtful.class);
        assertThat(land(content, name("slow"), "m")).isInstanceOf(Landing.Landed.class);

        assertThat(contentOf(name("denied"))).isEmpty();
        assertThat(contentOf(name("slow"))).isPresent();
    }

    @Test
    void looks_can_be_lost_and_forbidden() throws Exception {
        SampleContent content = SampleContent.of("x");
        land(content, name("there"), "m");

        store.nextFind(Found.unknown("503"));
        assertThat(find(content, name("there"), "m")).isEqualTo(Found.unknown("503"));
        store.forbidLooking();
        assertThat(find(content, name("there"), "m")).isEqualTo(Found.FORBIDDEN);
        store.heal();
        assertThat(find(content, name("there"), "m")).isEqualTo(Found.OURS);
    }

    @Test
    void a_process_that_dies_within_a_multipart_upload_leaves_it_open() throws Exception {
        store.partSize(4);
        List<String> told = new ArrayList<>();
        store.land(
                SampleContent.of("three parts"),
                name("parts"),
                marked("m"),
                uploadId -> {
                    told.add(uploadId);
                    world.kill();
                    throw new SimulatedCrash("between upload and completion");
                });
        assertThatThrownBy(() -> world.scheduler().runUntilIdle())
                .isInstanceOf(SimulatedCrash.class);

        world.restart();
        world.scheduler().runUntilIdle();

        assertThat(store.openUploads()).isEqualTo(told).hasSize(1);
        assertThat(store.visible()).isEmpty();
        answerOf(store.abort(name("parts"), told.get(0)));
        assertThat(store.openUploads()).isEmpty();
    }

    @Test
    void a_visible_object_that_changes_is_noticed() throws Exception {
        store.ignoreConditions();
        land(SampleContent.of("one"), name("changes"), "m");

        assertThat(land(SampleContent.of("one"), name("changes"), "m"))
                .isInstanceOf(Landing.Landed.class);
        assertThatThrownBy(() -> land(SampleContent.of("two"), name("changes"), "m"))
                .isInstanceOf(AssertionError.class)
                .hasMessage("a visible object changed: lake/changes");
    }

    @Test
    void the_same_seed_gives_the_same_story() {
        assertThat(story(7)).isEqualTo(story(7)).isNotEqualTo(story(8));
    }

    private static List<String> story(long seed) {
        SimWorld world = SimWorld.seeded(seed);
        MemoryStore store = world.store();
        for (Fate fate : Fate.values()) {
            store.weather(fate, 1.0 / Fate.values().length);
        }
        List<String> story = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            ObjectName name = new ObjectName("lake", "object-" + i);
            store.land(SampleContent.of("x" + i), name, marked("m" + i), UploadListener.IGNORE)
                    .thenAccept(landing -> story.add(name + " " + landing));
        }
        world.scheduler().runFor(Duration.ofMinutes(5));
        assertThat(story).hasSize(50);
        story.add(store.visible().keySet().toString());
        return story;
    }
}
