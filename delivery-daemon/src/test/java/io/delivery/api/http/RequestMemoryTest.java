package io.delivery.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.api.ApiException;
import io.delivery.api.FrameMemory;
import io.delivery.record.RecordBatch;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RequestMemoryTest {
    private static final int SMALLEST = 8192;

    private final Queue<Runnable> later = new ArrayDeque<>();
    private final AtomicInteger refusals = new AtomicInteger();

    @Test
    void arrays_are_used_again() {
        RequestMemory memory = memory(1 << 20);
        byte[] first = memory.array(100).toCompletableFuture().join();

        memory.giveBack(first);

        assertThat(memory.array(5_000).toCompletableFuture().join()).isSameAs(first);
        assertThat(memory.onLoan()).isEqualTo(SMALLEST);
    }

    @Test
    void an_array_is_at_least_as_long_as_was_asked() {
        RequestMemory memory = memory(64 << 20);

        for (int bytes : new int[] {0, 1, 8_192, 8_193, 4_196_304, 16 << 20}) {
            assertThat(memory.array(bytes).toCompletableFuture().join().length)
                    .isGreaterThanOrEqualTo(bytes)
                    .isLessThanOrEqualTo(Math.max(SMALLEST, 2 * bytes));
        }
    }

    @Test
    void the_largest_frame_fits_in_an_array_of_little_more_than_4_MiB() {
        RequestMemory memory = memory(64 << 20);

        FrameMemory.Frame frame =
                memory.acquire((4 << 20) + 500 * RecordBatch.RECORD_OVERHEAD)
                        .toCompletableFuture()
                        .join();

        assertThat(frame.builder().array().length).isEqualTo((4 << 20) + 4096);
        frame.release();
        assertThat(memory.onLoan()).isZero();
    }

    @Test
    void whoever_finds_none_waits_for_whoever_was_first() {
        RequestMemory memory = memory(SMALLEST);
        byte[] only = memory.array(1).toCompletableFuture().join();
        CompletableFuture<byte[]> second = memory.array(1).toCompletableFuture();
        CompletableFuture<byte[]> third = memory.array(1).toCompletableFuture();

        memory.giveBack(only);
        later.remove().run();

        assertThat(second).isCompletedWithValue(only);
        assertThat(third).isNotDone();
        memory.giveBack(only);
        later.remove().run();
        assertThat(third).isCompletedWithValue(only);
    }

    @Test
    void idle_arrays_make_room_for_another_size() {
        RequestMemory memory = memory(24 << 10);
        byte[] first = memory.array(1).toCompletableFuture().join();
        byte[] second = memory.array(1).toCompletableFuture().join();
        memory.giveBack(first);
        memory.giveBack(second);

        byte[] large = memory.array(20 << 10).toCompletableFuture().join();

        assertThat(large).hasSize(20 << 10);
        assertThat(memory.onLoan()).isEqualTo(20 << 10);
    }

    @Test
    void whoever_waits_too_long_is_told_to_come_again_and_takes_nothing() {
        RequestMemory memory = memory(SMALLEST);
        byte[] only = memory.array(1).toCompletableFuture().join();
        CompletableFuture<byte[]> waiting = memory.array(1).toCompletableFuture();

        memory.expire(System.nanoTime());
        assertThat(later).isEmpty();
        assertThat(refusals).hasValue(0);
        memory.expire(System.nanoTime() + 1_000_000_001L);
        assertThat(refusals).hasValue(1);
        later.remove().run();

        assertThatThrownBy(waiting::join).hasCauseInstanceOf(ApiException.class);
        memory.giveBack(only);
        assertThat(memory.onLoan()).isZero();
    }

    @Test
    void what_never_fits_is_refused_at_once() {
        assertThat(memory(SMALLEST).array(SMALLEST + 1).toCompletableFuture())
                .isCompletedExceptionally();
        assertThat(refusals).hasValue(1);
    }

    private RequestMemory memory(long budget) {
        return new RequestMemory(budget, 1_000_000_000L, later::add, refusals::incrementAndGet);
    }
}
