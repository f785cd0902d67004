package io.delivery.landing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.ObjectStore.Found;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedBytes;
import io.delivery.staging.StagedContent;
import io.delivery.testkit.ForwardingStore;
import io.delivery.testkit.MemoryStore;
import io.delivery.testkit.MemoryStore.Fate;
import io.delivery.testkit.MemoryStore.Request;
import io.delivery.testkit.MemoryStore.Told;
import io.delivery.testkit.SampleContent;
import io.delivery.testkit.SimWorld;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LandingsTest {
    private final SimWorld sim = SimWorld.seeded(11);
    private final MemoryStore store = sim.store();
    private ObjectStore asked = store;
    private Landings landings = new Landings(sim.world(), Metrics.NONE, 2);
    private final Executor owner = sim.scheduler().serial("owner");
    private final Heard heard = new Heard();
    private final List<Request> requests = new ArrayList<>();
    private final List<Long> seconds = new ArrayList<>();

    @BeforeEach
    void listen() {
        long begun = sim.clock().nanoTime();
        store.onRequest(
                request -> {
                    requests.add(request);
                    seconds.add((sim.clock().nanoTime() - begun) / 1_000_000_000L);
                });
    }

    private static final class Heard implements LandingTask.Listener {
        private final List<String> events = new ArrayList<>();
        private String trouble = "";

        @Override
        public void landed(ObjectRecord object, String said) {
            events.add("landed " + object.name().key());
        }

        @Override
        public void stranger(ObjectRecord object, String seen) {
            events.add("stranger " + object.name().key());
        }

        @Override
        public void damaged(ObjectRecord object, String reason) {
            events.add("damaged " + object.name().key());
        }

        @Override
        public void keyRefused(ObjectRecord object, String said) {
            events.add("key refused " + object.name().key());
        }

        @Override
        public void doubt(ObjectRecord object, String said) {
            events.add("doubt " + object.name().key());
        }

        @Override
        public void uploadStarted(ObjectRecord object, String uploadId) {
            events.add("upload");
        }

        @Override
        public void trouble(String bucket, String text) {
            trouble = text;
        }
    }

    private void land(String stream, String bucket, String key, LandingTask.Before before) {
        land(stream, bucket, key, before, SampleContent.of("content of " + key));
    }

    private void land(
            String stream,
            String bucket,
            String key,
            LandingTask.Before before,
            StagedContent content) {
        ObjectRecord object = object(bucket, key, content);
        landings.start(new LandingTask(stream, asked, object, content, before, owner, heard));
    }

    private static ObjectRecord object(String bucket, String key, StagedContent content) {
        return new ObjectRecord(
                0,
                key.hashCode(),
                Kind.MAIN,
                1,
                "",
                "lake",
                new ObjectName(bucket, key),
                new ObjectAttributes("mark of " + key, 1, ""),
                new StagedBytes("f", 0, content.length(), content.crc32()),
                1,
                new SequenceList.Builder().build());
    }

    private CompletableFuture<Optional<String>> giveUp(String key, Diversion.Looks looks) {
        return landings.giveUp(
                        "s", object("b", key, SampleContent.of("content of " + key)), heard, looks)
                .toCompletableFuture();
    }

    @Test
    void a_key_is_given_up_at_once_when_every_request_for_it_was_refused() {
        store.weather(Fate.DENIED, 1);
        landNew("s", "a");
        sim.scheduler().runFor(Duration.ofMinutes(3));
        int asked = requests.size();

        CompletableFuture<Optional<String>> answer = giveUp("a", Diversion.Looks.MUST_NOT_SEE_IT);
        sim.scheduler().runUntilIdle();

        assertThat(answer).isCompletedWithValue(Optional.empty());
        assertThat(heard.trouble).isEmpty();
        store.heal();
        sim.scheduler().runFor(Duration.ofMinutes(10));
        assertThat(requests).hasSize(asked);
        assertThat(heard.events).isEmpty();
    }

    @Test
    void a_key_for_which_a_request_may_be_under_way_is_not_given_up_before_it_can_arrive_no_more() {
        landTheFirst();
        store.weather(Fate.LOST, 1);
        land("s", "b", "a", LandingTask.Before.SOMETHING_MAY_HAVE_BEEN_SENT);
        sim.scheduler().runFor(Duration.ofSeconds(5));

        CompletableFuture<Optional<String>> early = giveUp("a", Diversion.Looks.MUST_NOT_SEE_IT);
        sim.scheduler().runFor(Duration.ofSeconds(30));

        assertThat(early.join().orElseThrow())
                .startsWith(
                        "a request for it that was sent before may still bring it there. Ask again at ");
        store.weather(Fate.LOST, 0);
        store.weather(Fate.DENIED, 1);
        sim.scheduler().runFor(store.requestLife(1).plusMinutes(2));

        CompletableFuture<Optional<String>> late = giveUp("a", Diversion.Looks.MUST_NOT_SEE_IT);
        sim.scheduler().runFor(Duration.ofSeconds(9));
        assertThat(late).as("a second look comes ten seconds after the first").isNotDone();
        sim.scheduler().runFor(Duration.ofSeconds(2));

        assertThat(late).isCompletedWithValue(Optional.empty());
        int asked = requests.size();
        store.heal();
        sim.scheduler().runFor(Duration.ofMinutes(10));
        assertThat(requests).hasSize(asked);
        assertThat(heard.events).isEmpty();
    }

    @Test
    void an_object_that_is_there_after_all_is_not_given_up() {
        landTheFirst();
        store.next(Fate.ANSWER_LOST);
        store.looksLost(1);
        landNew("s", "a");
        sim.scheduler().runFor(store.requestLife(1).plusMinutes(2));
        store.heal();

        CompletableFuture<Optional<String>> answer = giveUp("a", Diversion.Looks.MUST_NOT_SEE_IT);
        sim.scheduler().runFor(Duration.ofMinutes(1));

        assertThat(answer).isCompletedWithValue(Optional.of("it has landed"));
        assertThat(heard.events).containsExactly("landed a");
    }

    @Test
    void
            a_key_is_not_given_up_when_nobody_knows_whether_its_object_is_there_and_it_goes_on_landing() {
        landTheFirst();
        store.next(Fate.LOST);
        store.looksLost(1);
        landNew("s", "a");
        sim.scheduler().runFor(store.requestLife(1).plusMinutes(2));

        CompletableFuture<Optional<String>> answer = giveUp("a", Diversion.Looks.MUST_NOT_SEE_IT);
        sim.scheduler().runFor(Duration.ofMinutes(1));

        assertThat(answer.join().orElseThrow()).contains("nobody knows whether it is there");
        store.heal();
        sim.scheduler().runFor(Duration.ofMinutes(1));
        assertThat(heard.events).containsExactly("landed a");
    }

    @Test
    void where_looking_is_forbidden_a_key_is_given_up_only_when_somebody_has_looked() {
        landTheFirst();
        store.forbidLooking();
        store.weather(Fate.DENIED, 1);
        land("s", "b", "a", LandingTask.Before.SOMETHING_MAY_HAVE_BEEN_SENT);
        sim.scheduler().runFor(store.requestLife(1).plusMinutes(2));

        CompletableFuture<Optional<String>> alone = giveUp("a", Diversion.Looks.MUST_NOT_SEE_IT);
        sim.scheduler().runFor(Duration.ofMinutes(1));
        assertThat(alone.join().orElseThrow())
                .contains("may not be looked at")
                .contains("--not-there");

        CompletableFuture<Optional<String>> assured = giveUp("a", Diversion.Looks.MAY_BE_FORBIDDEN);
        sim.scheduler().runFor(Duration.ofMinutes(1));
        assertThat(assured).isCompletedWithValue(Optional.empty());
    }

    @Test
    void a_request_that_is_under_way_decides_whether_its_key_is_given_up() {
        landTheFirst();
        store.next(Fate.SLOW);
        landNew("s", "a");
        sim.scheduler().runUntilIdle();

        CompletableFuture<Optional<String>> answer = giveUp("a", Diversion.Looks.MUST_NOT_SEE_IT);
        sim.scheduler().runUntilIdle();
        assertThat(answer).isNotDone();
        sim.scheduler().runFor(Duration.ofMinutes(2));

        assertThat(answer).isCompletedWithValue(Optional.of("it has landed"));
        assertThat(giveUp("a", Diversion.Looks.MUST_NOT_SEE_IT)).isNotDone();
        sim.scheduler().runUntilIdle();
        assertThat(heard.events).containsExactly("landed a");
    }

    @Test
    void what_does_not_wait_to_land_is_not_given_up_and_a_stopped_stream_answers() {
        CompletableFuture<Optional<String>> unknown = giveUp("a", Diversion.Looks.MUST_NOT_SEE_IT);
        sim.scheduler().runUntilIdle();
        assertThat(unknown)
                .isCompletedWithValue(
                        Optional.of(
                                "it has landed, or its key is just being given up: ask again if"
                                        + " delivery status still shows it"));

        store.next(Fate.SLOW);
        landNew("s", "a");
        sim.scheduler().runUntilIdle();
        CompletableFuture<Optional<String>> asked = giveUp("a", Diversion.Looks.MUST_NOT_SEE_IT);
        landings.forget("s");
        sim.scheduler().runFor(Duration.ofMinutes(2));
        assertThat(asked).isCompletedWithValue(Optional.of("the stream has stopped"));
    }

    @Test
    void a_key_that_is_refused_is_told_and_holds_no_neighbour_in_its_bucket_back() {
        asked =
                new Peculiar(
                        "bad",
                        ObjectStore.Landing.Denied.ofTheKey("KeyTooLongError", "no", "Shorten"));
        landNew("s", "bad");
        landNew("s", "good");

        sim.scheduler().runFor(Duration.ofMillis(200));

        assertThat(heard.events).containsExactly("key refused bad", "landed good");
        assertThat(heard.trouble).contains("KeyTooLongError: no. Shorten");
        CompletableFuture<Optional<String>> answer = giveUp("bad", Diversion.Looks.MUST_NOT_SEE_IT);
        sim.scheduler().runUntilIdle();
        assertThat(answer).isCompletedWithValue(Optional.empty());
    }

    @Test
    void a_key_that_is_never_answered_while_others_land_is_told_with_its_ways_out() {
        asked = new Peculiar("bad", new ObjectStore.Landing.Unknown("500 InternalError"));
        landNew("s", "bad");
        sim.scheduler().runFor(Duration.ofMinutes(3));
        assertThat(heard.trouble).contains("500 InternalError").doesNotContain("delivery skip");

        for (String good : List.of("one", "two", "three")) {
            landNew("s", good);
            sim.scheduler().runFor(Duration.ofMinutes(1));
        }

        assertThat(heard.events).contains("landed one", "landed two", "landed three");
        assertThat(heard.trouble)
                .contains("500 InternalError; 3 other objects of its bucket landed meanwhile")
                .contains("delivery redirect s --object bad --to BUCKET/PREFIX")
                .contains("delivery skip s --object bad gives it up");
    }

    @Test
    void a_key_that_is_never_answered_can_be_given_up_when_somebody_asks_twice() {
        Peculiar peculiar = new Peculiar("bad", new ObjectStore.Landing.Unknown("500"));
        asked = peculiar;
        landNew("s", "bad");
        sim.scheduler().runFor(Duration.ofMinutes(3));

        CompletableFuture<Optional<String>> first = giveUp("bad", Diversion.Looks.MUST_NOT_SEE_IT);
        sim.scheduler().runFor(Duration.ofSeconds(1));
        assertThat(first.join()).hasValueSatisfying(why -> assertThat(why).contains("Ask again"));
        int sent = peculiar.millis.size();
        sim.scheduler().runFor(peculiar.requestLife(1).plusMinutes(1));
        CompletableFuture<Optional<String>> second = giveUp("bad", Diversion.Looks.MUST_NOT_SEE_IT);
        sim.scheduler().runFor(Duration.ofMinutes(1));

        assertThat(second).isCompletedWithValue(Optional.empty());
        assertThat(peculiar.millis).hasSize(sent);
    }

    @Test
    void a_key_that_nobody_asks_for_again_is_sent_again() {
        Peculiar peculiar = new Peculiar("bad", new ObjectStore.Landing.Unknown("500"));
        asked = peculiar;
        landNew("s", "bad");
        sim.scheduler().runFor(Duration.ofMinutes(3));
        giveUp("bad", Diversion.Looks.MUST_NOT_SEE_IT);
        int sent = peculiar.millis.size();

        sim.scheduler().runFor(peculiar.requestLife(1).plusMinutes(15));

        assertThat(peculiar.millis).hasSizeGreaterThan(sent);
    }

    /** Answers for one key by itself, and asks the store for the others. */
    private final class Peculiar extends ForwardingStore {
        private final String key;
        private final Landing answer;
        private final List<Long> millis = new ArrayList<>();

        Peculiar(String key, Landing answer) {
            super(store);
            this.key = key;
            this.answer = answer;
        }

        @Override
        public CompletionStage<Landing> land(
                StagedContent content,
                ObjectName name,
                ObjectAttributes attributes,
                UploadListener uploads) {
            if (!name.key().equals(key)) {
                return store.land(content, name, attributes, uploads);
            }
            millis.add(sim.clock().nanoTime() / 1_000_000);
            return CompletableFuture.completedFuture(answer);
        }

        @Override
        public CompletionStage<Found> find(
                ObjectName name, ObjectAttributes attributes, StagedContent content) {
            return name.key().equals(key)
                    ? CompletableFuture.completedFuture(Found.ABSENT)
                    : store.find(name, attributes, content);
        }

        @Override
        public void close() {}
    }

    @Test
    void what_was_to_leave_in_an_outage_lands_when_its_bucket_takes_objects_again() {
        landTheFirst();
        store.weather(Fate.LOST, 1);
        landNew("s", "a");
        landNew("s", "b");
        sim.scheduler().runFor(Duration.ofMinutes(5));
        giveUp("a", Diversion.Looks.MUST_NOT_SEE_IT);
        giveUp("b", Diversion.Looks.MUST_NOT_SEE_IT);
        sim.scheduler().runFor(Duration.ofSeconds(30));
        assertThat(heard.events).isEmpty();

        store.heal();
        landNew("s", "c");
        sim.scheduler().runFor(Duration.ofMinutes(1));

        assertThat(heard.events).containsExactlyInAnyOrder("landed a", "landed b", "landed c");
    }

    /** It rests after each, and remembers its failure for a minute. */
    @Test
    void however_often_a_stream_rests_it_is_looked_at_by_one_timer() {
        landTheFirst();
        store.next(Fate.DENIED);
        landNew("s", "a");
        sim.scheduler().runFor(Duration.ofSeconds(30));
        assertThat(heard.events).containsExactly("landed a");

        for (int object = 0; object < 20; object++) {
            landNew("s", "b" + object);
            sim.scheduler().runUntilIdle();
        }

        assertThat(heard.events).hasSize(21);
        assertThat(sim.scheduler().timers()).isLessThanOrEqualTo(1);
    }

    private void landNew(String stream, String key) {
        land(stream, "b", key, LandingTask.Before.NOTHING_WAS_SENT);
    }

    /** The first object of a store is looked at; what follows are the requests of the others. */
    private void landTheFirst() {
        landNew("s", "first");
        sim.scheduler().runFor(Duration.ofSeconds(1));
        assertThat(heard.events).containsExactly("landed first");
        heard.events.clear();
        requests.clear();
        seconds.clear();
    }

    private List<Request.Kind> asked(String key) {
        return requests.stream()
                .filter(request -> request.name().key().equals(key))
                .map(Request::kind)
                .toList();
    }

    @Test
    void an_object_lands_with_one_request_when_all_is_well() {
        landTheFirst();

        landNew("s", "a");
        sim.scheduler().runFor(Duration.ofSeconds(1));

        assertThat(heard.events).containsExactly("landed a");
        assertThat(requests).hasSize(1);
    }

    @Test
    void the_first_object_of_a_store_is_looked_at_before_it_counts() {
        landNew("s", "a");
        sim.scheduler().runFor(Duration.ofSeconds(1));
        landNew("s", "b");
        sim.scheduler().runFor(Duration.ofSeconds(1));

        assertThat(heard.events).containsExactly("landed a", "landed b");
        assertThat(asked("a")).containsExactly(Request.Kind.LAND, Request.Kind.FIND);
        assertThat(asked("b")).containsExactly(Request.Kind.LAND);
    }

    @Test
    void so_is_the_first_behind_a_change_of_the_stores_settings() {
        landTheFirst();

        asked = new Peculiar("nothing", new ObjectStore.Landing.Occupied()); // opened anew
        landNew("s", "a");
        landNew("s", "b");
        sim.scheduler().runFor(Duration.ofSeconds(1));

        assertThat(requests)
                .filteredOn(request -> request.kind() == Request.Kind.FIND)
                .isNotEmpty();
        requests.clear();
        landNew("s", "c");
        sim.scheduler().runFor(Duration.ofSeconds(1));
        assertThat(asked("c")).containsExactly(Request.Kind.LAND);
    }

    @Test
    void a_store_that_keeps_its_frames_under_success_is_found_out_by_its_first_object() {
        store.keepsOther(
                sent -> ("1f;" + new String(sent, UTF_8)).getBytes(UTF_8), Told.NO_CHECKSUM);
        store.next(Fate.OTHER_BYTES);

        landNew("s", "a");
        sim.scheduler().runFor(Duration.ofMinutes(1));

        assertThat(heard.events).containsExactly("doubt a", "stranger a");
        assertThat(asked("a"))
                .as("the doubt is told by one look, and believed after two that read the bytes")
                .startsWith(Request.Kind.LAND, Request.Kind.FIND, Request.Kind.READ_BACK)
                .endsWith(Request.Kind.READ_BACK, Request.Kind.READ_BACK);
    }

    @Test
    void a_success_that_nothing_in_the_store_stands_behind_is_sent_again() {
        store.next(Fate.FALSE_SUCCESS);

        landNew("s", "a");
        sim.scheduler().runFor(Duration.ofMinutes(1));

        assertThat(heard.events).containsExactly("landed a");
        assertThat(store.visible()).hasSize(1);
    }

    @Test
    void a_role_that_may_only_put_is_not_looked_for_at_each_object() {
        store.forbidLooking();
        landTheFirst();

        landNew("s", "a");
        sim.scheduler().runFor(Duration.ofSeconds(1));

        assertThat(asked("a")).containsExactly(Request.Kind.LAND);
    }

    @Test
    void after_a_lost_answer_it_looks_and_does_not_send_twice() {
        store.next(Fate.ANSWER_LOST);
        landNew("s", "a");

        sim.scheduler().runFor(Duration.ofMinutes(5));

        assertThat(heard.events).containsExactly("landed a");
        assertThat(requests)
                .extracting(Request::kind)
                .containsExactly(Request.Kind.LAND, Request.Kind.FIND);
        assertThat(heard.trouble).isEmpty();
    }

    @Test
    void an_object_that_may_have_been_sent_is_looked_for_before_the_first_request() {
        landTheFirst();

        land("s", "b", "a", LandingTask.Before.SOMETHING_MAY_HAVE_BEEN_SENT);

        sim.scheduler().runFor(Duration.ofSeconds(5));

        assertThat(requests)
                .extracting(Request::kind)
                .containsExactly(Request.Kind.FIND, Request.Kind.LAND);
        assertThat(heard.events).containsExactly("landed a");
    }

    @Test
    void a_strangers_object_under_our_key_is_never_overwritten() {
        ObjectName name = new ObjectName("b", "a");
        store.plant(name, new byte[] {1, 2, 3}, new ObjectAttributes("theirs", 1, ""));

        landNew("s", "a");
        sim.scheduler().runFor(Duration.ofMinutes(5));

        assertThat(heard.events).containsExactly("stranger a");
        assertThat(store.visible(name).orElseThrow().bytes()).containsExactly(1, 2, 3);
        assertThat(asked("a"))
                .containsExactly(Request.Kind.LAND, Request.Kind.FIND, Request.Kind.FIND);
        assertThat(seconds.get(2) - seconds.get(1)).isBetween(9L, 15L);
    }

    @Test
    void one_look_that_shows_something_else_accuses_nobody() {
        store.next(Fate.ANSWER_LOST);
        store.nextFind(Found.stranger("a page of 1270 bytes"));

        landNew("s", "a");
        sim.scheduler().runFor(Duration.ofSeconds(5));
        assertThat(heard.trouble)
                .contains("a page of 1270 bytes")
                .contains("looked at again in 10 s");
        sim.scheduler().runFor(Duration.ofMinutes(1));

        assertThat(heard.events).containsExactly("landed a");
        assertThat(heard.trouble).isEmpty();
    }

    @Test
    void looks_that_show_something_else_each_time_are_never_believed() {
        store.next(Fate.ANSWER_LOST);
        for (int i = 0; i < 30; i++) {
            store.nextFind(Found.stranger("a page of " + i + " bytes"));
        }

        landNew("s", "a");
        sim.scheduler().runFor(Duration.ofMinutes(10));

        assertThat(heard.events).containsExactly("landed a");
    }

    @Test
    void a_portal_that_answers_every_request_for_six_seconds_costs_nothing() {
        landTheFirst();
        store.next(Fate.ANSWER_LOST);
        landNew("s", "sent before");
        sim.scheduler().runFor(Duration.ofMillis(1));
        store.portal(Duration.ofSeconds(6));
        for (int i = 0; i < 20; i++) {
            landNew("s", "k" + i);
            sim.scheduler().runFor(Duration.ofMillis(300));
        }

        sim.scheduler().runFor(Duration.ofMinutes(3));

        assertThat(heard.events)
                .hasSize(21)
                .doesNotHaveDuplicates()
                .allMatch(event -> event.startsWith("landed"));
        assertThat(store.visible()).hasSize(22);
        assertThat(heard.trouble).isEmpty();
    }

    @Test
    void with_a_put_only_role_an_occupied_key_is_ours() {
        store.forbidLooking();
        store.next(Fate.ANSWER_LOST);

        landNew("s", "a");
        sim.scheduler().runFor(Duration.ofMinutes(5));

        assertThat(heard.events).containsExactly("landed a");
        assertThat(store.visible()).hasSize(1);
    }

    @Test
    void damaged_staged_bytes_are_reported_and_never_visible() {
        land(
                "s",
                "b",
                "a",
                LandingTask.Before.NOTHING_WAS_SENT,
                SampleContent.of("content").damagedAt(2));

        sim.scheduler().runFor(Duration.ofMinutes(5));

        assertThat(heard.events).containsExactly("damaged a");
        assertThat(store.visible()).isEmpty();
        assertThat(requests).as("nothing can be there").hasSize(1);
    }

    private void landDamagedAfterARestart(String key) {
        land(
                "s",
                "b",
                key,
                LandingTask.Before.SOMETHING_MAY_HAVE_BEEN_SENT,
                SampleContent.of("content of " + key).damagedAt(2));
    }

    @Test
    void a_key_is_given_up_only_when_no_request_for_it_can_be_under_way() {
        landDamagedAfterARestart("a");

        sim.scheduler().runFor(store.requestLife(0).minusSeconds(1));
        assertThat(heard.events).isEmpty();
        assertThat(heard.trouble)
                .contains("sample content is not what was recorded")
                .contains("its key is given up at");
        landNew("s", "neighbour");
        sim.scheduler().runFor(Duration.ofMillis(500));
        assertThat(heard.events).as("nobody waits with it").containsExactly("landed neighbour");
        sim.scheduler().runFor(Duration.ofSeconds(20));

        assertThat(heard.events).containsExactly("landed neighbour", "damaged a");
        assertThat(heard.trouble).isEmpty();
    }

    @Test
    void a_request_of_the_dead_process_that_arrives_while_that_is_waited_for_has_landed_it() {
        store.next(Fate.HELD);
        landNew("s", "a");
        sim.scheduler().runFor(Duration.ofSeconds(1));
        landings.forget("s"); // as good as dead

        landDamagedAfterARestart("a");
        sim.scheduler().runFor(Duration.ofMinutes(1));
        assertThat(store.visible()).isEmpty();
        store.releaseHeld();
        sim.scheduler().runFor(Duration.ofMinutes(5));

        assertThat(heard.events).containsExactly("landed a");
    }

    @Test
    void what_was_seen_before_that_time_confirms_no_look_after_it() {
        landDamagedAfterARestart("a");
        sim.scheduler().runFor(store.requestLife(0).minusSeconds(1));
        assertThat(asked("a")).as("seen not to be there, again and again").hasSizeGreaterThan(3);
        store.plant(
                new ObjectName("b", "a"),
                "content of a".getBytes(UTF_8),
                new ObjectAttributes("mark of a", 1, "")); // the last one has arrived
        store.nextFind(Found.ABSENT); // and this is a proxy's answer

        sim.scheduler().runFor(Duration.ofMinutes(1));

        assertThat(heard.events).containsExactly("landed a");
    }

    @Test
    void the_time_counts_from_the_last_request_whose_answer_is_open() {
        store.next(Fate.ANSWER_LOST);
        store.nextFind(Found.ABSENT); // it said so, and then it came
        SampleContent sound = SampleContent.of("content");
        land("s", "b", "a", LandingTask.Before.NOTHING_WAS_SENT, new RotsAfter(sound, 1));

        sim.scheduler().runFor(Duration.ofMinutes(5));

        assertThat(heard.events).containsExactly("landed a");
    }

    /** Sound for so many readings, and damaged from then on. */
    private static final class RotsAfter implements StagedContent {
        private final SampleContent sound;
        private int readings;

        RotsAfter(SampleContent sound, int readings) {
            this.sound = sound;
            this.readings = readings;
        }

        @Override
        public long length() {
            return sound.length();
        }

        @Override
        public int crc32() {
            return sound.crc32();
        }

        @Override
        public InputStream open(long offset, long length) throws IOException {
            return (readings-- > 0 ? sound : sound.damagedAt(2)).open(offset, length);
        }
    }

    @Test
    void a_key_that_may_not_be_looked_for_is_not_given_up_before_it_may_be() {
        store.forbidLooking();
        landDamagedAfterARestart("a");

        sim.scheduler().runFor(Duration.ofHours(2));
        assertThat(heard.events).isEmpty();
        assertThat(heard.trouble).contains("Allow s3:GetObject and s3:ListBucket");
        store.heal();
        sim.scheduler().runFor(Duration.ofMinutes(2));

        assertThat(heard.events).containsExactly("damaged a");
    }

    @Test
    void one_look_that_shows_nothing_is_not_enough_to_give_a_key_up() {
        ObjectName name = new ObjectName("b", "a");
        StagedContent damaged = SampleContent.of("content").damagedAt(2);
        store.plant(name, "content".getBytes(UTF_8), new ObjectAttributes("mark of a", 1, ""));
        land("s", "b", "a", LandingTask.Before.SOMETHING_MAY_HAVE_BEEN_SENT, damaged);
        store.nextFind(Found.ABSENT); // a proxy says so
        store.looksLost(0);

        sim.scheduler().runFor(Duration.ofMinutes(5));

        assertThat(heard.events).containsExactly("landed a");
    }

    @Test
    void damaged_staged_bytes_are_looked_for_once_more_for_a_late_request_may_have_landed_them() {
        store.nextFind(Found.ABSENT, Found.OURS);

        land(
                "s",
                "b",
                "k",
                LandingTask.Before.SOMETHING_MAY_HAVE_BEEN_SENT,
                SampleContent.of("content").damagedAt(2));
        sim.scheduler().runFor(Duration.ofMinutes(5));

        assertThat(heard.events).containsExactly("landed k");
    }

    @Test
    void an_answer_that_was_doubted_by_an_earlier_process_is_read_back_first() {
        landTheFirst();

        land("s", "b", "k", LandingTask.Before.ANSWER_WAS_DOUBTED, SampleContent.of("content"));

        sim.scheduler().runFor(Duration.ofMinutes(5));

        assertThat(heard.events).containsExactly("landed k");
        assertThat(requests)
                .extracting(Request::kind)
                .containsExactly(Request.Kind.READ_BACK, Request.Kind.LAND);
    }

    @Test
    void an_answer_in_doubt_counts_only_after_the_bytes_were_read_also_with_a_put_only_role() {
        store.forbidLooking();
        store.next(Fate.DOUBTFUL);
        landNew("s", "a");

        for (int i = 0; i < 10; i++) {
            landNew("s", "k" + i);
            sim.scheduler().runFor(Duration.ofMinutes(1));
        }

        assertThat(heard.events).hasSize(11).startsWith("doubt a").doesNotContain("landed a");
        assertThat(requests)
                .filteredOn(request -> request.name().key().equals("a"))
                .extracting(Request::kind)
                .startsWith(Request.Kind.LAND)
                .filteredOn(kind -> kind != Request.Kind.READ_BACK)
                .hasSize(1);
        assertThat(heard.trouble).contains("lake/b/a").contains("Allow s3:GetObject");
        store.heal();
        sim.scheduler().runFor(Duration.ofMinutes(2));
        assertThat(heard.events).hasSize(12).endsWith("landed a");
        assertThat(heard.trouble).isEmpty();
    }

    @Test
    void a_store_that_is_down_for_an_hour_sees_at_most_one_attempt_a_second_after_half_a_minute() {
        store.weather(Fate.LOST, 1);
        store.looksLost(1);
        for (int i = 0; i < 50; i++) {
            landNew("s", "k" + i);
        }

        sim.scheduler().runFor(Duration.ofHours(1));

        assertThat(heard.trouble).contains("lake/b/k").contains("attempt");
        long before = seconds.stream().filter(second -> second <= 30).count();
        assertThat(before).isLessThan(60);
        for (long second = 31; second < 3600; second++) {
            long at = second;
            assertThat(seconds.stream().filter(s -> s == at).count())
                    .as("attempts in second %d", second)
                    .isLessThanOrEqualTo(1);
        }
        store.heal();
        sim.scheduler().runFor(Duration.ofMinutes(10));
        assertThat(heard.events).hasSize(50).doesNotHaveDuplicates();
        assertThat(heard.trouble).isEmpty();
    }

    @Test
    void a_refused_bucket_leaves_the_streams_other_bucket_alone() {
        store.next(Fate.DENIED);
        land("s", "closed", "a", LandingTask.Before.NOTHING_WAS_SENT);
        sim.scheduler().runFor(Duration.ofMillis(10));
        assertThat(heard.trouble).contains("AccessDenied");

        land("s", "open", "b", LandingTask.Before.NOTHING_WAS_SENT);
        sim.scheduler().runFor(Duration.ofMillis(200));

        assertThat(heard.events).containsExactly("landed b");
        sim.scheduler().runFor(Duration.ofMinutes(3));
        assertThat(heard.events).containsExactly("landed b", "landed a");
    }

    @Test
    void streams_take_turns_at_a_store() {
        for (int i = 0; i < 20; i++) {
            landNew("busy", "busy" + i);
        }
        landNew("quiet", "quiet");

        sim.scheduler().runFor(Duration.ofSeconds(10));

        assertThat(heard.events).hasSize(21);
        assertThat(requests.stream().map(r -> r.name().key()).toList().indexOf("quiet"))
                .isLessThan(5);
    }

    @Test
    void a_stream_that_was_forgotten_sends_nothing_more() {
        store.weather(Fate.LOST, 1);
        landNew("s", "a");
        sim.scheduler().runFor(Duration.ofSeconds(5));
        int sent = requests.size();

        landings.forget("s");
        sim.scheduler().runFor(Duration.ofMinutes(5));

        assertThat(requests.size()).isLessThanOrEqualTo(sent + 1);
    }

    @Test
    void what_becomes_of_a_request_is_told_to_nobody_when_its_stream_was_forgotten() {
        Settings settings = new Settings();
        store.next(Fate.SLOW);
        land("s", "b", "k", LandingTask.Before.NOTHING_WAS_SENT);
        sim.scheduler().runUntilIdle();
        land("s", "b", "waits", LandingTask.Before.SOMETHING_MAY_HAVE_BEEN_SENT);
        assertThat(settings.leases).isOne();

        CompletableFuture<Void> forgotten = landings.forget("s").toCompletableFuture();
        sim.scheduler().runUntilIdle();
        assertThat(forgotten).isDone();
        heard.events.clear();
        sim.scheduler().runFor(Duration.ofMinutes(5));

        assertThat(heard.events).isEmpty();
        assertThat(settings.leases).isZero();
    }

    /** A store whose settings change, on the way to the one that there is. */
    private final class Settings implements ObjectStore {
        private final List<String> calls = new ArrayList<>();
        private Duration oldLife = Duration.ZERO;
        private int number = 1;
        private int leases;

        Settings() {
            asked = this;
        }

        @Override
        public Lease lease() {
            leases++;
            return new Lease(under.get(number - 1), () -> leases--);
        }

        private final List<ObjectStore> under =
                List.of(new Passing(this, 1), new Passing(this, 2), new Passing(this, 3));

        @Override
        public CompletionStage<Landing> land(
                StagedContent content,
                ObjectName name,
                ObjectAttributes attributes,
                UploadListener uploads) {
            throw new AssertionError("asked without a lease");
        }

        @Override
        public CompletionStage<Found> find(
                ObjectName name, ObjectAttributes attributes, StagedContent content) {
            throw new AssertionError("asked without a lease");
        }

        @Override
        public Duration requestLife(long bytes) {
            return oldLife;
        }

        @Override
        public CompletionStage<Void> abort(ObjectName name, String uploadId) {
            throw new AssertionError("asked without a lease");
        }

        @Override
        public void close() {}
    }

    /** The store under the settings of one number. */
    private final class Passing extends ForwardingStore {
        private final Settings settings;
        private final int number;

        Passing(Settings settings, int number) {
            super(store);
            this.settings = settings;
            this.number = number;
        }

        private void note(String call, ObjectName name) {
            settings.calls.add(call + " " + name.key() + " " + number);
        }

        @Override
        public CompletionStage<Landing> land(
                StagedContent content,
                ObjectName name,
                ObjectAttributes attributes,
                UploadListener uploads) {
            note("land", name);
            return store.land(content, name, attributes, uploads);
        }

        @Override
        public CompletionStage<Found> find(
                ObjectName name, ObjectAttributes attributes, StagedContent content) {
            note("find", name);
            return store.find(name, attributes, content);
        }

        @Override
        public Duration requestLife(long bytes) {
            throw new AssertionError("the lives of all settings count, not that of these");
        }

        @Override
        public void close() {}
    }

    @Test
    void the_first_object_under_other_settings_is_looked_at_again() {
        Settings settings = new Settings();
        landNew("s", "a");
        sim.scheduler().runFor(Duration.ofSeconds(1));
        landNew("s", "b");
        sim.scheduler().runFor(Duration.ofSeconds(1));

        settings.number = 2;
        landNew("s", "c");
        sim.scheduler().runFor(Duration.ofSeconds(1));
        landNew("s", "d");
        sim.scheduler().runFor(Duration.ofSeconds(1));

        assertThat(settings.calls)
                .containsExactly(
                        "land a 1", "find a 1", "land b 1", "land c 2", "find c 2", "land d 2");
        assertThat(settings.leases).isZero();
    }

    @Test
    void what_was_answered_before_the_settings_changed_is_looked_into_where_it_was_answered() {
        Settings settings = new Settings();
        store.next(Fate.SLOW);
        landNew("s", "a");
        sim.scheduler().runUntilIdle();
        settings.number = 2;

        sim.scheduler().runFor(Duration.ofMinutes(2));

        assertThat(settings.calls).containsExactly("land a 1", "find a 1");
        assertThat(heard.events).containsExactly("landed a");
        assertThat(settings.leases).isZero();
    }

    @Test
    void a_request_without_an_answer_is_looked_for_and_repeated_under_the_new_settings() {
        Settings settings = new Settings();
        landNew("s", "first");
        sim.scheduler().runFor(Duration.ofSeconds(1));
        settings.calls.clear();
        store.next(Fate.LOST);
        landNew("s", "a");
        while (settings.calls.isEmpty()) {
            sim.scheduler().runOne();
        }
        settings.number = 2;

        sim.scheduler().runFor(Duration.ofMinutes(5));

        assertThat(settings.calls).containsExactly("land a 1", "find a 2", "land a 2", "find a 2");
        assertThat(heard.events).contains("landed a");
        assertThat(settings.leases).isZero();
    }

    @Test
    void while_the_side_that_answered_is_silent_the_new_one_is_asked() {
        Settings settings = new Settings();
        store.next(Fate.SLOW);
        store.nextFind(Found.unknown("it is gone"));
        landNew("s", "a");
        sim.scheduler().runUntilIdle();
        settings.number = 2;

        sim.scheduler().runFor(Duration.ofMinutes(5));

        assertThat(settings.calls).startsWith("land a 1", "find a 1", "find a 2");
        assertThat(heard.events).contains("landed a");
        assertThat(settings.leases).isZero();
    }

    @Test
    void a_key_is_given_up_only_when_no_request_under_the_former_settings_can_be_under_way() {
        Settings settings = new Settings();
        settings.oldLife = Duration.ofMinutes(30);
        store.next(Fate.LOST);
        landNew("s", "first");
        landDamagedAfterARestart("a");
        sim.scheduler().runFor(Duration.ofMinutes(1));
        settings.number = 2;

        sim.scheduler().runFor(Duration.ofMinutes(28));
        assertThat(heard.events).doesNotContain("damaged a");
        sim.scheduler().runFor(Duration.ofMinutes(3));

        assertThat(heard.events).contains("damaged a");
    }

    @Test
    void the_trouble_keeps_the_reason_of_the_put_while_looks_get_no_answer() {
        store.next(Fate.LOST);
        store.looksLost(1);
        landNew("s", "a");

        sim.scheduler().runFor(Duration.ofMinutes(10));

        assertThat(requests.get(requests.size() - 1).kind()).isEqualTo(Request.Kind.FIND);
        assertThat(heard.trouble)
                .matches(
                        "PUT lake/b/a \\(1 record, attempt 1\\): .+; and no answer since: the look was lost");
    }

    @Test
    void what_keeps_the_first_look_from_its_answer_is_told_and_looked_at_again_until_it_is_known() {
        landTheFirst();
        String reason = "NoCredentials: no credentials. Give credentials.";
        store.nextFind(Found.unknown(reason), Found.unknown(reason), Found.unknown(reason));
        land("s", "b", "a", LandingTask.Before.SOMETHING_MAY_HAVE_BEEN_SENT);

        sim.scheduler().runFor(Duration.ofMillis(10));
        assertThat(heard.trouble)
                .isEqualTo(
                        "PUT lake/b/a (1 record, nothing sent since the start): "
                                + "not known whether it is there: "
                                + reason);
        sim.scheduler().runFor(Duration.ofMinutes(1));

        assertThat(heard.events).containsExactly("landed a");
        assertThat(heard.trouble).isEmpty();
        assertThat(requests)
                .extracting(Request::kind)
                .containsExactly(
                        Request.Kind.FIND,
                        Request.Kind.FIND,
                        Request.Kind.FIND,
                        Request.Kind.FIND,
                        Request.Kind.LAND);
    }

    @Test
    void a_store_that_answers_412_and_then_not_there_is_asked_ever_more_seldom() {
        Peculiar peculiar = new Peculiar("a", new ObjectStore.Landing.Occupied());
        asked = peculiar;
        landNew("s", "a");

        sim.scheduler().runFor(Duration.ofMinutes(10));

        assertThat(peculiar.millis).hasSizeBetween(20, 200);
        assertThat(heard.trouble).contains("412, and then not there");
    }

    @Test
    void an_object_that_is_refused_for_ever_is_not_hidden_by_neighbours_that_land() {
        Peculiar peculiar =
                new Peculiar("bad", new ObjectStore.Landing.Denied("KeyTooLong", "no", "Shorten"));
        asked = peculiar;
        landNew("s", "bad");
        sim.scheduler().runFor(Duration.ofSeconds(1));

        for (int second = 0; second < 600; second++) {
            landNew("s", "k" + second);
            sim.scheduler().runFor(Duration.ofSeconds(1));
            assertThat(heard.trouble).as("after %d s", second).contains("KeyTooLong");
        }

        assertThat(peculiar.millis).hasSizeBetween(10, 30);
        assertThat(heard.events).hasSizeGreaterThan(590);
    }

    @Test
    void a_store_that_answers_nothing_at_all_is_looked_at_and_asked_again() {
        Peculiar peculiar = new Peculiar("silent", null);
        asked = peculiar;
        landNew("s", "silent");
        landNew("s", "other");

        sim.scheduler().runFor(Duration.ofMinutes(5));

        assertThat(peculiar.millis).hasSizeGreaterThan(2);
        assertThat(heard.trouble).contains("the store answered nothing");
        assertThat(heard.events).containsExactly("landed other");
    }

    // --- what is there and may not be read is not known to be missing ---

    @Test
    void a_key_whose_object_is_there_and_may_not_be_read_back_is_not_given_up() {
        store.readBackAlways();
        store.forbidLooking();
        landNew("s", "a");
        sim.scheduler().runFor(Duration.ofMinutes(1));
        assertThat(store.visible()).hasSize(1);
        assertThat(heard.trouble).contains("Allow s3:GetObject");

        CompletableFuture<Optional<String>> early = giveUp("a", Diversion.Looks.MUST_NOT_SEE_IT);
        sim.scheduler().runFor(store.requestLife(1).plusMinutes(2));
        CompletableFuture<Optional<String>> late = giveUp("a", Diversion.Looks.MUST_NOT_SEE_IT);
        sim.scheduler().runFor(Duration.ofMinutes(1));

        assertThat(early.join().orElseThrow()).contains("Ask again at");
        assertThat(late.join().orElseThrow()).contains("may not be looked at");
        store.heal();
        sim.scheduler().runFor(Duration.ofMinutes(15));
        assertThat(heard.events).containsExactly("landed a");
    }

    @Test
    void an_object_that_may_not_be_read_back_holds_its_bucket_back_and_its_key_is_not_blamed() {
        Peculiar peculiar =
                new Peculiar(
                        "bad",
                        new ObjectStore.Landing.Unreadable("AccessDenied: no", "Allow GetObject."));
        asked = peculiar;
        landNew("s", "bad");
        sim.scheduler().runFor(Duration.ofMinutes(20));
        assertThat(peculiar.millis).hasSizeBetween(10, 40);

        for (String good : List.of("one", "two", "three")) {
            landNew("s", good);
        }
        sim.scheduler().runFor(Duration.ofMillis(500));
        assertThat(heard.events).isEmpty();
        sim.scheduler().runFor(Duration.ofMinutes(5));
        assertThat(heard.events).contains("landed one", "landed two", "landed three");

        assertThat(heard.trouble)
                .contains("AccessDenied: no. Allow GetObject.")
                .doesNotContain("delivery skip");
    }

    @Test
    void bytes_that_rot_behind_an_object_that_may_not_be_read_back_are_not_given_up() {
        store.readBackAlways();
        store.forbidLooking();
        SampleContent sound = SampleContent.of("content of a");
        land("s", "b", "a", LandingTask.Before.NOTHING_WAS_SENT, new RotsAfter(sound, 1));

        sim.scheduler().runFor(Duration.ofMinutes(10));
        assertThat(store.visible()).hasSize(1);
        assertThat(heard.events).isEmpty();
        store.heal();
        sim.scheduler().runFor(Duration.ofMinutes(2));

        assertThat(heard.events).containsExactly("landed a");
    }

    // --- a store that answers as a test says ---

    /** Each landing and each look is answered by what the test says at that moment. */
    private final class Scripted extends ForwardingStore {
        private final List<String> sent = new ArrayList<>();
        private Supplier<CompletionStage<Landing>> landing;
        private Supplier<CompletionStage<Found>> look;
        private Supplier<Duration> life = () -> store.requestLife(1);

        Scripted() {
            super(store);
            asked = this;
        }

        @Override
        public Duration requestLife(long bytes) {
            return life.get();
        }

        @Override
        public CompletionStage<Landing> land(
                StagedContent content,
                ObjectName name,
                ObjectAttributes attributes,
                UploadListener uploads) {
            sent.add(name.key());
            return landing.get();
        }

        @Override
        public CompletionStage<Found> find(
                ObjectName name, ObjectAttributes attributes, StagedContent content) {
            return look.get();
        }

        @Override
        public void close() {}
    }

    private static <T> Supplier<CompletionStage<T>> answers(T answer) {
        return () -> CompletableFuture.completedFuture(answer);
    }

    private static <T> Supplier<CompletionStage<T>> fails() {
        return () -> CompletableFuture.failedFuture(new IllegalStateException("a defect"));
    }

    @Test
    void a_bucket_that_refuses_is_probed_by_one_request_however_many_keys_are_given_up() {
        Scripted scripted = new Scripted();
        scripted.landing =
                answers(new ObjectStore.Landing.Denied("AccessDenied", "no", "Allow it"));
        scripted.look = answers(Found.ABSENT);
        List<String> keys = List.of("a", "b", "c", "d", "e", "f");
        keys.forEach(key -> land("s", "b", key, LandingTask.Before.SOMETHING_MAY_HAVE_BEEN_SENT));
        sim.scheduler().runFor(scripted.requestLife(1).plusMinutes(2));
        scripted.sent.clear();
        scripted.landing = CompletableFuture::new;
        sim.scheduler().runFor(Duration.ofMinutes(3));
        assertThat(scripted.sent).hasSize(1);
        String probe = scripted.sent.get(0);

        List<CompletableFuture<Optional<String>>> leaving =
                keys.stream()
                        .filter(key -> !key.equals(probe))
                        .limit(3)
                        .map(key -> giveUp(key, Diversion.Looks.MUST_NOT_SEE_IT))
                        .toList();
        sim.scheduler().runFor(Duration.ofMinutes(1));

        assertThat(scripted.sent).containsExactly(probe);
        assertThat(leaving)
                .allSatisfy(one -> assertThat(one).isCompletedWithValue(Optional.empty()));
    }

    @Test
    void a_key_is_not_given_up_when_the_look_for_its_object_fails() {
        Scripted scripted = new Scripted();
        scripted.landing =
                answers(new ObjectStore.Landing.Denied("AccessDenied", "no", "Allow it"));
        scripted.look = answers(Found.ABSENT);
        land("s", "b", "a", LandingTask.Before.SOMETHING_MAY_HAVE_BEEN_SENT);
        sim.scheduler().runFor(scripted.requestLife(1).plusMinutes(2));

        scripted.look = answers(null);
        CompletableFuture<Optional<String>> unanswered =
                giveUp("a", Diversion.Looks.MUST_NOT_SEE_IT);
        sim.scheduler().runFor(Duration.ofMinutes(1));
        scripted.look = fails();
        CompletableFuture<Optional<String>> failed = giveUp("a", Diversion.Looks.MUST_NOT_SEE_IT);
        sim.scheduler().runFor(Duration.ofMinutes(1));

        assertThat(unanswered).isDone();
        assertThat(unanswered.join().orElseThrow())
                .contains("nobody knows whether it is there: ")
                .contains("the store answered nothing");
        assertThat(failed).isDone();
        assertThat(failed.join().orElseThrow())
                .contains("nobody knows whether it is there: ")
                .contains("a defect");
        scripted.look = answers(Found.OURS);
        sim.scheduler().runFor(Duration.ofMinutes(1));
        assertThat(heard.events).containsExactly("landed a");
    }

    /** A refusal that came before says nothing of the request that failed behind it. */
    @Test
    void a_key_whose_last_request_failed_is_left_alone_until_somebody_asks_again() {
        Scripted scripted = new Scripted();
        scripted.landing =
                answers(new ObjectStore.Landing.Denied("AccessDenied", "no", "Allow it"));
        landNew("s", "a");
        sim.scheduler().runUntilIdle();
        scripted.landing = fails();
        CompletableFuture<Found> look = new CompletableFuture<>();
        scripted.look = () -> look;
        sim.scheduler().runFor(Duration.ofSeconds(10));
        assertThat(scripted.sent).hasSize(2);

        CompletableFuture<Optional<String>> answer = giveUp("a", Diversion.Looks.MUST_NOT_SEE_IT);
        look.complete(Found.ABSENT);
        sim.scheduler().runFor(scripted.requestLife(1).plusMinutes(1));

        assertThat(answer.join().orElseThrow()).contains("Ask again at");
        assertThat(scripted.sent).hasSize(2);
    }

    @Test
    void a_store_that_throws_an_error_keeps_no_slot_and_is_asked_again() {
        Scripted scripted = new Scripted();
        scripted.landing =
                () -> {
                    throw new StackOverflowError();
                };
        scripted.look = answers(Found.ABSENT);
        for (String key : List.of("a", "b")) { // there are two slots
            landNew("s" + key, key);
            assertThatThrownBy(() -> sim.scheduler().runUntilIdle())
                    .isInstanceOf(StackOverflowError.class);
        }
        sim.scheduler().runUntilIdle();
        assertThat(heard.trouble).contains("the calls are nested too deep");

        scripted.landing = answers(new ObjectStore.Landing.Landed("said"));
        scripted.look = answers(Found.OURS);
        sim.scheduler().runFor(Duration.ofMinutes(1));

        assertThat(heard.events).containsExactlyInAnyOrder("landed a", "landed b");
    }

    /** Counts nothing, and throws as often as it is told to. */
    private static final class Broken implements Metrics {
        private final Deque<Throwable> defects = new ArrayDeque<>();

        @Override
        public void add(Metric metric, String stream, String label, long amount) {}

        @Override
        public void observe(Metric metric, String stream, long nanos) {
            if (defects.peek() instanceof Error) {
                throw (Error) defects.remove();
            }
            if (!defects.isEmpty()) {
                throw (RuntimeException) defects.remove();
            }
        }

        @Override
        public void gauge(Metric metric, String stream, DoubleSupplier value) {}

        @Override
        public void remove(String stream) {}
    }

    @Test
    void an_object_whose_answer_meets_a_defect_goes_on_landing_and_its_departure_is_answered() {
        Broken broken = new Broken();
        landings = new Landings(sim.world(), broken, 2);
        Scripted scripted = new Scripted();
        scripted.landing = answers(new ObjectStore.Landing.Landed("said"));
        scripted.look = answers(Found.OURS);
        broken.defects.add(new IllegalStateException("a defect"));
        landNew("s", "a");

        sim.scheduler().runUntilIdle();
        assertThat(heard.trouble).contains("a defect");
        sim.scheduler().runFor(Duration.ofMinutes(1));
        assertThat(heard.events).containsExactly("landed a");

        broken.defects.add(new StackOverflowError());
        landNew("s", "b");
        CompletableFuture<Optional<String>> answer = giveUp("b", Diversion.Looks.MUST_NOT_SEE_IT);
        assertThatThrownBy(() -> sim.scheduler().runUntilIdle())
                .isInstanceOf(StackOverflowError.class);
        sim.scheduler().runFor(scripted.requestLife(1).plusMinutes(15));
        assertThat(answer)
                .isCompletedWithValueMatching(why -> why.orElse("").contains("Ask again"));
        assertThat(heard.events).containsExactly("landed a", "landed b");
    }

    @Test
    void a_key_that_a_defect_has_kept_is_not_given_up_by_later_looks() {
        Scripted scripted = new Scripted();
        scripted.landing =
                answers(new ObjectStore.Landing.Denied("AccessDenied", "no", "Allow it"));
        scripted.look = answers(Found.ABSENT);
        land("s", "b", "a", LandingTask.Before.SOMETHING_MAY_HAVE_BEEN_SENT);
        sim.scheduler().runFor(store.requestLife(1).plusMinutes(2));
        scripted.life =
                () -> {
                    throw new IllegalStateException("a defect");
                };

        CompletableFuture<Optional<String>> answer = giveUp("a", Diversion.Looks.MUST_NOT_SEE_IT);
        assertThatThrownBy(() -> sim.scheduler().runUntilIdle()).hasMessage("a defect");
        scripted.life = () -> Duration.ofMinutes(1);
        sim.scheduler().runFor(Duration.ofMinutes(10));
        scripted.landing = answers(new ObjectStore.Landing.Landed("said"));
        scripted.look = answers(Found.OURS);
        sim.scheduler().runFor(Duration.ofMinutes(10));

        assertThat(answer.join().orElseThrow()).contains("a defect");
        assertThat(heard.events).containsExactly("landed a");
    }

    @Test
    void a_store_that_answers_null_keeps_no_slot_and_is_asked_again() {
        Scripted scripted = new Scripted();
        scripted.landing = () -> null;
        scripted.look = () -> null;
        for (String key : List.of("a", "b", "c")) { // there are two slots
            landNew("s" + key, key);
        }
        sim.scheduler().runFor(Duration.ofMinutes(1));
        assertThat(heard.trouble).contains("the store answered nothing");

        scripted.landing = answers(new ObjectStore.Landing.Landed("said"));
        scripted.look = answers(Found.OURS);
        sim.scheduler().runFor(Duration.ofMinutes(2));

        assertThat(heard.events).containsExactlyInAnyOrder("landed a", "landed b", "landed c");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 30})
    void an_answer_is_looked_into_where_it_was_given_although_somebody_wants_its_key_given_up(
            int lifeMinutes) {
        Settings settings = new Settings();
        settings.oldLife = Duration.ofMinutes(lifeMinutes);
        store.next(Fate.SLOW);
        landNew("s", "a");
        sim.scheduler().runUntilIdle();
        CompletableFuture<Optional<String>> answer = giveUp("a", Diversion.Looks.MUST_NOT_SEE_IT);
        sim.scheduler().runUntilIdle();
        assertThat(answer).isNotDone();
        settings.number = 2;

        sim.scheduler().runFor(Duration.ofMinutes(2));

        assertThat(settings.calls).containsExactly("land a 1", "find a 1");
        assertThat(answer).isCompletedWithValueMatching(Optional::isPresent);
        assertThat(heard.events).containsExactly("landed a");
        assertThat(settings.leases).isZero();
    }
}
