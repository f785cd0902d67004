package io.delivery.api.http;

import io.delivery.api.ApiException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Reads one request's body into pooled memory, which grows with what has really been sent, not with
 * what a header promises. Holds no thread while it waits for bytes or for memory.
 */
final class BodyReader {
    private static final int FIRST_BYTES = 64 << 10;
    private static final int GROWTH = 4;

    private final Request request;
    private final RequestMemory memory;
    private final int maxBytes;
    private final long promisedBytes;
    private final long startNanos = System.nanoTime();
    private final CompletableFuture<Body> result = new CompletableFuture<>();
    private byte[] array;
    private int length;
    private Content.Chunk pending;
    private boolean waitsForMemory;
    private boolean finished;

    BodyReader(Request request, RequestMemory memory, int maxBytes) {
        this.request = request;
        this.memory = memory;
        this.maxBytes = maxBytes;
        this.promisedBytes = request.getLength();
    }

    /** Fails with {@link ApiException} when the body is too long, too slow, or finds no memory. */
    CompletionStage<Body> read() {
        acquire((int) Math.min(promisedBytes < 0 ? FIRST_BYTES : promisedBytes, FIRST_BYTES));
        return result;
    }

    /** Refuses the request if it sends too slowly. */
    void expire(long nowNanos, long freeNanos, int minBytesPerSecond) {
        ApiException tooSlow;
        synchronized (this) {
            double seconds = (nowNanos - startNanos - freeNanos) / 1e9;
            if (finished
                    || waitsForMemory
                    || seconds <= 0
                    || length / seconds >= minBytesPerSecond) {
                return;
            }
            tooSlow =
                    new ApiException(
                            "RequestTimeoutException",
                            408,
                            "The request's body came slower than %d bytes per second."
                                    .formatted(minBytesPerSecond));
            giveUp();
        }
        result.completeExceptionally(tooSlow);
    }

    private void acquire(int bytes) {
        synchronized (this) {
            waitsForMemory = true;
        }
        memory.array(bytes)
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
        if (array != null) {
            System.arraycopy(array, 0, larger, 0, length);
            memory.giveBack(array);
        }
        array = larger;
    }

    private void readMore() {
        Throwable failure = null;
        int needed = 0;
        synchronized (this) {
            while (!finished) {
                Content.Chunk chunk = pending == null ? request.read() : pending;
                pending = null;
                if (chunk == null) {
                    request.demand(this::readMore);
                    return;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    giveUp();
                    failure = chunk.getFailure();
                    break;
                }
                int more = chunk.remaining();
                if (more > maxBytes - length) {
                    chunk.release();
                    giveUp();
                    failure = tooLarge(maxBytes);
                    break;
                }
                if (more > array.length - length) {
                    pending = chunk;
                    needed = length + more;
                    break;
                }
                chunk.get(array, length, more);
                length += more;
                boolean last = chunk.isLast();
                chunk.release();
                if (last) {
                    finished = true;
                }
            }
        }
        if (failure != null) {
            result.completeExceptionally(failure);
        } else if (needed > 0) {
            grow(needed);
        } else {
            result.complete(new Body(array, length, memory));
        }
    }

    private void grow(int needed) {
        long likely = Math.max(needed, (long) array.length * GROWTH);
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
        waitsForMemory = false;
        if (pending != null) {
            pending.release();
            pending = null;
        }
        if (array != null) {
            memory.giveBack(array);
            array = null;
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
        private boolean released;

        private Body(byte[] array, int length, RequestMemory memory) {
            this.array = array;
            this.length = length;
            this.memory = memory;
        }

        byte[] array() {
            return array;
        }

        int length() {
            return length;
        }

        /** Gives the memory back; harmless when repeated. */
        synchronized void release() {
            if (!released) {
                released = true;
                memory.giveBack(array);
            }
        }
    }
}
