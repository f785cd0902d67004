package io.delivery.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.log.LogReader;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a {@link io.delivery.log.Log} does that has sequences without a record. */
public abstract class LogWithHolesContract extends LogContract {
    /** Appends a mark of the log's own. */
    protected abstract void mark();

    /** The log keeps the record of this sequence no longer. */
    protected abstract void withdraw(long sequence);

    /** Appends a batch whose transaction is not decided. */
    protected abstract void beginTransaction(String... records);

    /** Decides it; a mark follows. */
    protected abstract void commitTransaction();

    /** Decides it; a mark follows. */
    protected abstract void abortTransaction();

    @Test
    protected void a_mark_is_absent_and_not_lost() throws IOException {
        append("a");
        mark();
        append("c");

        assertThat(told(0)).containsExactly("0=a", "1 absent", "2=c");
        assertThat(told(1)).containsExactly("1 absent", "2=c");
    }

    @Test
    protected void marks_at_the_end_are_told_although_no_record_follows() throws IOException {
        append("a");
        mark();
        mark();

        assertThat(log().durableEnd()).isEqualTo(3);
        try (LogReader reader = log().read(0)) {
            assertThat(told(reader, 0)).containsExactly("0=a", "1 absent", "2 absent");
            assertThat(reader.next()).as("told once").isNull();

            append("d");
            assertThat(told(reader, 3)).isEqualTo(records(3, "d"));
        }
    }

    @Test
    protected void a_record_that_was_withdrawn_is_absent_and_its_neighbours_are_there()
            throws IOException {
        append("a", "b", "c");
        withdraw(1);

        List<String> told = List.of("0=a", "1 absent", "2=c");
        for (int from = 0; from <= 3; from++) {
            assertThat(told(from)).as("from %d", from).isEqualTo(told.subList(from, 3));
        }
    }

    @Test
    protected void what_was_lost_between_holes_is_lost() throws IOException {
        mark();
        append("lost");
        mark();
        lose("lost");

        assertThat(told(0)).containsExactly("0 absent", "1 lost", "2 absent");
    }

    @Test
    protected void what_is_not_decided_is_not_durable_nor_is_what_follows_it() throws IOException {
        append("a");
        beginTransaction("b", "c");
        append("d");

        assertThat(log().durableEnd()).isEqualTo(1);
        assertThat(log().nextSequence()).isEqualTo(4);
        try (LogReader reader = log().read(0)) {
            assertThat(told(reader, 0)).isEqualTo(records(0, "a"));

            commitTransaction();

            assertThat(told(reader, 1)).containsExactly("1=b", "2=c", "3=d", "4 absent");
        }
    }

    @Test
    protected void the_records_of_a_transaction_that_was_aborted_are_absent() throws IOException {
        append("a");
        beginTransaction("b", "c");
        append("d");

        abortTransaction();

        assertThat(log().durableEnd()).isEqualTo(5);
        assertThat(told(0)).containsExactly("0=a", "1 absent", "2 absent", "3=d", "4 absent");
    }

    @Test
    protected void holes_stay_holes_after_a_restart() throws IOException {
        append("a", "b");
        mark();
        withdraw(0);
        restart();
        append("d");

        assertThat(told(0)).containsExactly("0 absent", "1=b", "2 absent", "3=d");
    }
}
