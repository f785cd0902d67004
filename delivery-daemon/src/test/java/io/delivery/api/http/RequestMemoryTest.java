package io.delivery.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.api.ApiException;
import io.delivery.api.FrameMemory;
import io.delivery.record.RecordBatch;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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

    /** An eighth of the budget for a caller, a quarter for a key id, once a quarter is on loan. */
    @Test
    void what_one_key_id_holds_unproven_keeps_no_other_from_its_share() {
        RequestMemory memory = memory(32 * SMALLEST);
        for (int i = 0; i < 8; i++) {
            assertThat(memory.array(1, claim("known", "10.0.0.1")).toCompletableFuture()).isDone();
        }

        var more = memory.array(1, claim("known", "10.0.0.1")).toCompletableFuture();
        var elsewhere = memory.array(1, claim("known", "10.0.0.2")).toCompletableFuture();
        List<CompletableFuture<byte[]>> others = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            others.add(memory.array(1, claim("other" + i, "10.0.0.1")).toCompletableFuture());
        }

        assertThat(more).isNotDone();
        assertThat(elsewhere).isNotDone();
        assertThat(others).allMatch(CompletableFuture::isDone);
        assertThat(memory.array(SMALLEST * 8).toCompletableFuture()).as("a frame").isDone();
    }

    @Test
    void what_is_proven_does_not_count_any_more() {
        RequestMemory memory = memory(32 * SMALLEST);
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            claims.add(claim("known", "10.0.0.1"));
            memory.array(1, claims.get(i)).toCompletableFuture().join();
        }
        var waiting = memory.array(1, claim("known", "10.0.0.1")).toCompletableFuture();
        assertThat(waiting).isNotDone();

        claims.subList(0, 6).forEach(memory::prove);

        later.remove().run();
        assertThat(waiting).isDone();
    }

    @Test
    void the_caller_that_holds_least_is_served_first() {
        RequestMemory memory = memory(4 * SMALLEST);
        Claim first = claim("known", "10.0.0.1");
        byte[] array = memory.array(1, first).toCompletableFuture().join();
        Claim second = claim("known", "10.0.0.1");
        var sameCaller = memory.array(1, second).toCompletableFuture();
        byte[] frame = memory.array(SMALLEST).toCompletableFuture().join();
        var again = memory.array(1, claim("known", "10.0.0.1")).toCompletableFuture();
        var newcomer = memory.array(1, claim("new", "10.0.0.9")).toCompletableFuture();

        assertThat(List.of(sameCaller, again, newcomer)).noneMatch(CompletableFuture::isDone);
        memory.giveBack(frame);
        later.remove().run();

        assertThat(newcomer).isDone();
        assertThat(array).isNotNull();
    }

    /** Otherwise all of them would wait until they are refused. */
    @Test
    void bodies_that_all_need_more_than_there_is_are_finished_one_after_the_other() {
        RequestMemory memory = memory(8 * SMALLEST);
        List<Claim> claims = new ArrayList<>();
        List<byte[]> arrays = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            claims.add(claim("key" + i, "10.0.0.1"));
            arrays.add(memory.array(1, claims.get(i)).toCompletableFuture().join());
        }
        List<CompletableFuture<byte[]>> growing = new ArrayList<>();
        for (Claim claim : claims) {
            growing.add(memory.array(3 * SMALLEST / 2, claim).toCompletableFuture());
        }

        for (int i = 0; i < 4; i++) {
            assertThat(growing.get(i)).isDone();
            memory.giveBack(arrays.get(i), claims.get(i));
            memory.giveBack(growing.get(i).join(), claims.get(i));
            later.forEach(Runnable::run);
            later.clear();
        }
        assertThat(memory.onLoan()).isZero();
    }

    private static Claim claim(String key, String address) {
        return Claim.of(key, new InetSocketAddress(address, 1));
    }

    private RequestMemory memory(long budget) {
        return new RequestMemory(budget, 1_000_000_000L, later::add, refusals::incrementAndGet);
    }
}
