package io.delivery.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.function.Invocation;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WorkerTest {
    private final Worker worker = new Worker(1);

    private static Call call(String id) {
        return new Call(new Invocation(id, new byte[0], Duration.ofSeconds(1)));
    }

    private void take(Call call) {
        worker.asks(new RuntimeExchange(null, null, null));
        worker.take(call);
    }

    @Test
    void it_works_on_this_very_event_until_it_has_done_with_it() {
        Call first = call("same-id");
        Call again = call("same-id");
        take(first);
        assertThat(worker.has(first)).isTrue();

        assertThat(worker.done(first)).isTrue();
        take(again);

        assertThat(worker.has(first)).isFalse(); // so a late time-out of it changes nothing
        assertThat(worker.has(again)).isTrue();
    }

    @Test
    void it_works_on_nothing_behind_its_end() {
        Call call = call("one");
        take(call);

        worker.end();

        assertThat(worker.has(call)).isFalse();
    }
}
