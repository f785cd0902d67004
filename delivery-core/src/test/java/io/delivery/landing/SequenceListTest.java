package io.delivery.landing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SequenceListTest {
    private record Name(long sequence, int part, boolean last) {}

    private static List<Name> read(SequenceList list) {
        List<Name> names = new ArrayList<>();
        SequenceList.Cursor cursor = list.cursor();
        while (cursor.advance()) {
            names.add(new Name(cursor.sequence(), cursor.part(), cursor.lastPart()));
        }
        return names;
    }

    private static SequenceList write(List<Name> names) {
        SequenceList.Builder builder = new SequenceList.Builder();
        names.forEach(name -> builder.add(name.sequence(), name.part(), name.last()));
        return builder.build();
    }

    @Test
    void an_empty_list_has_nothing_and_no_highest_sequence() {
        SequenceList empty = write(List.of());

        assertThat(read(empty)).isEmpty();
        assertThat(empty.highestSequence()).isEqualTo(-1);
    }

    @Test
    void what_was_added_comes_back_in_order_with_its_parts() {
        for (long seed = 0; seed < 500; seed++) {
            List<Name> names = random(new Random(seed));

            SequenceList list = write(names);

            assertThat(read(list)).as("seed %d", seed).isEqualTo(names);
            assertThat(list.highestSequence())
                    .as("seed %d", seed)
                    .isEqualTo(names.isEmpty() ? -1 : names.get(names.size() - 1).sequence());
        }
    }

    @Test
    void consecutive_whole_records_take_a_few_bytes_whatever_their_number() {
        List<Name> names = new ArrayList<>();
        for (long sequence = 1_000_000_000L; sequence < 1_000_500_000L; sequence++) {
            names.add(new Name(sequence, 0, true));
        }

        assertThat(write(names).bytes()).isLessThan(16);
    }

    private static List<Name> random(Random random) {
        List<Name> names = new ArrayList<>();
        long sequence = random.nextInt(3);
        for (int i = random.nextInt(40); i > 0; i--) {
            int parts = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1;
            for (int part = 0; part < parts; part++) {
                // Some parts are in another object.
                if (random.nextInt(5) > 0) {
                    names.add(new Name(sequence, part, part == parts - 1));
                }
            }
            sequence += 1 + (random.nextBoolean() ? 0 : random.nextInt(1_000_000));
        }
        return names;
    }

    @Test
    void the_code_is_that_of_the_example_in_the_format_document() {
        SequenceList.Builder builder = new SequenceList.Builder();
        builder.add(5, 0, true);
        builder.add(6, 0, true);
        builder.add(7, 0, true);
        builder.add(9, 0, false);
        builder.add(9, 2, true);

        byte[] code = builder.build().code();

        assertThat(code).containsExactly(0x0A, 0x03, 0x05, 0x00, 0x01, 0x05);
    }
}
