package io.delivery.lane.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.failure.ToldLines;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore;
import io.delivery.landing.ObjectStore.Found;
import io.delivery.landing.SequenceList;
import io.delivery.lane.components.LaneName;
import io.delivery.record.Incarnation;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedBytes;
import io.delivery.staging.StagedContent;
import io.delivery.testkit.ForwardingStore;
import io.delivery.testkit.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class VoidWatchTest {
    private final SimWorld world = SimWorld.seeded(1);
    private final List<CompletableFuture<Found>> looks = new ArrayList<>();
    private final List<Integer> changes = new ArrayList<>();
    private final VoidWatch watch =
            new VoidWatch(
                    world.world(),
                    name -> named(),
                    new LaneName("void-watch", new Incarnation(1, 2), "main-1"),
                    world.scheduler().serial("lane"),
                    () -> changes.add(visible()));
    @RegisterExtension final ToldLines told = new ToldLines(VoidWatch.class, "stream=void-watch");

    private boolean broken;

    /** What is configured under the name of the store; null when nothing is. */
    private ObjectStore named;

    /** It answers when the test does. */
    private final ObjectStore store =
            new ForwardingStore(world.store()) {
                @Override
                public CompletionStage<Found> find(
                        ObjectName name, ObjectAttributes attributes, StagedContent content) {
                    if (broken) {
                        throw new IllegalStateException("a defect of the store");
                    }
                    CompletableFuture<Found> look = new CompletableFuture<>();
                    looks.add(look);
                    return look;
                }
            };

    @BeforeEach
    void configured() {
        named = store;
    }

    private ObjectStore named() {
        return named;
    }

    private int visible() {
        return watch.visible();
    }

    private void watch(int number) {
        watch(number, "bucket");
    }

    private void watch(int number, String bucket) {
        SequenceList.Builder records = new SequenceList.Builder();
        records.add(number, 1, true);
        ObjectRecord object =
                new ObjectRecord(
                        0,
                        number,
                        Kind.MAIN,
                        1,
                        "whole/1",
                        "lake",
                        new ObjectName(bucket, "key-" + number),
                        new ObjectAttributes("mark", 1, ""),
                        new StagedBytes("file", 0, 20, 30),
                        40,
                        records.build());
        watch.watch(object, null);
    }

    private void pass(Duration time) {
        world.scheduler().runFor(time);
    }

    @Test
    void a_look_that_is_not_answered_is_not_asked_again() {
        watch(1);
        pass(Duration.ofMinutes(10));
        watch(2);
        pass(Duration.ofHours(5));
        assertThat(looks).as("one for each object").hasSize(2);

        looks.get(0).complete(Found.OURS);
        looks.get(1).completeExceptionally(new IllegalStateException("a defect of the store"));
        pass(Duration.ofHours(1));

        assertThat(changes).containsExactly(1);
        assertThat(looks).as("both are asked again").hasSize(4);
    }

    @Test
    void a_store_that_throws_is_asked_again() {
        broken = true;
        watch(1);
        pass(Duration.ofMinutes(10));
        broken = false;
        pass(Duration.ofHours(1));

        assertThat(looks).hasSize(1);
    }

    @Test
    void the_log_says_when_nobody_can_look() {
        watch(1);
        pass(Duration.ofMinutes(1));
        looks.get(0).complete(Found.FORBIDDEN);
        pass(Duration.ofMinutes(2));
        looks.get(1).complete(Found.ABSENT);
        pass(Duration.ofSeconds(1));

        assertThat(told.lines())
                .containsExactly(
                        "looking for objects that were given up fails: stream=void-watch lane=main-1"
                                + " store=lake bucket=bucket object=bucket/key-1 error=the store forbids to look, so"
                                + " nobody can know whether it is visible",
                        "looking for objects that were given up works again: stream=void-watch"
                                + " lane=main-1 store=lake bucket=bucket failures=1 after=2 min 0 s");
    }

    @Test
    void a_bucket_that_can_be_looked_into_does_not_speak_for_another_one() {
        watch(1, "closed");
        watch(2, "open");
        for (int round = 0; round < 3; round++) {
            pass(Duration.ofHours(1));
            looks.get(0).complete(Found.FORBIDDEN);
            looks.get(1).complete(Found.ABSENT);
            looks.clear();
            pass(Duration.ofSeconds(1));
        }

        assertThat(told.lines())
                .isNotEmpty()
                .allMatch(line -> line.contains(" fails: ") && line.contains("bucket=closed"));
    }

    /** Rights may be given for a prefix. */
    @Test
    void an_object_that_can_be_looked_for_does_not_speak_for_another_one_of_its_bucket() {
        watch(1);
        watch(2);
        for (int round = 0; round < 3; round++) {
            pass(Duration.ofHours(1));
            looks.get(0).complete(Found.FORBIDDEN);
            looks.get(1).complete(Found.ABSENT);
            looks.clear();
            pass(Duration.ofSeconds(1));
        }
        assertThat(told.lines()).isNotEmpty().allMatch(line -> line.contains(" fails: "));

        pass(Duration.ofHours(1));
        looks.get(0).complete(Found.ABSENT);
        pass(Duration.ofSeconds(1));

        assertThat(told.lines()).filteredOn(line -> line.contains(" works again: ")).hasSize(1);
    }

    @Test
    void a_store_that_is_opened_anew_under_its_name_is_looked_into() {
        watch(1);
        named = null;
        pass(Duration.ofMinutes(10));
        assertThat(looks).as("nobody can be asked").isEmpty();
        named =
                new ForwardingStore(world.store()) {
                    @Override
                    public CompletionStage<Found> find(
                            ObjectName name, ObjectAttributes attributes, StagedContent content) {
                        return CompletableFuture.completedFuture(Found.OURS);
                    }
                };
        pass(Duration.ofHours(1));

        assertThat(changes).containsExactly(1);
        assertThat(looks).isEmpty();
    }

    @Test
    void of_too_many_objects_one_that_is_visible_stays() {
        watch(0);
        pass(Duration.ofMinutes(1));
        looks.get(0).complete(Found.OURS);
        pass(Duration.ofSeconds(1));
        for (int number = 1; number <= 1000; number++) {
            watch(number);
        }

        assertThat(watch.visible()).isEqualTo(1);
    }

    @Test
    void what_is_answered_after_the_end_is_told_to_nobody() {
        watch(1);
        pass(Duration.ofMinutes(1));
        watch.close();
        looks.get(0).complete(Found.OURS);
        pass(Duration.ofSeconds(1));

        assertThat(changes).isEmpty();
        assertThat(watch.visible()).isZero();
    }
}
