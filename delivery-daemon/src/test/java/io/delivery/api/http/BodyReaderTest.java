package io.delivery.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.api.ApiException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.junit.jupiter.api.Test;

class BodyReaderTest {
    private static final int MIB = 1 << 20;
    private static final long LATE = Duration.ofMinutes(1).toNanos();

    private final Queue<Runnable> later = new ArrayDeque<>();
    private final RequestMemory memory =
            new RequestMemory(MIB, 1_000_000_000L, later::add, () -> {});
    private final Sent sent = new Sent();

    @Test
    void a_body_in_pieces_is_put_together() {
        CompletionStage<BodyReader.Body> reading = reader(sent).read();

        sent.arrive(100_000, false);
        sent.arrive(50_000, true);

        BodyReader.Body body = reading.toCompletableFuture().getNow(null);
        assertThat(body.length()).isEqualTo(150_000);
        body.release();
        assertThat(memory.onLoan()).isZero();
    }

    @Test
    void the_sweep_leaves_alone_who_waits_for_memory() {
        byte[] most = memory.array(512 << 10).toCompletableFuture().join();
        BodyReader reader = reader(sent);
        CompletableFuture<BodyReader.Body> reading = reader.read().toCompletableFuture();
        sent.arrive(300_000, true);

        reader.expire(LATE);

        assertThat(reading).isNotDone();
        memory.giveBack(most);
        later.remove().run();
        assertThat(reading.getNow(null).length()).isEqualTo(300_000);
        reading.join().release();
        assertThat(memory.onLoan()).isZero();
    }

    @Test
    void a_sweep_at_any_moment_ends_in_a_whole_body_or_in_a_refusal_and_leaks_nothing()
            throws Exception {
        Sweeper sweeper = new Sweeper();
        sweeper.start();
        int refused = 0;
        try {
            for (int round = 0; round < 20_000; round++) {
                Sent body = new Sent();
                BodyReader reader = reader(body);
                CompletableFuture<BodyReader.Body> reading = reader.read().toCompletableFuture();
                sweeper.reader = reader;
                body.arrive(70_000, false);
                body.arrive(10_000, true);

                if (outcome(reading) == null) {
                    refused++;
                }
            }
        } finally {
            sweeper.ended = true;
            sweeper.join();
        }
        assertThat(sweeper.failure).isNull();
        assertThat(refused).isPositive();
        assertThat(memory.onLoan()).isZero();
    }

    /** The length of the body, or null for a refusal. */
    private static Integer outcome(CompletableFuture<BodyReader.Body> reading) throws Exception {
        try {
            BodyReader.Body body = reading.get(10, TimeUnit.SECONDS);
            assertThat(body.array()).isNotNull();
            assertThat(body.length()).isEqualTo(80_000);
            body.release();
            return body.length();
        } catch (ExecutionException refused) {
            assertThat(refused).hasCauseInstanceOf(ApiException.class);
            return null;
        }
    }

    @Test
    void what_is_discarded_takes_no_memory_and_is_held_to_the_same_limits() {
        BodyReader reader = reader(sent);
        CompletableFuture<BodyReader.Body> reading = reader.discard().toCompletableFuture();

        sent.arrive(MIB, false);

        assertThat(memory.onLoan()).isZero();
        assertThat(reading).isNotDone();
        sent.arrive(1, true);
        assertThatThrownBy(reading::join).hasMessageContaining("longer than 1048576 bytes");
    }

    @Test
    void a_body_that_is_discarded_slowly_is_refused() {
        BodyReader reader = reader(sent);
        CompletableFuture<BodyReader.Body> reading = reader.discard().toCompletableFuture();

        reader.expire(LATE);

        assertThatThrownBy(reading::join).hasMessageContaining("slower than 1024 bytes");
    }

    private BodyReader reader(Sent source) {
        return new BodyReader(
                source,
                -1,
                memory,
                MIB,
                new BodyRate(Duration.ofSeconds(10), 1024, 0),
                Claim.proven());
    }

    /** Expires whatever is read, again and again. */
    private static final class Sweeper extends Thread {
        private volatile BodyReader reader;
        private volatile boolean ended;
        private volatile Throwable failure;

        @Override
        public void run() {
            try {
                for (long nanos = LATE; !ended; nanos += LATE) {
                    BodyReader now = reader;
                    if (now != null) {
                        now.expire(nanos); // always late, whatever it was forgiven
                    }
                }
            } catch (RuntimeException | AssertionError failed) {
                failure = failed;
            }
        }
    }

    /** What a client has sent and nobody has read. */
    private static final class Sent implements Content.Source {
        private final Queue<Content.Chunk> chunks = new ArrayDeque<>();
        private Runnable demanded;

        /** So many bytes arrive, and whoever waits for them hears of it. */
        void arrive(int bytes, boolean last) {
            chunks.add(Content.Chunk.from(ByteBuffer.allocate(bytes), last));
            Runnable waiting = demanded;
            demanded = null;
            if (waiting != null) {
                waiting.run();
            }
        }

        @Override
        public Content.Chunk read() {
            return chunks.poll();
        }

        @Override
        public void demand(Runnable callback) {
            demanded = callback;
        }

        @Override
        public void fail(Throwable failure) {
            chunks.clear();
        }
    }
}
