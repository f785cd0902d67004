package io.delivery.api.http;

import io.delivery.api.ApiException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.io.Content;

/**
 * Reads one request's body into pooled memory, which grows with what has really been sent, not with
 * what a header promises. Holds no thread while it waits for bytes or for memory. Thread-safe
 * against {@link #expire}.
 */
final class BodyReader {
    private static final int GROWTH = 4;
    private static final byte[] EMPTY = {};

    private final Content.Source source;
    private final RequestMemory memory;
    private final int maxBytes;
    private final long promisedBytes;
    private final BodyRate rate;
    private final Claim claim;
    private final CompletableFuture<Body> result = new CompletableFuture<>();

    /** Empty until the first bytes are there. */
    private byte[] array = EMPTY;

    private int length;
    private Content.Chunk pending;

    /** The bytes are thrown away. */
    private boolean discards;

    /** Not the client's fault; from the moment when it is known that there is no room. */
    private boolean waitsForMemory;

    /** Whoever sets it completes the result. */
    private boolean finished;

    /**
     * @param promisedBytes what the header says, negative when it says nothing
     * @param rate new, for this body
     * @param claim new, for this body
     */
    BodyReader(
            Content.Source source,
            long promisedBytes,
            RequestMemory memory,
            int maxBytes,
            BodyRate rate,
            Claim claim) {
        this.source = source;
        this.memory = memory;
        this.maxBytes = maxBytes;
        this.promisedBytes = promisedBytes;
        this.rate = rate;
        this.claim = claim;
    }

    /** Fails with {@link ApiException} when the body is too long, too slow, or finds no memory. */
    CompletionStage<Body> read() {
        readMore();
        return result;
    }

    /**
     * Reads to the end and keeps nothing, without asking for memory: so that a client who is
     * refused before its body gets the answer and no broken pipe. Fails as {@link #read} does; the
     * body is null.
     */
    CompletionStage<Body> discard() {
        synchronized (this) {
            discards = true;
        }
        readMore();
        return result;
    }

    /** Refuses the request if it sends too slowly. Called a few times a second. */
    void expire(long nowNanos) {
        ApiException tooSlow;
        synchronized (this) {
            if (finished) {
                return;
            }
            if (waitsForMemory) {
                rate.forgive(nowNanos, length);
                return;
            }
            if (!rate.tooSlow(nowNanos, length)) {
                return;
            }
            tooSlow = new ApiException("RequestTimeoutException", 408, rate.refusal());
            giveUp();
        }
        result.completeExceptionally(tooSlow);
    }

    /** Whether it holds memory without having proven a secret, and does not wait for more. */
    synchronized boolean holdsUnproven() {
        return !finished && !waitsForMemory && array.length > 0 && !claim.isProven();
    }

    /** How fast it has come of late. */
    synchronized double bytesPerSecond(long nowNanos) {
        return rate.current(nowNanos, length);
    }

    /** For how long that has been; waiting for memory does not count. */
    synchronized long age(long nowNanos) {
        return rate.age(nowNanos);
    }

    /** Refuses the request for the sake of others. */
    void makeRoom() {
        synchronized (this) {
            if (finished) {
                return;
            }
            giveUp();
        }
        result.completeExceptionally(ApiException.slowDown());
    }

    private void acquire(int bytes) {
        memory.array(bytes, claim)
                .whenComplete(
                        (granted, failure) -> {
                            if (failure == null) {
                                moveTo(granted);
                                readMore();
                            } else {
                                fail(failure);
                            }
                        });
    }

    private synchronized void moveTo(byte[] larger) {
        waitsForMemory = false;
        if (finished) {
            memory.giveBack(larger, claim);
            return;
        }
        System.arraycopy(array, 0, larger, 0, length);
        giveArrayBack();
        array = larger;
    }

    private void readMore() {
        Throwable failure = null;
        Body whole = null;
        int needed = 0;
        synchronized (this) {
            if (finished) {
                return; // given up meanwhile, and told by whoever did
            }
            while (!finished && needed == 0) {
                Content.Chunk chunk = pending == null ? source.read() : pending;
                pending = null;
                if (chunk == null) {
                    source.demand(this::readMore);
                    return;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    giveUp();
                    failure = chunk.getFailure();
                } else if (chunk.remaining() > maxBytes - length) {
                    chunk.release();
                    giveUp();
                    failure = tooLarge(maxBytes);
                } else if (!discards && chunk.remaining() > array.length - length) {
                    pending = chunk;
                    needed = length + chunk.remaining();
                    waitsForMemory = true;
                } else {
                    take(chunk);
                    if (finished && !discards) {
                        whole = new Body(array, length, memory, claim);
                    }
                }
            }
        }
        if (failure != null) {
            result.completeExceptionally(failure);
        } else if (needed > 0) {
            grow(needed);
        } else {
            result.complete(whole);
        }
    }

    private void take(Content.Chunk chunk) {
        int more = chunk.remaining();
        if (!discards && more > 0) {
            chunk.get(array, length, more);
        }
        length += more;
        finished = chunk.isLast();
        chunk.release();
    }

    private void grow(int needed) {
        long likely;
        synchronized (this) {
            likely = Math.max(needed, (long) length * GROWTH);
        }
        if (promisedBytes >= 0) {
            likely = Math.max(needed, Math.min(likely, promisedBytes));
        }
        acquire((int) Math.min(likely, maxBytes));
    }

    private void fail(Throwable failure) {
        synchronized (this) {
            giveUp();
        }
        result.completeExceptionally(failure);
    }

    private void giveUp() {
        finished = true;
        if (pending != null) {
            pending.release();
            pending = null;
        }
        giveArrayBack();
    }

    private void giveArrayBack() {
        if (array.length > 0) {
            memory.giveBack(array, claim);
            array = EMPTY;
        }
    }

    static ApiException tooLarge(int maxBytes) {
        return new ApiException(
                "RequestEntityTooLargeException",
                413,
                "The request's body is longer than %d bytes.".formatted(maxBytes));
    }

    /** A body on loan. */
    static final class Body {
        private final byte[] array;
        private final int length;
        private final RequestMemory memory;
        private final Claim claim;
        private boolean released;

        private Body(byte[] array, int length, RequestMemory memory, Claim claim) {
            this.array = array;
            this.length = length;
            this.memory = memory;
            this.claim = claim;
        }

        byte[] array() {
            return array;
        }

        int length() {
            return length;
        }

        /** Its signature is right. */
        void prove() {
            memory.prove(claim);
        }

        /** Gives the memory back; harmless when repeated. */
        synchronized void release() {
            if (!released && array.length > 0) {
                memory.giveBack(array, claim);
            }
            released = true;
        }
    }
}
