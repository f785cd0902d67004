package io.delivery.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.landing.LaneRecord;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.landing.LaneRecords;
import io.delivery.landing.SequenceList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RangeCheckTest {
    /** Parts as {@code 3}, a whole sequence, or {@code 3.0} and {@code 3.1!}, its last part. */
    private static ObjectRecord object(int number, Kind kind, String... parts) {
        return object(number, kind, parts.length, parts);
    }

    private static ObjectRecord object(int number, Kind kind, long records, String... parts) {
        SequenceList.Builder list = new SequenceList.Builder();
        for (String part : parts) {
            String[] words = part.replace("!", "").split("\\.");
            boolean whole = words.length == 1;
            list.add(
                    Long.parseLong(words[0]),
                    whole ? 0 : Integer.parseInt(words[1]),
                    whole || part.endsWith("!"));
        }
        return LaneRecords.object(0, number, kind, "key-" + number, records, list.build());
    }

    private static Seal seal(long end, int objects, long main, long error, long dropped) {
        return new Seal(0, end, "size", objects, main, error, dropped, 0);
    }

    private static String problem(LaneRecord... records) {
        return RangeCheck.problem(LaneRecords.range(List.of(records)));
    }

    @Test
    void a_range_adds_up_whose_parts_are_each_in_one_object() {
        assertThat(
                        problem(
                                object(0, Kind.MAIN, "0", "2.0", "2.2!"),
                                object(1, Kind.MAIN, "1", "3"),
                                object(2, Kind.PROCESSING_FAILED, "2.1"),
                                seal(4, 3, 5, 1, 0)))
                .isEmpty();
    }

    @Test
    void a_part_that_is_in_two_objects_is_told() {
        assertThat(
                        problem(
                                object(0, Kind.MAIN, "0", "1"),
                                object(1, Kind.MAIN, "1", "2"),
                                seal(3, 2, 4, 0, 0)))
                .isEqualTo("has part 0 of sequence 1 twice, the second time in bucket/key-1");
    }

    @Test
    void a_sequence_that_is_in_no_object_is_told_unless_it_was_dropped() {
        assertThat(problem(object(0, Kind.MAIN, "0.0", "0.1!", "2"), seal(3, 1, 3, 0, 0)))
                .isEqualTo(
                        "has at least 1 parts that are in no object, and only 0 were dropped or"
                                + " damaged");
        assertThat(problem(object(0, Kind.MAIN, "0", "2"), seal(3, 1, 2, 0, 1))).isEmpty();
    }

    @Test
    void sequences_that_no_record_has_are_missed_in_no_object() {
        ObjectRecord object = object(0, Kind.MAIN, "0", "3");

        assertThat(problem(object, new Seal(0, 5, "size", 1, 2, 0, 0, 0, 3))).isEmpty();
        assertThat(problem(object, new Seal(0, 5, "size", 1, 2, 0, 0, 0, 2)))
                .isEqualTo("has 3 records and only 2 parts");
    }

    @Test
    void a_sequence_that_is_damaged_or_absent_counts_once_however_many_of_its_parts_are_missing() {
        ObjectRecord object = object(0, Kind.MAIN, "0.2", "1", "2.3!");

        assertThat(problem(object, new Seal(0, 3, "size", 1, 3, 0, 0, 2))).isEmpty();
        assertThat(problem(object, new Seal(0, 3, "size", 1, 3, 0, 0, 0, 2))).isEmpty();
        assertThat(problem(object, new Seal(0, 3, "size", 1, 3, 0, 3, 0, 1))).isEmpty();
        assertThat(problem(object, new Seal(0, 3, "size", 1, 3, 0, 2, 1)))
                .isEqualTo(
                        "has at least 4 parts that are in no object, and only 3 were dropped or"
                                + " damaged");
    }

    @Test
    void parts_at_the_beginning_in_the_middle_and_at_the_end_of_a_sequence_are_missed() {
        for (String[] parts :
                List.of(
                        new String[] {"0.1", "0.2!", "1"},
                        new String[] {"0.0", "0.2!", "1"},
                        new String[] {"0.0", "0.1", "1"},
                        new String[] {"0", "1.0", "1.1"})) {
            assertThat(problem(object(0, Kind.MAIN, parts), seal(2, 1, 3, 0, 0)))
                    .as(String.join(" ", parts))
                    .startsWith("has at least 1 parts that are in no object");
        }
    }

    @Test
    void an_object_of_other_records_than_it_names_is_told() {
        assertThat(problem(object(0, Kind.MAIN, 3, "0", "1"), seal(2, 1, 3, 0, 0)))
                .isEqualTo("has object bucket/key-0 of 3 records that names 2");
    }

    @Test
    void errors_that_were_sealed_as_records_are_told() {
        assertThat(problem(object(0, Kind.PROCESSING_FAILED, "0", "1"), seal(2, 1, 2, 0, 0)))
                .isEqualTo("was sealed with 2 records and 0 errors, and its objects hold 0 and 2");
    }

    @Test
    void a_sequence_behind_the_end_is_told() {
        assertThat(problem(object(0, Kind.MAIN, "0", "2"), seal(2, 1, 2, 0, 0)))
                .isEqualTo("has object bucket/key-0 that holds sequence 2, which is not in it");
    }

    @Test
    void an_open_range_may_have_holes_and_no_part_twice() {
        assertThat(problem(object(0, Kind.MAIN, "0", "5.1"))).isEmpty();
        assertThat(problem(object(0, Kind.MAIN, "5"), object(1, Kind.MAIN, "5"))).contains("twice");
    }

    @Test
    void a_large_range_is_added_up_without_a_list_of_its_sequences() {
        List<LaneRecord> records = new ArrayList<>();
        int objects = 1000;
        for (int number = 0; number < objects; number++) {
            SequenceList.Builder list = new SequenceList.Builder();
            for (long sequence = number; sequence < 200_000; sequence += objects) {
                list.add(sequence, 0, true);
            }
            records.add(
                    LaneRecords.object(0, number, Kind.MAIN, "key-" + number, 200, list.build()));
        }
        records.add(seal(200_000, objects, 200_000, 0, 0));

        assertThat(problem(records.toArray(LaneRecord[]::new))).isEmpty();
    }
}
