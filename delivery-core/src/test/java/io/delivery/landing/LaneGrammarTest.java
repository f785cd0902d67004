package io.delivery.landing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.Doubt;
import io.delivery.landing.LaneRecord.End;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.Landed;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Own;
import io.delivery.landing.LaneRecord.Redirect;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.landing.LaneRecord.Skip;
import io.delivery.landing.LaneRecord.Snapshot;
import io.delivery.landing.LaneRecord.Totals;
import io.delivery.landing.LaneRecord.Upload;
import io.delivery.landing.LaneRecord.Voided;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LaneGrammarTest {
    private final LanePlan plan = new LanePlan(0);

    private static ObjectRecord object(long rangeStart, int number, long records) {
        return object(rangeStart, number, records, Kind.MAIN);
    }

    private static ObjectRecord object(long rangeStart, int number, long records, Kind kind) {
        SequenceList.Builder list = new SequenceList.Builder();
        list.add(rangeStart, number, true);
        return new ObjectRecord(
                rangeStart,
                number,
                kind,
                1,
                "whole/1",
                "lake",
                new ObjectName("bucket", "key"),
                new ObjectAttributes("mark", records, ""),
                new StagedBytes("file", 0, 20, 30),
                40,
                list.build());
    }

    private static Seal seal(long start, long end, int objects, long records) {
        return new Seal(start, end, "flush", objects, records, 0, 0, 0);
    }

    private static Commit commit(long start, long end) {
        return new Commit(start, end, 9, List.of());
    }

    private void decided(LaneRecord... records) {
        List.of(records).forEach(plan::apply);
    }

    /** Judged behind what the plan holds, without being applied. */
    private void judge(LaneRecord... records) {
        LaneGrammar grammar = new LaneGrammar(plan);
        List.of(records).forEach(grammar::next);
    }

    private void refuses(String because, LaneRecord... records) {
        assertThatThrownBy(() -> judge(records))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(because);
    }

    @Test
    void what_is_judged_ahead_is_not_in_the_plan() {
        judge(object(0, 0, 2), seal(0, 5, 1, 2), object(5, 0, 1), commit(0, 5));

        assertThat(plan.ranges()).isEmpty();
        assertThat(plan.checkpoint()).isZero();
    }

    @Test
    void ranges_are_committed_in_order_also_when_nothing_is_applied_in_between() {
        decided(object(0, 0, 1), seal(0, 5, 1, 1), object(5, 0, 1), seal(5, 9, 1, 1));

        judge(commit(0, 5), commit(5, 9), object(9, 0, 1));
        refuses("commit [5,9) is not of the oldest sealed range", commit(5, 9));
        refuses("commit [0,5) is not of the oldest", commit(0, 5), commit(0, 5));
    }

    @Test
    void objects_and_seals_continue_what_was_judged_before_them() {
        decided(object(0, 0, 2));

        judge(object(0, 1, 3), seal(0, 5, 2, 5));
        refuses("object 0/2 is not the next of its range, which has 1 objects", object(0, 2, 1));
        refuses("object 3/0 is not of the open range 0", object(3, 0, 1));
        refuses("seal [0,5) does not add up", object(0, 1, 3), seal(0, 5, 1, 5));
        refuses("seal [0,5) does not add up", object(0, 1, 3), seal(0, 5, 2, 4));
        refuses("seal [1,5) does not continue at 0", seal(1, 5, 0, 0));
        refuses("seal [0,0) does not continue", seal(0, 0, 1, 2));
    }

    @Test
    void a_range_with_a_void_takes_others_in_its_place_and_another_seal_before_its_commit() {
        decided(object(0, 0, 2), object(0, 1, 3), seal(0, 5, 2, 5));

        judge(new Voided(0, 1, ""), object(0, 2, 3), seal(0, 5, 3, 5), commit(0, 5));
        refuses("commit [0,5)", new Voided(0, 1, ""), commit(0, 5));
        refuses("does not continue", new Voided(0, 1, ""), object(0, 2, 3), seal(0, 6, 3, 5));
        refuses("is not of the open range", object(0, 2, 3));
        refuses("does not continue", seal(0, 5, 2, 5));
    }

    @Test
    void an_object_becomes_void_once_and_only_when_it_was_recorded() {
        decided(object(0, 0, 2), new Voided(0, 0, ""));

        judge(object(0, 1, 2), new Voided(0, 1, ""));
        refuses("object 0/0 cannot become void", new Voided(0, 0, ""));
        refuses("cannot become void", object(0, 1, 2), new Voided(0, 1, ""), new Voided(0, 1, ""));
        refuses("object 0/1 cannot become void", new Voided(0, 1, ""));
        refuses("object 0/-1 cannot become void", new Voided(0, -1, ""));
        refuses("object 7/0 cannot become void", new Voided(7, 0, ""));
    }

    private static Redirect redirect(long rangeStart, int number, String key) {
        return new Redirect(rangeStart, number, "other", new ObjectName("elsewhere", key), "asked");
    }

    @Test
    void an_object_gets_another_place_as_often_as_it_takes_and_keeps_everything_else() {
        ObjectRecord first = object(0, 0, 2);
        decided(first, new Doubt(0, 0, "said"), new Upload(0, 0, "upload"));

        decided(redirect(0, 0, "one"), redirect(0, 0, "two"), seal(0, 5, 1, 2));

        LanePlan.RangePlan range = plan.rangeAt(0);
        ObjectRecord now = range.objects().get(0);
        assertThat(now.store()).isEqualTo("other");
        assertThat(now.name()).isEqualTo(new ObjectName("elsewhere", "two"));
        assertThat(now.staged()).isEqualTo(first.staged());
        assertThat(now.attributes()).isEqualTo(first.attributes());
        assertThat(range.abandoned())
                .extracting(ObjectRecord::name)
                .containsExactly(first.name(), new ObjectName("elsewhere", "one"));
        assertThat(plan.doubted(now)).isFalse();
        assertThat(plan.uploadOf(now)).isNull();
        judge(commit(0, 5));
    }

    @Test
    void an_object_gets_no_other_place_unless_it_is_recorded_and_neither_void_nor_committed() {
        decided(object(0, 0, 2), object(0, 1, 2), new Voided(0, 1, ""), seal(0, 5, 2, 2));

        judge(redirect(0, 0, "k"));
        refuses("object 0/1 cannot get another place", redirect(0, 1, "k"));
        refuses("object 0/2 cannot get another place", redirect(0, 2, "k"));
        refuses("object 7/0 cannot get another place", redirect(7, 0, "k"));
        refuses("object 0/0 cannot get another place", commit(0, 5), redirect(0, 0, "k"));
        refuses("cannot get another place", new Skip(0, 0, "", ""), redirect(0, 0, "k"));
    }

    @Test
    void a_skipped_object_is_void_and_only_one_of_the_main_output_can_be_skipped() {
        decided(
                object(0, 0, 2),
                object(0, 1, 3, Kind.PROCESSING_FAILED),
                new Seal(0, 5, "flush", 2, 2, 3, 0, 0));
        Skip skip = new Skip(0, 0, "Code", "why");

        judge(
                skip,
                object(0, 2, 2, Kind.PROCESSING_FAILED),
                new Seal(0, 5, "repair", 3, 0, 5, 0, 0),
                commit(0, 5));
        refuses("commit [0,5)", skip, commit(0, 5));
        refuses("object 0/0 cannot be skipped", skip, skip);
        refuses("object 0/0 cannot be skipped", new Voided(0, 0, ""), skip);
        refuses("object 0/1 cannot be skipped", new Skip(0, 1, "", ""));
        refuses("object 0/2 cannot be skipped", new Skip(0, 2, "", ""));
        refuses("object 9/0 cannot be skipped", new Skip(9, 0, "", ""));
        decided(skip);
        assertThat(plan.rangeAt(0).skipOf(plan.rangeAt(0).objects().get(0))).contains(skip);
        assertThat(plan.rangeAt(0).skipOf(plan.rangeAt(0).objects().get(1))).isEmpty();
    }

    @Test
    void a_doubt_is_of_an_object_that_was_recorded_and_is_not_committed() {
        decided(object(0, 0, 2), seal(0, 5, 1, 2));

        judge(new Doubt(0, 0, ""), new Doubt(0, 0, "again"), object(5, 0, 1), new Doubt(5, 0, ""));
        refuses("object 0/1 is doubted and was never recorded", new Doubt(0, 1, ""));
        refuses("object 0/-1 is doubted", new Doubt(0, -1, ""));
        refuses("object 0/0 is doubted", commit(0, 5), new Doubt(0, 0, ""));
    }

    @Test
    void an_upload_may_be_of_an_object_that_nobody_needs_any_more() {
        assertThatCode(() -> judge(new Upload(77, 3, "late"))).doesNotThrowAnyException();
    }

    @Test
    void a_lane_ends_at_its_checkpoint_and_takes_nothing_behind_it() {
        decided(object(0, 0, 2), seal(0, 5, 1, 2));

        judge(commit(0, 5), new End(5), new End(5));
        refuses("a lane cannot end at 5, its checkpoint is 0", new End(5));
        refuses("a lane cannot end at 4", commit(0, 5), new End(4));
        refuses("a lane cannot end", commit(0, 5), object(5, 0, 1), new End(5));
        refuses("object 5/0 is not of the open", commit(0, 5), new End(5), object(5, 0, 1));
        refuses("seal [5,6) does not continue", commit(0, 5), new End(5), seal(5, 6, 0, 0));
    }

    @Test
    void a_snapshot_comes_first_and_an_owner_never() {
        Snapshot snapshot = new Snapshot(0, 5, 5, Totals.ZERO);

        judge(snapshot, object(5, 0, 1), seal(5, 6, 1, 1), commit(5, 6));
        refuses("a snapshot stands behind", snapshot, snapshot);
        refuses("a snapshot stands behind", object(0, 0, 1), snapshot);
        refuses("an owner is named", new Own("", 1, 2, "", true));
    }

    /** What a file that is written anew says must be let pass by the rules that let it in. */
    @Test
    void whatever_was_decided_can_be_decided_again_from_the_beginning() {
        for (long seed = 0; seed < 300; seed++) {
            LanePlan grown = grown(new Random(seed));
            LanePlan again = new LanePlan(0);

            PlanRecords.of(grown).forEach(again::apply);

            assertThat(PlanRecords.of(again)).as("seed %d", seed).isEqualTo(PlanRecords.of(grown));
        }
    }

    private static LanePlan grown(Random random) {
        LanePlan grown = new LanePlan(0);
        for (int step = 0; step < 60; step++) {
            LaneRecord next = any(random, grown);
            try {
                grown.apply(next);
            } catch (IllegalStateException refused) {
                // Most of what comes to mind is not the next.
            }
        }
        return grown;
    }

    private static LaneRecord any(Random random, LanePlan plan) {
        List<LanePlan.RangePlan> ranges = new ArrayList<>();
        plan.ranges().forEach(ranges::add);
        LanePlan.RangePlan range =
                ranges.isEmpty() ? null : ranges.get(random.nextInt(ranges.size()));
        long start = range == null ? plan.openStart() : range.start();
        int numbers = range == null ? 0 : range.objects().size();
        long records = range == null ? 0 : range.records();
        boolean sealed = range != null && range.sealed();
        long end = sealed ? range.seal().end() : start + 1 + random.nextInt(5);
        return switch (random.nextInt(9)) {
            case 0, 1 -> object(start, numbers, 1 + random.nextInt(3));
            case 2 -> seal(start, end, numbers, records);
            case 3 -> commit(start, end);
            case 4 -> new Voided(start, random.nextInt(numbers + 1), "");
            case 5 -> redirect(start, random.nextInt(numbers + 1), "k" + random.nextInt(9));
            case 6 -> new Skip(start, random.nextInt(numbers + 1), "code", "why");
            case 7 -> new Landed(start, random.nextInt(numbers + 1), "said");
            default -> new Doubt(start, random.nextInt(numbers + 1), "");
        };
    }

    @Test
    void an_object_lands_once_only_when_it_was_recorded_and_is_not_void() {
        decided(object(0, 0, 2), object(0, 1, 3), new Voided(0, 1, ""));

        judge(new Landed(0, 0, "ok"), object(0, 2, 1), new Landed(0, 2, ""));
        refuses("object 0/0 cannot have landed", new Landed(0, 0, ""), new Landed(0, 0, ""));
        refuses("object 0/1 cannot have landed", new Landed(0, 1, ""));
        refuses("object 0/2 cannot have landed", new Landed(0, 2, ""));
        refuses("object 0/-1 cannot have landed", new Landed(0, -1, ""));
        refuses("object 7/0 cannot have landed", new Landed(7, 0, ""));
        decided(new Landed(0, 0, "ok"));
        refuses("object 0/0 cannot have landed", new Landed(0, 0, ""));
    }

    @Test
    void an_object_that_has_landed_never_becomes_void() {
        decided(object(0, 0, 2), object(0, 1, 3), new Landed(0, 0, "ok"));

        judge(new Voided(0, 1, ""));
        refuses("object 0/0 cannot become void", new Voided(0, 0, ""));
        refuses("0/1 cannot become void", new Landed(0, 1, ""), new Voided(0, 1, ""));
    }

    @Test
    void objects_land_before_and_after_their_range_is_sealed_and_not_after_its_commit() {
        decided(object(0, 0, 2));

        judge(new Landed(0, 0, ""), seal(0, 5, 1, 2), commit(0, 5));
        judge(seal(0, 5, 1, 2), new Landed(0, 0, ""), commit(0, 5));
        refuses("cannot have landed", seal(0, 5, 1, 2), commit(0, 5), new Landed(0, 0, ""));
    }

    @Test
    void what_has_landed_needs_no_staged_bytes_and_counts_as_seen_also_when_it_is_written_again() {
        decided(object(0, 0, 2), object(0, 1, 3), seal(0, 5, 2, 5), new Landed(0, 0, "etag"));

        LanePlan again = new LanePlan(0);
        PlanRecords.of(plan).forEach(again::apply);

        for (LanePlan each : List.of(plan, again)) {
            LanePlan.RangePlan range = each.oldestRange();
            assertThat(range.toLand()).extracting(ObjectRecord::number).containsExactly(1);
            assertThat(range.stagedBytes())
                    .as("the other object is in the same file")
                    .isEqualTo(40);
            assertThat(range.saidOf(range.objects().get(0))).contains("etag");
            assertThat(range.allSeen()).isFalse();
            range.objectSeen(range.objects().get(0)); // again: it is one object all the same
            assertThat(range.allSeen()).isFalse();
            range.objectSeen(range.objects().get(1));
            assertThat(range.allSeen()).isTrue();
        }
    }

    @Test
    void a_file_is_needed_until_each_of_its_objects_has_landed_or_is_void() {
        decided(object(0, 0, 2), object(0, 1, 3), object(0, 2, 4));
        LanePlan.RangePlan range = plan.oldestRange();

        decided(new Skip(0, 0, "Code", "why"));
        assertThat(range.stagedBytes()).isEqualTo(60);
        decided(new Landed(0, 1, "etag"));
        assertThat(range.needs("file")).isTrue();
        decided(new Voided(0, 2, "rotten"));

        LanePlan again = new LanePlan(0);
        PlanRecords.of(plan).forEach(again::apply);
        for (LanePlan each : List.of(plan, again)) {
            assertThat(each.oldestRange().needs("file")).isFalse();
            assertThat(each.oldestRange().stagedBytes()).isZero();
        }
    }
}
