package io.delivery.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenedSoFarTest {
    private final List<String> closed = new ArrayList<>();
    private final OpenedSoFar opened = new OpenedSoFar();

    private void open(String name) {
        opened.add(() -> closed.add(name));
    }

    private void openWhatDoesNotClose(Error defect) {
        opened.add(
                () -> {
                    throw defect;
                });
    }

    @Test
    void what_was_opened_is_closed_the_last_first_and_once() {
        open("share");
        open("journal");
        open("lane");

        opened.closeAfter(new StackOverflowError());
        opened.closeAfter(new StackOverflowError());

        assertThat(closed).containsExactly("lane", "journal", "share");
    }

    @Test
    void what_does_not_close_keeps_nothing_else_open_and_is_told_with_the_failure() {
        OutOfMemoryError again = new OutOfMemoryError("again");
        open("share");
        openWhatDoesNotClose(again);
        open("lane");
        Exception failure = new IllegalStateException("the disk fails");

        opened.closeAfter(failure);

        assertThat(closed).containsExactly("lane", "share");
        assertThat(failure).hasSuppressedException(again);
    }

    @Test
    void an_error_that_is_thrown_again_while_closing_suppresses_nothing_of_itself() {
        OutOfMemoryError same = new OutOfMemoryError("no memory");
        open("share");
        openWhatDoesNotClose(same);

        opened.closeAfter(same);

        assertThat(closed).containsExactly("share");
        assertThat(same).hasNoSuppressedExceptions();
    }

    @Test
    void what_is_given_in_order_is_closed_in_order_although_some_of_it_does_not_close() {
        IllegalStateException defect = new IllegalStateException("the lane does not close");
        List<Runnable> inOrder =
                List.of(
                        () -> closed.add("lane"),
                        () -> {
                            throw defect;
                        },
                        () -> closed.add("share"));

        assertThatThrownBy(() -> OpenedSoFar.closeAll(inOrder)).isSameAs(defect);

        assertThat(closed).containsExactly("lane", "share");
    }

    @Test
    void whoever_closes_all_hears_of_the_first_that_does_not_close_when_all_were_tried() {
        OutOfMemoryError first = new OutOfMemoryError("first");
        OutOfMemoryError second = new OutOfMemoryError("second");
        open("share");
        openWhatDoesNotClose(second);
        openWhatDoesNotClose(first);
        open("lane");

        assertThatThrownBy(opened::close).isSameAs(first).hasSuppressedException(second);

        assertThat(closed).containsExactly("lane", "share");
    }
}
