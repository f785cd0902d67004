package io.delivery.mark;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.testkit.SimWorld;
import io.delivery.testkit.SimulatedCrash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarkFileTest {
    private static final Path PATH = Path.of("/data/marks/one");

    private static Mark mark(long number) {
        return new Mark(number, 10 * number, 100 * number);
    }

    @Test
    void a_mark_comes_back_as_it_was_written_and_the_file_keeps_its_length() throws IOException {
        SimWorld sim = SimWorld.seeded(1);
        try (MarkFile file = MarkFile.create(sim.disk(), PATH, mark(1))) {
            int length = sim.disk().bytes(PATH).length;
            for (int i = 2; i < 9; i++) {
                file.write(mark(i));

                assertThat(MarkFile.read(sim.disk(), PATH).said()).contains(mark(i));
                assertThat(sim.disk().bytes(PATH)).hasSize(length);
            }
        }
    }

    @Test
    void after_a_power_cut_in_any_call_the_last_mark_that_was_answered_for_is_there_or_a_later_one()
            throws IOException {
        for (long call = 1; call < 20; call++) {
            for (long seed = 0; seed < 40; seed++) {
                SimWorld sim = SimWorld.seeded(1000 * call + seed);
                sim.disk().createDirectories(Path.of("/data"));
                sim.disk().syncDirectory(Path.of("/"));
                sim.disk().crashAfter(call);
                long answered = 0;
                try (MarkFile file = MarkFile.create(sim.disk(), PATH, mark(1))) {
                    answered = 1;
                    for (int i = 2; i < 9; i++) {
                        file.write(mark(i));
                        answered = i;
                    }
                } catch (SimulatedCrash expected) {
                    // Here the power goes.
                }
                sim.powerCut();
                sim.restart();

                FoundMark found = MarkFile.read(sim.disk(), PATH);

                assertThat(found.state()).isNotEqualTo(FoundMark.State.UNREADABLE);
                assertThat(found.said().map(Mark::epoch).orElse(0L))
                        .as("call %d, seed %d", call, seed)
                        .isBetween(answered, answered + 1);
            }
        }
    }

    @Test
    void another_file_in_its_place_says_the_old_or_the_new_at_every_moment() throws IOException {
        for (long call = 1; call < 12; call++) {
            SimWorld sim = SimWorld.seeded(call);
            MarkFile.create(sim.disk(), PATH, mark(1)).close();
            sim.disk().crashAfter(call);
            try {
                MarkFile.create(sim.disk(), PATH, mark(2)).close();
            } catch (SimulatedCrash expected) {
                // Here the process ends.
            }
            sim.restart();

            assertThat(MarkFile.read(sim.disk(), PATH).said()).as("call %d", call).isPresent();
        }
    }

    @Test
    void a_mark_leaves_every_other_one_alone_whatever_their_names_end_with() throws IOException {
        SimWorld sim = SimWorld.seeded(1);
        for (String ending : List.of(".new", ".new.new", ".part", "~", ".tmp")) {
            Path longer = PATH.resolveSibling(PATH.getFileName() + ending);
            MarkFile.create(sim.disk(), longer, mark(7)).close();

            MarkFile.create(sim.disk(), PATH, mark(1)).close();

            assertThat(MarkFile.read(sim.disk(), longer).said()).as(ending).contains(mark(7));
            assertThat(MarkFile.read(sim.disk(), PATH).said()).as(ending).contains(mark(1));
        }
    }

    @Test
    void what_a_crash_left_of_a_mark_is_removed_and_no_other_file() throws IOException {
        for (long call = 1; call < 12; call++) {
            SimWorld sim = SimWorld.seeded(call);
            Path other = PATH.resolveSibling(PATH.getFileName() + ".new");
            MarkFile.create(sim.disk(), other, mark(7)).close();
            MarkFile.create(sim.disk(), PATH, mark(1)).close();
            sim.disk().crashAfter(call);
            try {
                MarkFile.create(sim.disk(), PATH, mark(2)).close();
            } catch (SimulatedCrash expected) {
                // Here the process ends.
            }
            sim.kill();
            sim.restart();

            MarkFile.tidy(sim.disk(), PATH);

            assertThat(sim.disk().list(PATH.getParent()))
                    .as("call %d", call)
                    .containsExactlyInAnyOrder(PATH, other);
        }
    }

    @Test
    void where_there_is_no_file_there_is_no_mark() throws IOException {
        FoundMark found = MarkFile.read(SimWorld.seeded(1).disk(), PATH);

        assertThat(found.state()).isEqualTo(FoundMark.State.ABSENT);
        assertThat(found.said()).isEmpty();
        assertThat(found.path()).isEqualTo(PATH);
    }
}
