package io.delivery.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttemptsTest {
    private final Attempts attempts = new Attempts();

    @Test
    void every_record_is_worth_an_attempt_while_some_are_not_in_vain() {
        for (int i = 0; i < 1000; i++) {
            assertThat(attempts.isWorthOne()).isTrue();
            if (i % Attempts.MAX_IN_VAIN == 0) {
                attempts.succeeded();
            } else {
                attempts.failed();
            }
        }
    }

    @Test
    void many_in_vain_are_followed_by_pauses_that_become_longer_up_to_a_bound() {
        for (int i = 1; i < Attempts.MAX_IN_VAIN; i++) {
            fail();
        }

        int most = 0;
        for (int pause = Attempts.FIRST_PAUSE; most < Attempts.MAX_PAUSE; pause *= 2) {
            fail();
            assertThat(pause()).isEqualTo(pause);
            most = pause;
        }
        fail();
        assertThat(pause()).isEqualTo(Attempts.MAX_PAUSE);
    }

    @Test
    void one_that_is_not_in_vain_ends_the_pauses() {
        for (int i = 0; i < Attempts.MAX_IN_VAIN; i++) {
            fail();
        }
        assertThat(pause()).isEqualTo(Attempts.FIRST_PAUSE);

        attempts.succeeded();

        for (int i = 1; i < Attempts.MAX_IN_VAIN; i++) {
            fail();
            assertThat(attempts.isWorthOne()).isTrue();
        }
        fail();
        assertThat(pause()).isEqualTo(Attempts.FIRST_PAUSE);
    }

    private void fail() {
        attempts.failed();
    }

    /** Records for which none is made; the one that ends it is asked for, too. */
    private int pause() {
        int records = 0;
        while (!attempts.isWorthOne()) {
            records++;
        }
        return records;
    }
}
