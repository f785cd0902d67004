package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.landing.Diversion.LocalFolder;
import io.delivery.landing.Diversion.Way;
import io.delivery.landing.Diversion.Which;
import io.delivery.landing.DiversionAnswer;
import io.delivery.landing.Diverted;
import io.delivery.landing.Diverted.Outcome;
import io.delivery.landing.ObjectAttributes;
import io.delivery.lane.Books;
import io.delivery.record.ObjectName;
import io.delivery.testkit.DiskCall;
import io.delivery.testkit.MemoryLog;
import io.delivery.testkit.MemoryStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Objects that a store never takes, and what can be done about them. */
class WaysOutTest {
    private static final Which ALL = new Which.Bucket("lake");
    private static final Way RESCUED = new Way.Redirect("", "rescued", "saved");
    private static final Way SKIP = new Way.Skip(LocalFolder.ASKS_FIRST);
    private static final Way SKIP_INTO_FOLDER = new Way.Skip(LocalFolder.ALLOWED);

    private static HintsWorld stuck() throws IOException {
        HintsWorld world = HintsWorld.of(1, 60);
        world.store().refuse(name -> name.bucket().equals("lake"));
        return world;
    }

    private static void settled(HintsWorld world, long landed, long errors) throws IOException {
        Books books = world.lane().books();
        assertThat(books.balanced()).isTrue();
        assertThat(books.settled()).isTrue();
        assertThat(books.landed()).isEqualTo(landed);
        assertThat(books.errorOutput()).isEqualTo(errors);
        assertThat(world.lane().waitingObjects()).isZero();
        assertThat(world.troubles()).isEmpty();
        assertThat(world.verify()).isEmpty();
    }

    private static String content(HintsWorld world, String bucket, String keyBegins) {
        return world.store().visible().entrySet().stream()
                .filter(object -> object.getKey().bucket().equals(bucket))
                .filter(object -> object.getKey().key().startsWith(keyBegins))
                .map(object -> new String(object.getValue().bytes(), StandardCharsets.UTF_8))
                .reduce("", String::concat);
    }

    @Test
    void a_redirected_object_lands_with_its_bytes_under_the_new_key_and_what_waited_follows()
            throws IOException {
        HintsWorld world = stuck();
        world.put("one");
        world.pass(Duration.ofSeconds(61));
        world.put("two");
        world.pass(Duration.ofSeconds(61));
        assertThat(world.lane().waitingObjects()).isEqualTo(2);

        List<Diverted> diverted = world.divert(ALL, RESCUED);

        assertThat(diverted).hasSize(2);
        for (Diverted one : diverted) {
            assertThat(one.outcome())
                    .isEqualTo(
                            new Outcome.Redirected(
                                    "lake",
                                    new ObjectName(
                                            "rescued", "saved/" + one.object().name().key())));
        }
        assertThat(content(world, "rescued", "saved/main/"))
                .hasSize("onetwo".length())
                .contains("one", "two");
        settled(world, 2, 0);
    }

    @Test
    void a_redirect_holds_over_a_kill_and_the_old_key_is_never_asked_for_again()
            throws IOException {
        HintsWorld world = stuck();
        world.put("one");
        world.pass(Duration.ofSeconds(61));
        world.store().refuse(name -> true);
        world.divert(ALL, RESCUED);
        world.store().refuse(name -> false);

        world.killAndRestart();
        world.pass(Duration.ofMinutes(5));

        assertThat(content(world, "lake", "")).isEmpty();
        assertThat(content(world, "rescued", "saved/main/")).isEqualTo("one");
        settled(world, 1, 0);
    }

    @Test
    void an_object_may_be_redirected_again() throws IOException {
        HintsWorld world = stuck();
        world.store().refuse(name -> !name.bucket().equals("third"));
        world.put("one");
        world.pass(Duration.ofSeconds(61));
        world.divert(ALL, RESCUED);

        List<Diverted> again =
                world.divert(new Which.Bucket("rescued"), new Way.Redirect("lake", "third", ""));

        assertThat(again).hasSize(1);
        assertThat(content(world, "third", "saved/main/")).isEqualTo("one");
        settled(world, 1, 0);
    }

    @Test
    void an_object_never_goes_back_to_a_key_that_it_had() throws IOException {
        HintsWorld world = stuck();
        world.store().refuse(name -> true);
        world.put("one");
        world.pass(Duration.ofSeconds(61));
        world.divert(ALL, new Way.Redirect("lake", "rescued", ""));
        world.store().refuse(name -> name.bucket().equals("rescued"));
        Which.Bucket rescued = new Which.Bucket("rescued");

        Outcome back = outcome(world, rescued, new Way.Redirect("lake", "lake", ""));
        Outcome elsewhere = outcome(world, rescued, new Way.Redirect("lake", "lake", "again"));

        assertThat(back.toString()).contains("never requested again: name another PREFIX");
        assertThat(elsewhere).isInstanceOf(Outcome.Redirected.class);
        assertThat(content(world, "lake", "again/main/")).isEqualTo("one");
        assertThat(content(world, "lake", "main/")).isEmpty();
        settled(world, 1, 0);
    }

    @Test
    void what_cannot_be_redirected_is_told_and_nothing_changes() throws IOException {
        HintsWorld world = stuck();
        world.put("one");
        world.pass(Duration.ofSeconds(61));
        String key =
                world.divert(ALL, new Way.Redirect("nosuch", "b", "")).get(0).object().name().key();

        assertThat(outcome(world, ALL, new Way.Redirect("nosuch", "b", "")))
                .isEqualTo(new Outcome.Unchanged("no store nosuch is configured"));
        assertThat(outcome(world, new Which.Key(key), new Way.Redirect("", "lake", "")))
                .isEqualTo(new Outcome.Unchanged("that is where it is to land now"));
        assertThat(world.divert(new Which.Key("main/nothing"), RESCUED)).isEmpty();
        assertThat(world.divert(new Which.Bucket("nosuch"), RESCUED)).isEmpty();
        assertThat(world.lane().waitingObjects()).isEqualTo(1);
        world.store().refuse(name -> false);
        world.pass(Duration.ofMinutes(2));
        assertThat(content(world, "lake", "main/")).isEqualTo("one");
        settled(world, 1, 0);
    }

    @Test
    void an_object_whose_new_store_goes_away_while_its_key_is_given_up_keeps_its_place()
            throws IOException {
        HintsWorld world = stuck();
        world.hasPond(true);
        world.put("one");
        world.pass(Duration.ofSeconds(61));
        world.killAndRestart(); // nobody knows what was sent: two looks give the key up
        world.pass(Duration.ofMinutes(40));

        CompletableFuture<List<Diverted>> asked =
                world.divertLater(ALL, new Way.Redirect("pond", "b", ""));
        world.pass(Duration.ofSeconds(5));
        assertThat(asked).isNotDone();
        world.hasPond(false);
        world.pass(Duration.ofMinutes(1));

        assertThat(asked.join())
                .extracting(Diverted::outcome)
                .containsExactly(new Outcome.Unchanged("its new store is not configured any more"));
        assertThat(world.lane().waitingObjects()).isEqualTo(1);
        world.store().refuse(name -> false);
        world.killAndRestart();
        world.pass(Duration.ofMinutes(5));
        assertThat(content(world, "lake", "main/")).isEqualTo("one");
        settled(world, 1, 0);
    }

    @Test
    void an_object_that_kept_its_place_lands_there_in_the_same_process() throws IOException {
        HintsWorld world = stuck();
        world.hasPond(true);
        world.put("one");
        world.pass(Duration.ofSeconds(61));
        world.killAndRestart();
        world.pass(Duration.ofMinutes(40));
        world.divertLater(ALL, new Way.Redirect("pond", "b", ""));
        world.pass(Duration.ofSeconds(5));
        world.hasPond(false);
        world.pass(Duration.ofMinutes(1));

        world.store().refuse(name -> false);
        world.pass(Duration.ofMinutes(10));

        assertThat(content(world, "lake", "main/")).isEqualTo("one");
        settled(world, 1, 0);
    }

    /** What nothing has to land in is closed within a second or two: then it is gone. */
    @Test
    void a_store_is_needed_while_the_redirect_into_it_is_not_written() throws IOException {
        HintsWorld world = stuck();
        world.hasPond(true);
        world.put("one");
        world.pass(Duration.ofSeconds(61));
        assertThat(world.storesToLandIn()).containsExactly("lake");
        world.disk()
                .failEvery(
                        call -> call.path().getFileName().toString().startsWith("state"),
                        new IOException("injected"));
        CompletableFuture<List<Diverted>> asked =
                world.divertLater(ALL, new Way.Redirect("pond", "b", ""));
        world.pass(Duration.ofSeconds(5));
        assertThat(asked).isCompletedExceptionally();

        world.hasPond(world.storesToLandIn().contains("pond"));
        world.disk().noMoreFaults();
        world.pass(Duration.ofMinutes(1));

        assertThat(content(world, "b", "main/")).isEqualTo("one");
        settled(world, 1, 0);
        assertThat(world.storesToLandIn()).isEmpty();
    }

    @Test
    void a_lane_that_has_stopped_keeps_no_other_lane_from_leading_objects_elsewhere()
            throws IOException {
        HintsWorld world = HintsWorld.of(1, 60);
        MemoryLog orders = new MemoryLog();
        world.alsoReads("orders", orders);
        world.killAndRestart();
        world.store().refuse(name -> name.bucket().equals("lake"));
        world.put("one");
        orders.append(world.now(), "two".getBytes(StandardCharsets.UTF_8));
        world.pass(Duration.ofSeconds(61));
        ObjectName stopping =
                world.askToDivert(ALL, new Way.Redirect("", "lake", "")).join().objects().stream()
                        .filter(one -> one.lane().equals("main-1~orders"))
                        .findAny()
                        .orElseThrow()
                        .object()
                        .name();
        world.store().refuse(name -> name.bucket().equals("lake") && !name.equals(stopping));
        world.store().plant(stopping, new byte[1], new ObjectAttributes("theirs", 1, ""));
        world.pass(Duration.ofMinutes(10));
        assertThat(world.troubles()).anyMatch(trouble -> trouble.contains("not ours"));

        DiversionAnswer answer = world.askToDivert(ALL, RESCUED).join();

        assertThat(answer.objects()).hasSize(1);
        assertThat(answer.objects().get(0).lane()).isEqualTo("main-1");
        assertThat(answer.objects().get(0).outcome()).isInstanceOf(Outcome.Redirected.class);
        assertThat(answer.failureText())
                .startsWith("main-1~orders: the lane has stopped: ")
                .contains("not ours");
        world.pass(Duration.ofMinutes(1));
        assertThat(content(world, "rescued", "saved/main/")).isEqualTo("one");
    }

    @Test
    void a_defect_in_one_lane_is_told_beside_what_the_others_did() throws IOException {
        HintsWorld world = HintsWorld.of(1, 60);
        MemoryLog orders = new MemoryLog();
        world.alsoReads("orders", orders);
        world.killAndRestart();
        world.store().refuse(name -> name.bucket().equals("lake"));
        world.put("one");
        orders.append(world.now(), "two".getBytes(StandardCharsets.UTF_8));
        world.pass(Duration.ofSeconds(61));
        boolean[] thrown = {false};
        world.disk()
                .onCall(
                        call -> {
                            if (!thrown[0]) {
                                thrown[0] = true;
                                throw new IllegalStateException("a defect");
                            }
                        });

        CompletableFuture<DiversionAnswer> asked = world.askToDivert(ALL, RESCUED);

        assertThat(asked).isCompleted();
        DiversionAnswer answer = asked.join();
        assertThat(answer.objects()).hasSize(1);
        String other = answer.objects().get(0).lane().equals("main-1") ? "main-1~orders" : "main-1";
        assertThat(answer.failureText()).startsWith(other + ": ").contains("a defect");
        assertThat(world.troubles()).anyMatch(trouble -> trouble.contains("a defect"));
    }

    private static Outcome outcome(HintsWorld world, Which which, Way way) {
        List<Diverted> diverted = world.divert(which, way);
        assertThat(diverted).hasSize(1);
        return diverted.get(0).outcome();
    }

    @Test
    void an_object_of_the_open_range_that_has_landed_is_left_where_it_is() throws IOException {
        HintsWorld world = HintsWorld.partitioned(1, 60, 50, 300L << 20);
        world.putBytes("a:", 2 << 20); // full before the range is sealed
        world.pass(Duration.ofSeconds(5));
        assertThat(world.objects("p=a/")).isNotEmpty();

        assertThat(world.divert(ALL, RESCUED))
                .hasSize(2)
                .extracting(Diverted::outcome)
                .hasOnlyElementsOfType(Outcome.Unchanged.class)
                .first()
                .isInstanceOfSatisfying(
                        Outcome.Unchanged.class,
                        told -> assertThat(told.reason()).startsWith("it has landed already"));
    }

    @Test
    void the_records_of_a_skipped_object_are_in_the_error_output_with_the_reason()
            throws IOException {
        HintsWorld world = HintsWorld.of(1, 60);
        world.store().refuse(name -> name.key().startsWith("main/"));
        world.put("one");
        world.put("two");
        world.pass(Duration.ofSeconds(61));
        world.put("three");
        world.pass(Duration.ofSeconds(30));

        assertThat(outcome(world, ALL, SKIP)).isEqualTo(new Outcome.ToErrorOutput());
        world.store().refuse(name -> false);
        world.pass(Duration.ofMinutes(2));

        String lines = content(world, "lake", "err/processing-failed/");
        assertThat(lines.lines()).hasSize(2);
        assertThat(lines)
                .contains("\"errorCode\":\"Delivery.Skipped\"")
                .contains("\"rawData\":\"" + base64("one") + "\"")
                .contains("\"rawData\":\"" + base64("two") + "\"");
        assertThat(content(world, "lake", "main/")).isEqualTo("three");
        settled(world, 1, 2);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_skip_holds_over_a_kill_before_its_records_are_read_again() throws IOException {
        HintsWorld world = HintsWorld.of(1, 60);
        world.store().refuse(name -> name.key().startsWith("main/"));
        world.put("one");
        world.pass(Duration.ofSeconds(61));
        world.disk()
                .failEvery(
                        call ->
                                call.kind() == DiskCall.Kind.CREATE
                                        && call.path().getParent().endsWith("staging"),
                        new IOException("injected"));
        world.divert(ALL, SKIP);
        world.store().refuse(name -> false);
        world.disk().noMoreFaults();

        world.killAndRestart();
        world.pass(Duration.ofMinutes(5));

        assertThat(content(world, "lake", "main/")).isEmpty();
        assertThat(content(world, "lake", "err/processing-failed/").lines()).hasSize(1);
        settled(world, 0, 1);
    }

    @Test
    void an_object_of_the_error_output_is_skipped_into_a_local_folder_when_that_was_confirmed()
            throws IOException {
        HintsWorld world = stuck();
        world.put("one");
        world.pass(Duration.ofSeconds(61));
        world.divert(ALL, SKIP);
        world.pass(Duration.ofMinutes(2));

        assertThat(outcome(world, ALL, SKIP)).isEqualTo(new Outcome.AsksFirst());
        world.pass(Duration.ofMinutes(2));
        assertThat(world.lane().waitingObjects()).isEqualTo(1);
        Outcome.ToLocalFolder kept = (Outcome.ToLocalFolder) outcome(world, ALL, SKIP_INTO_FOLDER);
        world.pass(Duration.ofMinutes(2));

        Path file = HintsWorld.DATA.resolve("skipped").resolve(kept.name().toString());
        assertThat(new String(world.disk().bytes(file), StandardCharsets.UTF_8))
                .contains("\"rawData\":\"" + base64("one") + "\"");
        assertThat(content(world, "lake", "")).isEmpty();
        settled(world, 0, 1);
        world.killAndRestart();
        world.pass(Duration.ofMinutes(1));
        settled(world, 0, 1);
    }

    @Test
    void what_was_to_go_into_the_local_folder_goes_there_after_a_kill() throws IOException {
        HintsWorld world = stuck();
        world.put("one");
        world.pass(Duration.ofSeconds(61));
        world.divert(ALL, SKIP);
        world.pass(Duration.ofMinutes(2));
        world.disk()
                .failEvery(
                        call -> call.path().startsWith(HintsWorld.DATA.resolve("skipped")),
                        new IOException("injected"));
        Outcome.ToLocalFolder kept = (Outcome.ToLocalFolder) outcome(world, ALL, SKIP_INTO_FOLDER);
        assertThat(world.troubles()).isNotEmpty();
        assertThat(outcome(world, new Which.Key(kept.name().key()), RESCUED))
                .isInstanceOfSatisfying(
                        Outcome.Unchanged.class,
                        told -> assertThat(told.reason()).contains("STORE/BUCKET"));
        world.disk().noMoreFaults();

        world.killAndRestart();
        world.pass(Duration.ofMinutes(5));

        settled(world, 0, 1);
    }

    @Test
    void one_record_whose_value_makes_a_key_that_the_store_refuses_does_not_stop_its_stream()
            throws IOException {
        HintsWorld world = HintsWorld.partitioned(1, 60, 50, 300L << 20);
        world.store().refuse(name -> name.key().startsWith("p=bad/"));
        world.put("good:1");
        world.put("bad:2");
        world.put("good:3");

        world.pass(Duration.ofMinutes(3));

        assertThat(content(world, "lake", "p=good/")).isEqualTo("good:1good:3");
        assertThat(content(world, "lake", "p=bad/")).isEmpty();
        assertThat(content(world, "lake", "err/processing-failed/"))
                .contains("\"errorCode\":\"Delivery.KeyRefused\"")
                .contains("KeyTooLongError")
                .contains("\"rawData\":\"" + base64("bad:2") + "\"");
        settled(world, 2, 1);
    }

    @Test
    void a_key_that_the_configuration_makes_waits_for_an_operator() throws IOException {
        HintsWorld world = stuck();
        world.put("one");

        world.pass(Duration.ofMinutes(10));

        assertThat(world.lane().waitingObjects()).isEqualTo(1);
        assertThat(world.troubles()).anyMatch(trouble -> trouble.contains("KeyTooLongError"));
        assertThat(world.divert(ALL, RESCUED)).hasSize(1);
        settled(world, 1, 0);
    }

    @Test
    void a_refusal_that_meets_every_value_waits_for_an_operator_and_no_record_fails()
            throws IOException {
        HintsWorld world = HintsWorld.partitioned(1, 60, 50, 300L << 20);
        world.store().refuse(name -> name.key().startsWith("p="));
        world.put("a:1");
        world.put("b:2");
        world.pass(Duration.ofSeconds(61));
        world.put("c:3");
        world.pass(Duration.ofMinutes(10));

        assertThat(content(world, "lake", "err/")).isEmpty();
        assertThat(world.lane().waitingObjects()).isEqualTo(3);
        assertThat(world.troubles()).anyMatch(trouble -> trouble.contains("KeyTooLongError"));
        world.store().refuse(name -> false);
        world.pass(Duration.ofMinutes(6));
        assertThat(content(world, "lake", "p=")).contains("a:1", "b:2", "c:3");
        settled(world, 3, 0);
    }

    @Test
    void a_refused_value_that_comes_alone_fails_when_another_value_landed_before()
            throws IOException {
        HintsWorld world = HintsWorld.partitioned(1, 60, 50, 300L << 20);
        world.put("good:1");
        world.pass(Duration.ofSeconds(61));
        world.store().refuse(name -> name.key().startsWith("p=bad/"));

        world.put("bad:2");
        world.pass(Duration.ofMinutes(3));

        assertThat(content(world, "lake", "err/processing-failed/"))
                .contains("\"rawData\":\"" + base64("bad:2") + "\"");
        settled(world, 1, 1);
    }

    @Test
    void a_refused_value_fails_as_soon_as_another_value_has_landed() throws IOException {
        HintsWorld world = HintsWorld.partitioned(1, 60, 50, 300L << 20);
        world.store().refuse(name -> name.key().startsWith("p=bad/"));
        world.put("bad:1");
        world.pass(Duration.ofMinutes(3));
        assertThat(content(world, "lake", "err/")).isEmpty();
        assertThat(world.lane().waitingObjects()).isEqualTo(1);

        world.put("good:2");
        world.pass(Duration.ofMinutes(10));

        assertThat(content(world, "lake", "p=good/")).isEqualTo("good:2");
        assertThat(content(world, "lake", "err/processing-failed/"))
                .contains("\"rawData\":\"" + base64("bad:1") + "\"");
        settled(world, 1, 1);
    }

    @Test
    void a_refused_value_of_an_earlier_definition_fails_when_another_value_of_it_has_landed()
            throws IOException {
        HintsWorld world = HintsWorld.partitioned(1, 60, 50, 300L << 20);
        world.store().refuse(name -> name.key().startsWith("p="));
        world.put("good:1");
        world.put("bad:2");
        world.pass(Duration.ofMinutes(3));
        world.changePrefix("q=!{partitionKeyFromQuery:k}/").join();

        world.store().refuse(name -> name.key().startsWith("p=bad/"));
        world.pass(Duration.ofMinutes(10));

        assertThat(content(world, "lake", "p=good/")).isEqualTo("good:1");
        assertThat(content(world, "lake", "err/processing-failed/"))
                .contains("\"rawData\":\"" + base64("bad:2") + "\"");
        settled(world, 1, 1);
    }

    @Test
    void so_does_one_of_a_definition_that_was_changed_before_this_process_began()
            throws IOException {
        HintsWorld world = HintsWorld.partitioned(1, 60, 50, 300L << 20);
        world.store().refuse(name -> name.key().startsWith("p="));
        world.put("good:1");
        world.put("bad:2");
        world.pass(Duration.ofMinutes(3));
        world.changePrefix("q=!{partitionKeyFromQuery:k}/").join();

        world.killAndRestart();
        world.store().refuse(name -> name.key().startsWith("p=bad/"));
        world.pass(Duration.ofMinutes(45)); // requests of the former process may arrive till then

        assertThat(content(world, "lake", "err/processing-failed/"))
                .contains("\"rawData\":\"" + base64("bad:2") + "\"");
        assertThat(world.lane().books().settled()).isTrue();
    }

    @Test
    void a_definition_whose_keys_are_made_alike_shows_that_a_value_is_to_blame()
            throws IOException {
        HintsWorld world = HintsWorld.partitioned(1, 60, 50, 300L << 20);
        world.store().refuse(name -> name.key().startsWith("p=bad/"));
        world.put("bad:1");
        world.pass(Duration.ofMinutes(3));
        assertThat(world.lane().waitingObjects()).isEqualTo(1);

        world.changeDefinition("other").join();
        world.put("good:2");
        world.pass(Duration.ofMinutes(10));

        assertThat(content(world, "lake", "err/processing-failed/"))
                .contains("\"rawData\":\"" + base64("bad:1") + "\"");
        settled(world, 1, 1);
    }

    @Test
    void a_definition_with_another_prefix_shows_nothing_of_a_refused_key() throws IOException {
        HintsWorld world = HintsWorld.partitioned(1, 60, 50, 300L << 20);
        world.store().refuse(name -> name.key().startsWith("p="));
        world.put("one:1");
        world.pass(Duration.ofMinutes(3));

        world.changePrefix("q=!{partitionKeyFromQuery:k}/").join();
        world.put("two:2");
        world.pass(Duration.ofMinutes(10));

        assertThat(content(world, "lake", "q=two/")).isEqualTo("two:2");
        assertThat(content(world, "lake", "err/")).isEmpty();
        assertThat(world.lane().waitingObjects()).isEqualTo(1);
    }

    @Test
    void a_refused_key_that_an_earlier_process_may_have_sent_waits_until_nothing_can_arrive()
            throws IOException {
        HintsWorld world = HintsWorld.partitioned(1, 60, 50, 300L << 20);
        world.store().next(MemoryStore.Fate.LATE);
        world.store().weather(MemoryStore.Fate.LOST, 1);
        world.put("bad:1");
        world.pass(Duration.ofSeconds(62));
        world.killAndRestart();
        world.store().heal();
        world.store().refuse(name -> name.key().startsWith("p=bad/"));
        world.put("good:2");

        world.pass(Duration.ofSeconds(90));
        assertThat(content(world, "lake", "err/")).isEmpty();
        world.pass(Duration.ofMinutes(6));

        Books books = world.lane().books();
        assertThat(books.settled()).isTrue();
        assertThat(books.errorOutput()).isEqualTo(1);
    }
}
