package io.delivery.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.engine.LaneLimits;
import io.delivery.landing.ObjectAttributes;
import io.delivery.record.ObjectName;
import io.delivery.testkit.MemoryStore.Fate;
import io.delivery.testkit.MemoryStore.Request.Kind;
import io.delivery.testkit.MemoryStore.Told;
import io.delivery.testkit.simulation.Scenario.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store may do to a stream, and what the stream makes of it. */
class StoreFaultsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static void goesAway(Scenario scenario) {
        scenario.store().weather(Fate.LOST, 1);
        scenario.store().looksLost(1);
    }

    @Test
    void a_store_that_is_down_for_an_hour_gets_few_large_objects_and_nothing_is_lost()
            throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks"));
        goesAway(scenario);

        boolean accepted = true;
        for (int minute = 0; minute < 60; minute++) {
            accepted &= scenario.put("clicks", 20);
            scenario.pass(MINUTE);
        }
        scenario.store().heal();
        scenario.drainsByItself();

        assertThat(accepted).as("an outage of the store refuses no record").isTrue();
        assertThat(scenario.objects("clicks")).hasSizeLessThanOrEqualTo(20);
    }

    @Test
    void after_30_s_of_failure_a_stream_tries_at_most_once_a_second_and_not_in_step()
            throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks"), Shape.plain("orders"));
        goesAway(scenario);

        for (int minute = 0; minute < 20; minute++) {
            scenario.put("clicks", 5);
            scenario.put("orders", 5);
            scenario.pass(MINUTE);
        }

        for (String stream : List.of("clicks", "orders")) {
            List<Request> requests = scenario.requests(stream);
            Duration settled = requests.get(0).at().plusSeconds(30);
            Set<Long> pauses = new HashSet<>();
            Duration last = null;
            for (Request request : requests) {
                if (request.at().compareTo(settled) > 0) {
                    if (last != null) {
                        Duration pause = request.at().minus(last);
                        assertThat(pause).as(stream).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
                        pauses.add(pause.toMillis());
                    }
                    last = request.at();
                }
            }
            assertThat(pauses).as("pauses of %s", stream).hasSizeGreaterThan(20);
        }
    }

    @Test
    void a_slow_store_lands_everything_once() throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks").withBackup().withPartitions(20));
        scenario.store().weather(Fate.SLOW, 1);

        for (int i = 0; i < 10; i++) {
            scenario.put("clicks", List.of("a", "b", "c"));
            scenario.put("clicks", List.of("d", "", "e"));
            scenario.pass(MINUTE);
        }

        scenario.drainsByItself();
    }

    @Test
    void an_object_that_landed_although_the_store_answered_500_is_found_and_not_put_again()
            throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks"));
        scenario.store().next(Fate.ANSWER_LOST, Fate.ANSWER_LOST, Fate.ANSWER_LOST);

        for (int i = 0; i < 3; i++) {
            scenario.put("clicks", 3);
            scenario.pass(MINUTE);
        }
        scenario.drainsByItself();

        assertThat(scenario.requests("clicks")).filteredOn(r -> r.kind() == Kind.LAND).hasSize(3);
        assertThat(scenario.requests("clicks")).filteredOn(r -> r.kind() == Kind.FIND).hasSize(3);
    }

    @Test
    void a_late_put_of_the_dead_process_changes_nothing() throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks"));
        scenario.store().ignoreConditions();
        scenario.store().next(Fate.LATE);
        scenario.put("clicks", 5);
        scenario.flush("clicks");
        assertThat(scenario.store().onTheWire()).isEqualTo(1);

        scenario.killAndStart();
        scenario.work();
        assertThat(scenario.objects("clicks")).as("landed by the second process").hasSize(1);
        assertThat(scenario.store().onTheWire()).as("still on its way").isEqualTo(1);
        scenario.pass(Duration.ofMinutes(3));

        assertThat(scenario.store().onTheWire()).isZero();
        scenario.drainsByItself();
    }

    @Test
    void a_stranger_under_our_key_stops_that_stream_and_is_never_overwritten() throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks"), Shape.plain("orders"));
        byte[] theirs = "somebody else's".getBytes(StandardCharsets.UTF_8);
        List<ObjectName> planted = new ArrayList<>();
        scenario.store().next(Fate.LOST);
        scenario.put("clicks", 5);
        scenario.flush("clicks");
        ObjectName name = scenario.requests("clicks").get(0).name();
        scenario.store().plant(name, theirs, new ObjectAttributes("theirs", 1, ""));
        planted.add(name);

        scenario.pass(MINUTE);
        scenario.put("orders", 5);
        scenario.pass(MINUTE.multipliedBy(2));

        assertThat(scenario.troubles("clicks")).contains("not ours").contains(name.key());
        assertThat(scenario.store().visible(name).orElseThrow().bytes()).isEqualTo(theirs);
        assertThat(scenario.troubles("orders")).isEmpty();
        assertThat(scenario.stream("orders").settled()).isTrue();
        int requests = scenario.requests("clicks").size();
        scenario.pass(Duration.ofHours(1));
        assertThat(scenario.requests("clicks")).as("no request any more").hasSize(requests);
    }

    @Test
    void a_store_that_answers_SlowDown_to_a_tenth_of_the_requests_gets_everything_once()
            throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks").withBackup().withPartitions(20));
        scenario.store().weather(Fate.LOST, 0.1);
        scenario.store().looksLost(0.1);

        for (int i = 0; i < 60; i++) {
            scenario.put("clicks", List.of("abcdefghij".substring(i % 10, i % 10 + 1), "k", "l"));
            scenario.flush("clicks");
            scenario.pass(Duration.ofSeconds(5));
        }

        scenario.drainsByItself();
    }

    @Test
    void a_bucket_that_was_deleted_is_waited_for_and_told() throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks"));
        scenario.store().deleteBucket("clicks");

        scenario.put("clicks", 5);
        scenario.pass(Duration.ofHours(1));
        assertThat(scenario.troubles("clicks")).contains("NoSuchBucket").contains("Create the");
        scenario.store().createBucket("clicks");

        scenario.drainsByItself();
        assertThat(scenario.objects("clicks")).hasSize(1);
    }

    @Test
    void a_missing_bucket_of_one_stream_does_not_delay_another_at_the_same_store()
            throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks"), Shape.plain("orders"));
        scenario.store().deleteBucket("clicks");

        for (int i = 0; i < 10; i++) {
            scenario.put("clicks", 5);
            scenario.put("orders", 5);
            scenario.pass(Duration.ofSeconds(61));
            assertThat(scenario.lane("orders").waitingObjects()).isZero();
            assertThat(scenario.objects("orders")).as("one object a minute").hasSize(i + 1);
        }

        assertThat(scenario.troubles("orders")).isEmpty();
        scenario.store().createBucket("clicks");
        scenario.drainsByItself();
    }

    @Test
    void a_key_that_the_store_always_refuses_is_told_with_code_and_remedy_and_others_go_on()
            throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks"), Shape.plain("orders"));
        scenario.store().refuse(name -> name.bucket().equals("clicks"));

        scenario.put("clicks", 5);
        scenario.put("orders", 5);
        scenario.pass(Duration.ofHours(2));

        String key = scenario.requests("clicks").get(0).name().key();
        assertThat(scenario.troubles("clicks"))
                .contains(key)
                .contains("KeyTooLongError")
                .contains("Use a shorter prefix");
        assertThat(scenario.requests("clicks")).as("about one a minute").hasSizeLessThan(300);
        assertThat(scenario.stream("orders").settled()).isTrue();
        assertThat(scenario.put("clicks", 5)).as("still accepts").isTrue();
        scenario.store().refuse(name -> false);
        scenario.drainsByItself();
    }

    /** Which condition a store does not know. */
    enum Ignored {
        OF_PUT(scenario -> scenario.store().ignoreConditionsOfPut()),
        OF_COMPLETION(scenario -> scenario.store().ignoreConditionsOfCompletion()),
        OF_BOTH(scenario -> scenario.store().ignoreConditions());

        private final Consumer<Scenario> apply;

        Ignored(Consumer<Scenario> apply) {
            this.apply = apply;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_store_that_ignores_conditions_in_silence_still_holds_everything_once(Ignored ignored)
            throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks").withPartitions(20));
        ignored.apply.accept(scenario);
        scenario.store().partSize(40);
        scenario.store().weather(Fate.LATE, 0.3);
        scenario.store().weather(Fate.ANSWER_LOST, 0.3);

        for (int i = 0; i < 20; i++) {
            scenario.put("clicks", List.of("a", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "c"));
            scenario.flush("clicks");
            scenario.pass(Duration.ofSeconds(7));
            if (i % 5 == 4) {
                scenario.killAndStart();
            }
        }

        scenario.drainsByItself();
    }

    /** What a store keeps instead of what it was sent. */
    enum Kept {
        OF_THE_SAME_LENGTH(
                sent -> {
                    byte[] kept = sent.clone();
                    kept[kept.length - 2] ^= 4;
                    return kept;
                }),
        SHORTER(sent -> Arrays.copyOf(sent, sent.length - 1)),
        WITH_ITS_FRAMES(
                sent ->
                        ("1f;chunk-signature=0\r\n" + new String(sent, StandardCharsets.UTF_8))
                                .getBytes(StandardCharsets.UTF_8));

        private final UnaryOperator<byte[]> change;

        Kept(UnaryOperator<byte[]> change) {
            this.change = change;
        }
    }

    /** By which of the client's comparisons a store that keeps other bytes is found out. */
    enum FoundOutBy {
        /** It tells the checksum of what it keeps. */
        ITS_ANSWER(Told.KEPT, false),
        /** It tells none, and everything is read back. */
        READ_BACK_OF_ALL(Told.NO_CHECKSUM, true),
        /** It repeats what it was sent, to every question, and everything is read back. */
        READ_BACK_OF_ALL_THOUGH_IT_LIES(Told.SENT, true);

        private final Told told;
        private final boolean readBack;

        FoundOutBy(Told told, boolean readBack) {
            this.told = told;
            this.readBack = readBack;
        }

        private void begins(Scenario scenario, Kept kept) {
            scenario.store().keepsOther(kept.change, told);
            if (readBack) {
                scenario.store().readBackAlways();
            }
            scenario.store().next(Fate.OTHER_BYTES);
        }
    }

    static Stream<Arguments> stores_that_keep_other_bytes() {
        return Stream.of(Kept.values())
                .flatMap(
                        kept ->
                                Stream.of(FoundOutBy.values())
                                        .flatMap(
                                                by ->
                                                        Stream.of(
                                                                Arguments.of(kept, by, 8 << 20),
                                                                Arguments.of(kept, by, 7))));
    }

    @ParameterizedTest
    @MethodSource("stores_that_keep_other_bytes")
    void what_a_store_that_answers_200_keeps_instead_of_our_bytes_never_counts_as_landed(
            Kept kept, FoundOutBy by, int partSize) throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks"), Shape.plain("orders"));
        scenario.store().partSize(partSize);
        by.begins(scenario, kept);
        scenario.put("clicks", 5);
        scenario.flush("clicks");
        scenario.pass(MINUTE);
        ObjectName name = scenario.requests("clicks").get(0).name();
        byte[] theirs = scenario.store().visible(name).orElseThrow().bytes();

        scenario.put("orders", 5);
        scenario.put("clicks", 5);
        scenario.pass(MINUTE.multipliedBy(3));

        notLanded(scenario, name, theirs);
        assertThat(asked(scenario, name))
                .as("the bytes were read twice before that was said")
                .containsExactly(Kind.LAND, Kind.READ_BACK, Kind.READ_BACK);
        assertThat(scenario.troubles("orders")).isEmpty();
        assertThat(scenario.stream("orders").settled()).isTrue();

        // Nothing was cured: the next process knows of the doubt and reads before anything else.
        scenario.killAndStart();
        scenario.pass(MINUTE.multipliedBy(3));
        notLanded(scenario, name, theirs);
        assertThat(asked(scenario, name))
                .containsExactly(
                        Kind.LAND, Kind.READ_BACK, Kind.READ_BACK, Kind.READ_BACK, Kind.READ_BACK);

        // What the trouble says is done.
        scenario.store().remove(name);
        scenario.killAndStart();
        scenario.drainsByItself();
        assertThat(scenario.objects("clicks")).containsKey(name.key());
        assertThat(scenario.troubles("clicks")).isEmpty();
    }

    /** Beside the end of an upload that a dead process may have left. */
    private static List<Kind> asked(Scenario scenario, ObjectName name) {
        return scenario.requests("clicks").stream()
                .filter(request -> request.name().equals(name))
                .map(Request::kind)
                .filter(kind -> kind != Kind.ABORT)
                .toList();
    }

    private static void notLanded(Scenario scenario, ObjectName name, byte[] theirs) {
        assertThat(scenario.stream("clicks").books().landed()).isZero();
        assertThat(scenario.troubles("clicks"))
                .contains(name.key())
                .contains("holds other bytes than were sent")
                .contains("check --online")
                .contains("move the object away");
        assertThat(scenario.store().visible(name).orElseThrow().bytes())
                .as("what is visible never changes, not even then")
                .isEqualTo(theirs);
    }

    @ParameterizedTest
    @EnumSource
    void other_bytes_are_found_out_by_the_look_where_the_answer_was_lost(Kept kept)
            throws IOException {
        boolean sameLength = kept == Kept.OF_THE_SAME_LENGTH;
        Scenario scenario = Scenario.of(Shape.plain("clicks"));
        // A look compares lengths also at a store that tells no checksum.
        scenario.store().keepsOther(kept.change, sameLength ? Told.KEPT : Told.NO_CHECKSUM);
        scenario.store().next(Fate.OTHER_BYTES_AND_ANSWER_LOST);

        scenario.put("clicks", 5);
        scenario.pass(MINUTE.multipliedBy(3));

        ObjectName name = scenario.requests("clicks").get(0).name();
        assertThat(scenario.requests("clicks"))
                .extracting(Request::kind)
                .containsExactly(Kind.LAND, Kind.FIND, Kind.FIND);
        assertThat(scenario.stream("clicks").books().landed()).isZero();
        assertThat(scenario.troubles("clicks")).contains(name.key()).contains("not ours");

        scenario.store().remove(name);
        scenario.killAndStart();
        scenario.drainsByItself();
    }

    @Test
    void a_store_that_tells_another_checksum_and_keeps_our_bytes_is_read_back_and_believed()
            throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks"));
        scenario.store().next(Fate.DOUBTFUL);

        scenario.put("clicks", 5);
        scenario.drainsByItself();

        assertThat(scenario.requests("clicks"))
                .extracting(Request::kind)
                .containsExactly(Kind.LAND, Kind.READ_BACK);
        assertThat(scenario.troubles("clicks")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void what_is_in_doubt_and_may_not_be_read_waits_for_the_right_to_read_it(Kept kept)
            throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks"));
        scenario.store().forbidLooking();
        scenario.store().keepsOther(kept.change, Told.KEPT);
        scenario.store().next(Fate.OTHER_BYTES);

        for (int i = 0; i < 10; i++) {
            scenario.put("clicks", 5);
            scenario.pass(MINUTE);
            if (i == 5) {
                scenario.killAndStart();
            }
        }
        scenario.pass(MINUTE);

        ObjectName name = scenario.requests("clicks").get(0).name();
        assertThat(scenario.troubles("clicks")).contains(name.key()).contains("Allow s3:GetObject");
        assertThat(asked(scenario, name)).startsWith(Kind.LAND).hasSizeGreaterThan(5);
        assertThat(asked(scenario, name).stream().skip(1)).containsOnly(Kind.READ_BACK);
        assertThat(scenario.lane("clicks").waitingObjects()).as("the others landed").isEqualTo(1);

        scenario.store().remove(name);
        scenario.store().heal();
        scenario.drainsByItself();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_must_be_read_back_and_may_not_be_read_waits_for_the_right_to_read_it(
            boolean otherBytes) throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks"));
        scenario.store().readBackAlways();
        scenario.store().forbidLooking();
        scenario.store().keepsOther(Kept.OF_THE_SAME_LENGTH.change, Told.SENT);
        scenario.store().next(otherBytes ? Fate.OTHER_BYTES : Fate.PROMPT);

        scenario.put("clicks", 5);
        scenario.pass(MINUTE.multipliedBy(10));
        scenario.killAndStart();
        scenario.pass(MINUTE.multipliedBy(10));

        ObjectName name = scenario.requests("clicks").get(0).name();
        assertThat(asked(scenario, name)).contains(Kind.LAND);
        assertThat(scenario.lane("clicks").waitingObjects()).isEqualTo(1);
        assertThat(scenario.troubles("clicks")).contains(name.key()).contains("Allow s3:GetObject");
        scenario.store().heal();
        scenario.pass(MINUTE.multipliedBy(3));
        if (otherBytes) {
            assertThat(scenario.troubles("clicks")).contains(name.key()).contains("not ours");
            scenario.store().remove(name);
            scenario.killAndStart();
        }
        scenario.drainsByItself();
    }

    @Test
    void a_role_that_may_only_put_lands_everything_once() throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks"));
        scenario.store().forbidLooking();
        scenario.store().next(Fate.ANSWER_LOST, Fate.LOST, Fate.ANSWER_LOST);

        for (int i = 0; i < 3; i++) {
            scenario.put("clicks", 3);
            scenario.pass(MINUTE);
        }
        scenario.killAndStart();

        scenario.drainsByItself();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void staged_bytes_that_rot_are_never_sent_and_their_records_are_read_again(boolean restarted)
            throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks"));
        goesAway(scenario);
        scenario.put("clicks", 5);
        scenario.flush("clicks");
        scenario.stagedBytesRot();

        if (restarted) {
            scenario.killAndStart();
        }
        scenario.store().heal();

        scenario.drainsByItself(); // fails for a piece that nobody sent
    }

    /** A process that dies with its request held on the way, and whose staged bytes then rot. */
    private static ObjectName heldAndRotten(Scenario scenario) throws IOException {
        scenario.store().next(Fate.HELD);
        scenario.put("clicks", 5);
        scenario.flush("clicks");
        ObjectName name = scenario.requests("clicks").get(0).name();
        scenario.kill();
        scenario.stagedBytesRot();
        scenario.start();
        return name;
    }

    @Test
    void a_request_held_while_its_process_dies_and_its_bytes_rot_lands_the_object_once()
            throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks"));
        ObjectName name = heldAndRotten(scenario);

        scenario.pass(MINUTE);
        assertThat(scenario.store().visible()).as("nothing is given up yet").isEmpty();
        assertThat(scenario.troubles("clicks")).contains("may still bring it there");
        scenario.store().releaseHeld();

        scenario.drainsByItself(); // fails for what is there twice
        assertThat(scenario.store().visible()).containsOnlyKeys(name);
        assertThat(scenario.troubles("clicks")).isEmpty();
    }

    @Test
    void a_request_that_outlives_all_that_is_known_of_requests_is_told_until_it_is_removed()
            throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks"));
        ObjectName name = heldAndRotten(scenario);
        scenario.drainsByItself();
        assertThat(scenario.store().visible()).hasSize(1).doesNotContainKey(name);
        assertThat(scenario.lane("clicks").visibleVoids()).isZero();

        scenario.store().releaseHeld();
        scenario.pass(MINUTE.multipliedBy(10));

        assertThat(scenario.store().visible()).hasSize(2).containsKey(name);
        assertThat(scenario.lane("clicks").visibleVoids()).isEqualTo(1);
        assertThat(scenario.troubles("clicks"))
                .contains(name.key())
                .contains("its 5 records are in the store twice")
                .contains("Remove exactly this object");

        scenario.store().remove(name);
        scenario.pass(Duration.ofHours(1));
        assertThat(scenario.troubles("clicks")).isEmpty();
        assertThat(scenario.lane("clicks").visibleVoids()).isZero();
        scenario.drainsByItself();
    }

    @Test
    void it_is_told_after_a_restart_too_while_its_range_is_not_committed() throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks"));
        ObjectName name = heldAndRotten(scenario);
        // What is made in its place has to wait.
        scenario.store().refuse(other -> !other.equals(name));
        scenario.pass(MINUTE.multipliedBy(3));
        assertThat(scenario.requests("clicks")).anyMatch(r -> !r.name().equals(name));

        scenario.killAndStart();
        scenario.store().releaseHeld();
        scenario.pass(MINUTE.multipliedBy(2));

        assertThat(scenario.lane("clicks").visibleVoids()).isEqualTo(1);
        assertThat(scenario.troubles("clicks")).contains(name.key()).contains("twice");
    }

    @Test
    void a_portal_that_answers_every_request_for_a_while_costs_no_object_and_accuses_nobody()
            throws IOException {
        Scenario scenario = Scenario.of(Shape.plain("clicks").withPartitions(20));
        scenario.put("clicks", List.of("a", "b", "c"));
        scenario.flush("clicks");
        scenario.store().portal(Duration.ofSeconds(6));

        for (int i = 0; i < 12; i++) {
            scenario.put("clicks", List.of("a", "b", "c", "d", "e", "f", "g", "h"));
            scenario.flush("clicks");
            scenario.pass(Duration.ofMillis(500));
        }

        scenario.drainsByItself();
        assertThat(scenario.troubles("clicks")).isEmpty();
    }

    /** What became of a staged file while nobody looked. */
    enum Damage {
        EMPTY((scenario, file) -> scenario.disk().cut(file, 0)),
        SHORTER(
                (scenario, file) ->
                        scenario.disk().cut(file, scenario.disk().bytes(file).length - 1)),
        GONE((scenario, file) -> scenario.disk().delete(file));

        private final Scenario.OfStagedFile done;

        Damage(Scenario.OfStagedFile done) {
            this.done = done;
        }
    }

    @ParameterizedTest
    @EnumSource
    void staged_bytes_that_are_damaged_or_missing_in_an_open_or_a_sealed_range_cost_no_record(
            Damage damage) throws IOException {
        // A buffer closes behind 20 bytes: that of the a's does, and its range stays open.
        LaneLimits limits =
                new LaneLimits(
                        20, 1000, 10, 4, 4, 1, 1, 100_000, 100_000, 100_000, 1 << 20, 1 << 20,
                        8 << 20);
        for (boolean sealed : new boolean[] {false, true}) {
            for (boolean restarted : new boolean[] {false, true}) {
                Scenario scenario =
                        Scenario.of(limits, 1 << 20, Shape.plain("clicks").withPartitions(20));
                goesAway(scenario);
                scenario.put("clicks", List.of("aaaaaaaaaaaaaaaaaaaa", "b", "c"));
                if (sealed) {
                    scenario.flush("clicks");
                }
                assertThat(scenario.lane("clicks").waitingObjects()).isEqualTo(sealed ? 3 : 1);
                scenario.damageStaged(damage.done);

                if (restarted) {
                    scenario.killAndStart();
                }
                scenario.put("clicks", 2);
                scenario.store().heal();

                scenario.drainsByItself();
            }
        }
    }
}
