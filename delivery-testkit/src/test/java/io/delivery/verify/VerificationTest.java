package io.delivery.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.journal.Journal;
import io.delivery.journal.JournalSettings;
import io.delivery.landing.LaneRecord;
import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.landing.LaneRecords;
import io.delivery.landing.LaneState;
import io.delivery.landing.LocalLaneState;
import io.delivery.landing.ObjectListing;
import io.delivery.landing.SequenceList;
import io.delivery.ledger.Ledger;
import io.delivery.ledger.LedgerLimit;
import io.delivery.metrics.Metrics;
import io.delivery.record.Incarnation;
import io.delivery.record.ObjectName;
import io.delivery.record.RecordBatch;
import io.delivery.testkit.ManualClock;
import io.delivery.testkit.SimWorld;
import io.delivery.verify.Report.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream whose journal and lane the test writes itself, and a store that it fills. */
class VerificationTest {
    private static final Path DATA = Path.of("/data");
    private static final Path STREAM = DATA.resolve("streams/clicks~00000000");
    private static final Path LANE = STREAM.resolve("lanes/main-1");
    private static final Incarnation INCARNATION = new Incarnation(1, 2);
    private static final long BEGIN = ManualClock.BEGIN.toEpochMilli();
    private static final Scope STORE = Scope.of(Scope.Depth.STORE);
    private static final String OUR_NAME =
            "clicks-1-2026-11-21-12-00-00-01234567-0123-4123-8123-0123456789ab";

    private final SimWorld sim = SimWorld.seeded(3);
    private final Shelf shelf = new Shelf();
    private LaneState state;

    @BeforeEach
    void begin() throws IOException {
        String meta =
                String.join("\n", "delivery stream 1", "clicks", INCARNATION.hex(), "7", "main-1")
                        + "\n";
        CRC32C crc = new CRC32C();
        crc.update(meta.getBytes(StandardCharsets.UTF_8));
        meta += "crc32c %08x\n".formatted(crc.getValue());
        sim.disk().createDirectories(STREAM);
        sim.disk().plant(STREAM.resolve("stream.meta"), meta.getBytes(StandardCharsets.UTF_8));
        accept(100);
        open();
    }

    private void accept(int records) throws IOException {
        Journal journal =
                Journal.open(
                        new JournalSettings(
                                STREAM.resolve("journal"),
                                "clicks",
                                INCARNATION,
                                0,
                                1 << 30,
                                () -> {}),
                        sim.world(),
                        Metrics.NONE);
        journal.append(RecordBatch.of(0, new byte[records][1]));
        sim.scheduler().runUntilIdle();
        journal.stop();
        sim.scheduler().runUntilIdle();
    }

    private void open() throws IOException {
        state =
                LocalLaneState.recover(
                        LANE,
                        INCARNATION,
                        "test",
                        0,
                        LocalLaneState.MAX_TAIL_BYTES,
                        Ledger.open(LANE, new LedgerLimit(1 << 30), sim.world()),
                        sim.world());
    }

    /** As at a restart: what was committed moves to the ledger. */
    private void reopen() throws IOException {
        open();
        state.own();
    }

    private void commit(long start, long end) throws IOException {
        List<LaneRecord> records = LaneRecords.committed(start, end, BEGIN + start);
        state.append(records.subList(0, 2));
        state.append(records.subList(2, 3));
        shelf.put("key-" + start, "mark/" + start + "/0", 20, 30);
    }

    private Report verify(Scope scope) throws IOException {
        long mutations = sim.disk().mutations();
        Report report =
                new Verification(sim.world(), DATA, Watcher.NOBODY)
                        .run(scope, name -> Optional.of(shelf), List.of());
        assertThat(sim.disk().mutations()).isEqualTo(mutations);
        return report;
    }

    private static Scope choosing(OptionalLong since, String prefix) {
        return new Scope(Set.of(), Scope.Depth.STORE, since, prefix, Scope.Orphans.TOLD);
    }

    private static List<String> texts(Report report) {
        return report.findings().kept().stream().map(Finding::toString).toList();
    }

    @Test
    void books_balance_over_ledger_state_and_journal() throws IOException {
        commit(0, 10);
        reopen();
        commit(10, 30);
        reopen();
        commit(30, 40);
        state.append(LaneRecords.committed(40, 50, 0).subList(0, 2));

        Report report = verify(Scope.BOOKS);

        // The staged bytes of what is on the way are not there: the test makes none.
        assertThat(texts(report)).allMatch(text -> text.contains("staged bytes")).hasSize(1);
        LaneReport lane = report.lanes().get(0);
        assertThat(lane.ranges()).isEqualTo(3);
        assertThat(lane.wholeHistory()).isTrue();
        assertThat(lane.books().accepted()).isEqualTo(100);
        assertThat(lane.books().landed()).isEqualTo(40);
        assertThat(lane.books().buffered()).isEqualTo(60);
        assertThat(lane.books().balanced()).isTrue();
        assertThat(lane.waitingObjects()).isEqualTo(1);
    }

    @Test
    void a_range_whose_object_names_other_records_than_it_counts_is_unbalanced()
            throws IOException {
        SequenceList.Builder two = new SequenceList.Builder();
        two.add(0, 0, true);
        two.add(1, 0, true);
        state.append(
                List.of(
                        LaneRecords.object(0, 0, Kind.MAIN, "key-0", 3, two.build()),
                        new Seal(0, 3, "size", 1, 3, 0, 0, 0)));
        state.append(List.of(new Commit(0, 3, 9, List.of(""))));

        Report report = verify(Scope.BOOKS);

        assertThat(report.result()).isEqualTo(Result.UNEQUAL);
        assertThat(texts(report))
                .containsExactly(
                        "unbalanced clicks main-1, range 0: has object bucket/key-0 of 3 records"
                                + " that names 2");
    }

    @Test
    void a_key_that_two_records_name_is_unbalanced() throws IOException {
        commit(0, 3);
        SequenceList.Builder one = new SequenceList.Builder();
        one.add(3, 0, true);
        state.append(
                List.of(
                        LaneRecords.object(3, 0, Kind.MAIN, "key-0", 1, one.build()),
                        new Seal(3, 4, "size", 1, 1, 0, 0, 0)));
        state.append(List.of(new Commit(3, 4, 9, List.of(""))));

        assertThat(texts(verify(Scope.BOOKS)))
                .containsExactly(
                        "unbalanced clicks main-1, range 3: records bucket/key-0, which another"
                                + " record names");
    }

    @Test
    void a_range_that_left_the_ledger_in_the_middle_is_told() throws IOException {
        for (long start = 0; start < 30; start += 10) {
            commit(start, start + 10);
            reopen();
        }
        Path file = sim.disk().list(LANE.resolve("ledger")).get(0);
        long entry = sim.disk().bytes(file).length / 3;
        sim.disk().flipBit(file, (entry + 60) * 8);

        Report report = verify(Scope.BOOKS);

        assertThat(texts(report))
                .hasSize(2)
                .anyMatch(text -> text.startsWith("damaged clicks main-1, lanes/main-1/ledger/"))
                .contains(
                        "unbalanced clicks main-1, range 20: does not follow on the range before"
                                + " it, which ends at 10");
    }

    @Test
    void a_ledger_that_lost_its_beginning_speaks_from_what_is_left() throws IOException {
        commit(0, 10);
        reopen();
        sim.disk().plant(sim.disk().list(LANE.resolve("ledger")).get(0), new byte[0]);
        commit(10, 20);

        Report report = verify(Scope.BOOKS);

        assertThat(report.result()).isEqualTo(Result.EQUAL);
        assertThat(report.lanes().get(0).speaksFrom()).isEqualTo(10);
        assertThat(report.lanes().get(0).speaksFromMillis()).hasValue(BEGIN + 10);
        assertThat(report.lanes().get(0).wholeHistory()).isFalse();
    }

    @Test
    void a_ledger_that_is_gone_is_told() throws IOException {
        commit(0, 10);
        assertThat(texts(verify(Scope.BOOKS))).as("there is none yet").isEmpty();
        reopen();
        for (Path file : sim.disk().list(LANE.resolve("ledger"))) {
            sim.disk().delete(file);
        }
        commit(10, 20);

        Report report = verify(Scope.BOOKS);

        assertThat(report.result()).isEqualTo(Result.UNEQUAL);
        assertThat(texts(report))
                .containsExactly(
                        "damaged clicks main-1, lanes/main-1/ledger: is gone, and the state begins"
                                + " at 10: what was committed before cannot be told");
    }

    @Test
    void a_ledger_that_ends_before_the_state_begins_is_damaged() throws IOException {
        for (long start = 0; start < 30; start += 10) {
            commit(start, start + 10);
            reopen();
        }
        Path file = sim.disk().list(LANE.resolve("ledger")).get(0);
        byte[] whole = sim.disk().bytes(file);
        long last = whole.length * 2L / 3;

        sim.disk().flipBit(file, (last + 60) * 8);
        List<String> flipped = texts(verify(Scope.BOOKS));
        sim.disk().plant(file, Arrays.copyOf(whole, (int) last));
        List<String> cut = texts(verify(Scope.BOOKS));
        commit(30, 40);
        List<String> inState = texts(verify(Scope.BOOKS));
        sim.disk().plant(file, Arrays.copyOf(whole, 60));
        List<String> none = texts(verify(Scope.BOOKS));

        String endsAt20 =
                "damaged clicks main-1, lanes/main-1/ledger: ends at sequence 20, and the state"
                        + " begins at 30: what was committed in between is missing";
        assertThat(flipped).contains(endsAt20);
        assertThat(cut).contains(endsAt20);
        assertThat(inState).contains(endsAt20);
        assertThat(none)
                .containsExactly(
                        "damaged clicks main-1, lanes/main-1/ledger: holds no whole entry, and the"
                                + " state begins at 30: what was committed before is missing");
    }

    @Test
    void entries_of_a_replacement_of_the_state_that_did_not_come_about_are_no_damage()
            throws IOException {
        commit(0, 10);
        reopen();
        commit(10, 20);
        Path mark = LANE.getParent().resolveSibling("marks").resolve(LANE.getFileName());
        byte[] before = sim.disk().bytes(LANE.resolve("state"));
        byte[] markBefore = sim.disk().bytes(mark);
        reopen();
        sim.disk().plant(LANE.resolve("state"), before);
        sim.disk().plant(mark, markBefore);

        assertThat(texts(verify(Scope.BOOKS))).isEmpty();
    }

    @Test
    void a_lane_that_knows_more_than_the_journal_is_told() throws IOException {
        commit(0, 101);

        assertThat(texts(verify(Scope.BOOKS)))
                .singleElement()
                .asString()
                .startsWith("damaged clicks, journal/")
                .endsWith("sequences 100 to 100");
    }

    @Test
    void objects_that_landed_are_those_of_ledger_and_state_that_are_not_void() throws IOException {
        assertThat(LandedObjects.of(STREAM, sim.disk())).isEmpty();

        commit(0, 10);
        reopen();
        commit(10, 30);
        state.append(LaneRecords.committed(30, 40, 0).subList(0, 2)); // not committed

        assertThat(keysOfLanded()).containsExactly("key-0", "key-10");

        sim.disk().flipBit(sim.disk().list(LANE.resolve("ledger")).get(0), 60 * 8);
        assertThatThrownBy(this::keysOfLanded)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("lanes/main-1/ledger");
    }

    @Test
    void an_object_that_was_given_up_has_not_landed_and_the_one_in_its_place_has()
            throws IOException {
        giveUpAndMakeAnew();
        state.append(List.of(new Commit(0, 1, BEGIN, List.of("", ""))));

        assertThat(keysOfLanded()).containsExactly("key-0");
    }

    private List<String> keysOfLanded() throws IOException {
        return LandedObjects.of(STREAM, sim.disk()).stream()
                .map(object -> object.name().key())
                .toList();
    }

    /** Of one sequence, made void, and made again. */
    private void giveUpAndMakeAnew() throws IOException {
        SequenceList.Builder one = new SequenceList.Builder();
        one.add(0, 0, true);
        state.append(
                List.of(
                        LaneRecords.object(0, 0, Kind.MAIN, "lost", 1, one.build()),
                        new Seal(0, 1, "size", 1, 1, 0, 0, 0)));
        state.append(List.of(new LaneRecord.Voided(0, 0, "damaged")));
        state.append(
                List.of(
                        LaneRecords.object(0, 1, Kind.MAIN, "key-0", 1, one.build()),
                        new Seal(0, 1, "size", 2, 1, 0, 0, 0)));
    }

    private static SequenceList one() {
        SequenceList.Builder one = new SequenceList.Builder();
        one.add(0, 0, true);
        return one.build();
    }

    @Test
    void a_redirected_object_is_where_it_was_led_and_nowhere_else() throws IOException {
        state.append(
                List.of(
                        LaneRecords.object(0, 0, Kind.MAIN, "stuck", 1, one()),
                        new Seal(0, 1, "size", 1, 1, 0, 0, 0)));
        state.append(
                List.of(
                        new LaneRecord.Redirect(
                                0, 0, "lake", new ObjectName("bucket", "saved"), "redirected")));
        state.append(List.of(new Commit(0, 1, BEGIN, List.of("etag"))));
        shelf.put("saved", "mark/0/0", 20, 30);
        Report inState = verify(STORE);
        reopen();

        assertThat(texts(inState)).isEmpty();
        assertThat(texts(verify(STORE))).isEmpty();
        shelf.put("stuck", "mark/0/0", 20, 30);
        assertThat(texts(verify(STORE))).hasSize(1).first().asString().contains("stuck");
    }

    @Test
    void what_was_skipped_is_in_the_books_as_error_output_and_its_objects_are_in_no_store()
            throws IOException {
        state.append(
                List.of(
                        LaneRecords.object(0, 0, Kind.MAIN, "stuck", 1, one()),
                        new Seal(0, 1, "size", 1, 1, 0, 0, 0)));
        state.append(List.of(new LaneRecord.Skip(0, 0, "Delivery.Skipped", "why")));
        state.append(
                List.of(
                        LaneRecords.object(0, 1, Kind.PROCESSING_FAILED, "err", 1, one()),
                        new Seal(0, 1, "repair", 2, 0, 1, 0, 0)));
        state.append(
                List.of(
                        new LaneRecord.Redirect(
                                0,
                                1,
                                LaneRecord.Redirect.LOCAL_FOLDER,
                                new ObjectName("clicks~0", "file"),
                                "skipped")));
        state.append(List.of(new Commit(0, 1, BEGIN, List.of("void", "kept"))));
        Report inState = verify(STORE);
        reopen();

        Report inLedger = verify(STORE);

        assertThat(texts(inState)).isEmpty();
        assertThat(texts(inLedger)).isEmpty();
        assertThat(inLedger.lanes()).isEqualTo(inState.lanes());
    }

    @Test
    void an_object_that_is_void_counts_nothing_and_need_not_be_there() throws IOException {
        giveUpAndMakeAnew();
        state.append(List.of(new Commit(0, 1, BEGIN, List.of("", ""))));
        shelf.put("key-0", "mark/0/1", 20, 30);
        Report inState = verify(STORE);
        reopen();

        Report inLedger = verify(STORE);

        assertThat(texts(inState)).isEmpty();
        assertThat(texts(inLedger)).isEmpty();
        assertThat(inLedger.lanes()).isEqualTo(inState.lanes());
        assertThat(inLedger.lanes().get(0).objects()).isEqualTo(1);
    }

    @Test
    void an_object_that_is_void_and_there_all_the_same_is_told_also_long_after()
            throws IOException {
        giveUpAndMakeAnew();
        shelf.put("lost", "mark/0/0", 20, 30);
        shelf.put("key-0", "mark/0/1", 20, 30);
        Report uncommitted = verify(STORE);
        state.append(List.of(new Commit(0, 1, BEGIN, List.of("", ""))));
        Report inState = verify(STORE);
        reopen();
        Report inLedger = verify(STORE);
        shelf.put("lost", "another mark", 20, 30);
        Report replaced = verify(STORE);
        shelf.objects.remove("lost");
        Report cured = verify(STORE);

        String twice =
                "void clicks main-1, lake:bucket/lost: was given up and is there all the same: its"
                        + " 1 records are in the store twice. Remove exactly this object; nobody"
                        + " puts it there again";
        assertThat(texts(uncommitted).stream().filter(text -> !text.contains("staged")))
                .containsExactly(twice);
        assertThat(texts(inState)).containsExactly(twice);
        assertThat(texts(inLedger)).containsExactly(twice);
        assertThat(inLedger.result()).isEqualTo(Result.UNEQUAL);
        assertThat(texts(replaced))
                .singleElement()
                .asString()
                .contains("something is there that carries the mark another mark");
        assertThat(cured.result()).isEqualTo(Result.EQUAL);
    }

    @Test
    void a_void_object_that_cannot_be_looked_at_is_not_proven_to_be_nowhere() throws IOException {
        giveUpAndMakeAnew();
        state.append(List.of(new Commit(0, 1, BEGIN, List.of("", ""))));
        shelf.broken = "403 AccessDenied";

        assertThat(texts(verify(STORE)))
                .containsExactly(
                        "unseen lake:bucket: 2 recorded objects could not be looked at: 403"
                                + " AccessDenied");
    }

    // --- the store ---

    @Test
    void objects_that_are_as_they_landed_are_equal() throws IOException {
        commit(0, 10);
        reopen();
        commit(10, 30);
        shelf.put("somebody/elses", "", 1, 1);

        Report report = verify(STORE);

        assertThat(report.result()).isEqualTo(Result.EQUAL);
        assertThat(report.places().get(0).looked()).isEqualTo(2);
        assertThat(report.places().get(0).listed()).isEqualTo(3);
        assertThat(report.places().get(0).ours()).isZero();
    }

    @Test
    void an_object_that_is_gone_is_missing_and_nothing_worse() throws IOException {
        commit(0, 10);
        commit(10, 20);
        shelf.objects.remove("key-10");

        Report report = verify(STORE);

        assertThat(report.result()).isEqualTo(Result.MISSING);
        assertThat(texts(report))
                .containsExactly(
                        "missing clicks main-1, lake:bucket/key-10: landed by"
                                + " 2026-11-21T10:15:30.010Z with 10 records and is not there");
    }

    @Test
    void an_object_that_has_landed_before_its_range_is_committed_is_looked_at_as_well()
            throws IOException {
        List<LaneRecord> records = LaneRecords.committed(0, 10, BEGIN);
        state.append(records.subList(0, 1));
        Report staged = verify(STORE);
        state.append(List.of(new LaneRecord.Landed(0, 0, "")));
        Report gone = verify(STORE);
        shelf.put("key-0", "mark/0/0", 20, 30);
        Report there = verify(STORE);

        assertThat(staged.result()).isNotEqualTo(Result.MISSING);
        assertThat(texts(gone))
                .containsExactly(
                        "missing clicks main-1, lake:bucket/key-0: landed, its range is not committed"
                                + " yet, with 10 records and is not there");
        assertThat(there.result()).isEqualTo(Result.EQUAL);
    }

    @Test
    void length_mark_and_checksums_are_compared() throws IOException {
        for (long start = 0; start < 50; start += 10) {
            commit(start, start + 10);
        }
        shelf.put("key-0", "mark/0/0", 21, 30);
        shelf.put("key-10", "mark/0/0", 20, 30);
        shelf.put("key-20", "", 20, 30);
        shelf.put("key-30", "mark/30/0", 20, 31);

        Report report = verify(STORE);

        assertThat(report.result()).isEqualTo(Result.UNEQUAL);
        assertThat(texts(report))
                .containsExactly(
                        "changed clicks main-1, lake:bucket/key-0: has 21 bytes, and 20 landed",
                        "changed clicks main-1, lake:bucket/key-10: carries the mark mark/0/0, and"
                                + " mark/10/0 landed",
                        "changed clicks main-1, lake:bucket/key-20: carries the mark none, and"
                                + " mark/20/0 landed",
                        "changed clicks main-1, lake:bucket/key-30: is marked with the checksum"
                                + " 0000001f, and 0000001e landed");
    }

    @Test
    void since_and_prefix_choose_the_objects() throws IOException {
        commit(0, 10);
        commit(10, 20);
        shelf.objects.clear();

        Scope late = choosing(OptionalLong.of(BEGIN + 10), "");
        Scope early = choosing(OptionalLong.empty(), "key-0");

        assertThat(texts(verify(late))).singleElement().asString().contains("key-10");
        assertThat(texts(verify(early))).singleElement().asString().contains("key-0");
    }

    @Test
    void a_key_of_our_form_that_nobody_recorded_is_unknown_and_others_are_not_ours()
            throws IOException {
        commit(0, 10);
        shelf.put("p/" + OUR_NAME, "", 1, 1);
        shelf.put("p/other" + OUR_NAME.replace("clicks", ""), "", 1, 1);
        shelf.put(OUR_NAME + "/below", "", 1, 1);

        Report report = verify(STORE);

        assertThat(report.places().get(0).ours()).isEqualTo(1);
        assertThat(texts(report))
                .containsExactly(
                        "unknown clicks, lake:bucket/p/"
                                + OUR_NAME
                                + ": has the form of our keys and was never recorded; it carries no"
                                + " mark");
    }

    @Test
    void a_mark_tells_a_copy_of_the_data_directory_from_another_one_and_from_older_times()
            throws IOException {
        commit(0, 10);
        reopen();
        sim.disk().plant(sim.disk().list(LANE.resolve("ledger")).get(0), new byte[0]);
        commit(10, 20);
        shelf.put("old/" + OUR_NAME, INCARNATION.hex() + "/main-1/0/5/ab", 1, 1);
        shelf.put("other/" + OUR_NAME, "0".repeat(32) + "/main-1/10/5/ab", 1, 1);
        shelf.put("copy/" + OUR_NAME, INCARNATION.hex() + "/main-1/10/5/ab", 1, 1);

        Report report = verify(STORE);

        assertThat(report.places().get(0).older()).isEqualTo(1);
        assertThat(report.places().get(0).foreign()).isEqualTo(1);
        assertThat(texts(report)).singleElement().asString().startsWith("unknown clicks, ");
        assertThat(texts(report).get(0)).contains("copy/", "/main-1/10/5/ab");
    }

    @Test
    void an_object_that_was_recorded_while_the_bucket_was_listed_is_not_unknown()
            throws IOException {
        commit(0, 10);
        String key = "p/" + OUR_NAME;
        SequenceList.Builder one = new SequenceList.Builder();
        one.add(10, 0, true);
        shelf.put(key, "mark", 1, 1);
        shelf.whileListing =
                () ->
                        state.append(
                                List.of(LaneRecords.object(10, 0, Kind.MAIN, key, 1, one.build())));

        Report report =
                new Verification(sim.world(), DATA, Watcher.NOBODY)
                        .run(STORE, name -> Optional.of(shelf), List.of());

        assertThat(texts(report)).isEmpty();
    }

    private static final String LEFT = "left/" + OUR_NAME;

    /** Three uploads: of an object that has landed, of one on its way, and of nobody we know. */
    private void uploads() throws IOException {
        SequenceList.Builder one = new SequenceList.Builder();
        one.add(0, 0, true);
        state.append(
                List.of(
                        LaneRecords.object(0, 0, Kind.MAIN, LEFT, 1, one.build()),
                        new Seal(0, 1, "size", 1, 1, 0, 0, 0)));
        state.append(List.of(new Commit(0, 1, BEGIN, List.of(""))));
        shelf.put(LEFT, "mark/0/0", 20, 30);
        SequenceList.Builder next = new SequenceList.Builder();
        next.add(1, 0, true);
        String underWay = "p/" + OUR_NAME;
        state.append(List.of(LaneRecords.object(1, 0, Kind.MAIN, underWay, 1, next.build())));
        shelf.upload(LEFT);
        shelf.upload(underWay);
        shelf.upload("of-others/" + OUR_NAME);
        shelf.upload("somebody/elses");
    }

    private List<String> ofTheStore(Report report) {
        return texts(report).stream().filter(text -> !text.contains("staged")).toList();
    }

    @Test
    void an_upload_of_ours_that_nobody_will_complete_is_a_warning_with_a_cure() throws IOException {
        uploads();

        Report report = verify(STORE);

        assertThat(ofTheStore(report))
                .containsExactly(
                        "orphaned lake:bucket/"
                                + LEFT
                                + ": a multipart upload that nobody will complete: its object is"
                                + " settled. verify --abort-orphans ends it");
        assertThat(report.places().get(0).uploadsOfOthers()).isEqualTo(1);
        assertThat(shelf.uploads).hasSize(4);
        assertThat(Finding.Kind.ORPHANED.isWarning()).isTrue();
    }

    @Test
    void what_was_left_behind_changes_no_result() {
        Findings findings = new Findings();
        findings.add(new Finding(Finding.Kind.ORPHANED, "", "", "lake:bucket/x", "left"));
        Report left = new Report(List.of(), List.of(), findings);
        assertThat(left.result()).isEqualTo(Result.EQUAL);

        findings.add(new Finding(Finding.Kind.MISSING, "", "", "lake:bucket/y", "gone"));
        assertThat(left.result()).isEqualTo(Result.MISSING);
        findings.add(new Finding(Finding.Kind.UNSEEN, "", "", "lake:bucket", "403"));
        assertThat(left.result()).isEqualTo(Result.UNEQUAL);
    }

    @Test
    void exactly_what_is_ours_and_left_behind_is_ended_when_that_is_asked_for() throws IOException {
        uploads();
        Scope ending =
                new Scope(
                        Set.of(), Scope.Depth.STORE, OptionalLong.empty(), "", Scope.Orphans.ENDED);

        Report report = verify(ending);

        assertThat(ofTheStore(report)).isEmpty();
        assertThat(report.places().get(0).uploadsEnded()).isEqualTo(1);
        assertThat(shelf.uploads)
                .extracting(ObjectListing.Upload::key)
                .containsExactly("p/" + OUR_NAME, "of-others/" + OUR_NAME, "somebody/elses");
    }

    @Test
    void an_upload_that_could_not_be_ended_is_told_with_the_reason() throws IOException {
        uploads();
        shelf.endRefused = "403 AccessDenied";
        Scope ending =
                new Scope(
                        Set.of(), Scope.Depth.STORE, OptionalLong.empty(), "", Scope.Orphans.ENDED);

        assertThat(ofTheStore(verify(ending)))
                .singleElement()
                .asString()
                .startsWith("orphaned ")
                .endsWith("it could not be ended: 403 AccessDenied");
    }

    @Test
    void two_names_for_one_store_make_no_object_unknown_and_no_upload_an_orphan()
            throws IOException {
        String key = "p/" + OUR_NAME;
        SequenceList.Builder one = new SequenceList.Builder();
        one.add(0, 0, true);
        state.append(
                List.of(
                        LaneRecords.object(0, 0, Kind.MAIN, key, 1, one.build()),
                        new Seal(0, 1, "size", 1, 1, 0, 0, 0)));
        state.append(List.of(new Commit(0, 1, BEGIN, List.of(""))));
        shelf.put(key, "mark/0/0", 20, 30);
        String underWay = "q/" + OUR_NAME;
        SequenceList.Builder next = new SequenceList.Builder();
        next.add(1, 0, true);
        state.append(List.of(LaneRecords.object(1, 0, Kind.MAIN, underWay, 1, next.build())));
        shelf.upload(underWay);

        Report report =
                new Verification(sim.world(), DATA, Watcher.NOBODY)
                        .run(
                                STORE,
                                name -> Optional.of(shelf),
                                List.of(new Place("lake-by-another-name", "bucket")));

        assertThat(ofTheStore(report)).isEmpty();
        assertThat(report.places()).hasSize(2);
        assertThat(report.places()).allMatch(place -> place.known() == 1);
    }

    @Test
    void a_state_that_becomes_damaged_while_it_is_looked_at_is_told_and_ends_nothing()
            throws IOException {
        commit(0, 10);
        commit(10, 20);
        byte[] whole = sim.disk().bytes(LANE.resolve("state"));
        int[] reads = {0};
        sim.disk().onRead(at -> reads[0]++);
        verify(STORE);
        int most = reads[0];
        boolean told = false;

        for (int damagedAt = 1; damagedAt <= most; damagedAt++) {
            sim.disk().plant(LANE.resolve("state"), whole);
            reads[0] = damagedAt;
            sim.disk().onRead(at -> damageNow(reads));
            String texts = texts(verify(STORE)).toString();
            told |= texts.contains("damaged clicks main-1, state");
        }

        assertThat(told).as("between two looks").isTrue();
    }

    private void damageNow(int[] readsLeft) {
        readsLeft[0]--;
        if (readsLeft[0] == 0) {
            try {
                sim.disk().flipBit(LANE.resolve("state"), 50 * 8);
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
    }

    @Test
    void nothing_is_called_unknown_or_left_behind_while_the_lane_that_may_know_it_cannot_be_read()
            throws IOException {
        commit(0, 10);
        reopen();
        commit(10, 20);
        SequenceList.Builder one = new SequenceList.Builder();
        one.add(20, 0, true);
        String under = "under-way/" + OUR_NAME;
        state.append(List.of(LaneRecords.object(20, 0, Kind.MAIN, under, 1, one.build())));
        long behind = sim.disk().bytes(LANE.resolve("state")).length;
        state.append(List.of(LaneRecords.object(20, 1, Kind.MAIN, "lost", 1, one.build())));
        state.append(List.of(LaneRecords.object(20, 2, Kind.MAIN, "behind", 1, one.build())));
        sim.disk().flipBit(LANE.resolve("state"), (behind + 20) * 8);
        shelf.put("p/" + OUR_NAME, "", 1, 1);
        shelf.put("q/" + OUR_NAME, INCARNATION.hex() + "/main-1/20/5/ab", 1, 1);
        shelf.put("other/" + OUR_NAME, "0".repeat(32) + "/main-1/20/5/ab", 1, 1);
        shelf.upload(under);
        shelf.upload("left/" + OUR_NAME);

        Report report = verify(STORE);

        assertThat(report.places().get(0).foreign()).isEqualTo(1);
        List<String> texts =
                texts(report).stream().filter(text -> !text.contains("staged")).toList();
        assertThat(texts).hasSize(4);
        assertThat(texts.get(0)).startsWith("damaged clicks, lanes/main-1/state");
        assertThat(texts.subList(1, 4))
                .allMatch(text -> text.startsWith("unseen "))
                .allMatch(text -> text.contains("lane main-1 cannot be read"))
                .noneMatch(text -> text.contains("under-way"));
    }

    @Test
    void a_key_whose_mark_could_not_be_seen_and_an_upload_that_could_not_be_asked_after_are_unseen()
            throws IOException {
        commit(0, 10);
        shelf.put("p/" + OUR_NAME, "", 1, 1);
        shelf.upload("left/" + OUR_NAME);
        shelf.whileListing = () -> shelf.broken = "503 SlowDown";

        Report report = verify(STORE);

        assertThat(texts(report))
                .hasSize(2)
                .allMatch(text -> text.startsWith("unseen ") && text.endsWith("503 SlowDown"));
    }

    @Test
    void what_cannot_be_looked_at_is_not_proven() throws IOException {
        commit(0, 10);
        commit(10, 20);
        shelf.broken = "403 AccessDenied";

        Report report = verify(STORE);

        assertThat(report.result()).isEqualTo(Result.UNEQUAL);
        assertThat(texts(report))
                .containsExactly(
                        "unseen lake:bucket: 2 recorded objects could not be looked at: 403"
                                + " AccessDenied");
    }

    @Test
    void a_store_that_is_not_configured_any_more_is_told() throws IOException {
        commit(0, 10);

        Report report =
                new Verification(sim.world(), DATA, Watcher.NOBODY)
                        .run(STORE, name -> Optional.empty(), List.of());

        assertThat(texts(report))
                .containsExactly(
                        "unseen lake:bucket: 1 recorded objects could not be looked at: store lake is"
                                + " not configured any more; configure it to look there");
    }

    @Test
    void a_bucket_that_nobody_could_list_is_told_also_when_no_object_of_it_was_asked_for()
            throws IOException {
        commit(0, 10);
        Scope elsewhere = choosing(OptionalLong.empty(), "other/");

        Report report =
                new Verification(sim.world(), DATA, Watcher.NOBODY)
                        .run(elsewhere, name -> Optional.empty(), List.of());

        assertThat(report.result()).isEqualTo(Result.UNEQUAL);
        assertThat(texts(report))
                .containsExactly(
                        "unseen lake:bucket: could not be listed: store lake is not configured any"
                                + " more; configure it to look there");
    }

    /** A store of one bucket whose objects the test makes up. */
    private static final class Shelf implements ObjectListing {
        private final Map<String, Look.Present> objects = new TreeMap<>();
        private final List<Upload> uploads = new ArrayList<>();
        private String endRefused = "";
        private String broken = "";
        private Step whileListing = () -> {};

        private interface Step {
            void run() throws IOException;
        }

        void upload(String key) {
            uploads.add(new Upload(key, "u" + uploads.size()));
        }

        void put(String key, String mark, long length, int crc32) {
            objects.put(
                    key,
                    new Look.Present(
                            length,
                            Optional.of(mark).filter(m -> !m.isEmpty()),
                            OptionalInt.of(crc32),
                            OptionalInt.empty()));
        }

        @Override
        public List<Look> look(List<ObjectName> names, Depth depth) {
            List<Look> looks = new ArrayList<>();
            for (ObjectName name : names) {
                if (!broken.isEmpty()) {
                    looks.add(new Look.Unseen(broken));
                } else if (objects.containsKey(name.key())) {
                    looks.add(objects.get(name.key()));
                } else {
                    looks.add(new Look.Absent());
                }
            }
            return looks;
        }

        @Override
        public boolean keepsMarks() {
            return true;
        }

        @Override
        public void list(String bucket, String prefix, Consumer<Listed> visitor)
                throws IOException {
            objects.keySet().stream()
                    .filter(key -> key.startsWith(prefix))
                    .forEach(key -> visitor.accept(new Listed(key, OptionalLong.empty())));
            whileListing.run();
        }

        @Override
        public Uploads uploads(String bucket, String prefix) {
            if (!broken.isEmpty() && !prefix.isEmpty()) {
                return new Uploads(List.of(), Optional.of(broken));
            }
            return new Uploads(
                    uploads.stream().filter(one -> one.key().startsWith(prefix)).toList(),
                    Optional.empty());
        }

        @Override
        public void endUpload(ObjectName name, String uploadId) throws IOException {
            if (!endRefused.isEmpty()) {
                throw new IOException(endRefused);
            }
            uploads.remove(new Upload(name.key(), uploadId));
        }
    }
}
