package io.delivery.failure;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What was opened so far for one thing that may still fail: it is closed again when the thing does
 * not come about, whatever was thrown. So whoever tries again finds nothing that an earlier attempt
 * has left. Not thread-safe.
 *
 * <pre>{@code
 * OpenedSoFar opened = new OpenedSoFar();
 * try {
 *     Share share = disk.open();
 *     opened.add(share::close);
 *     return new Stream(share, Journal.open());
 * } catch (Throwable failed) { // also errors
 *     opened.closeAfter(failed);
 *     throw failed;
 * }
 * }</pre>
 */
public final class OpenedSoFar {
    private final Deque<Runnable> closings = new ArrayDeque<>(1);

    /**
     * @param closing closes what was just opened; called once at most
     */
    public void add(Runnable closing) {
        closings.push(closing);
    }

    /**
     * Closes all of it, the last first, although closing some of it fails.
     *
     * @param failure why; it keeps what closing throws, suppressed
     */
    public void closeAfter(Throwable failure) {
        while (!closings.isEmpty()) {
            try {
                closings.pop().run();
            } catch (Throwable also) { // also errors
                if (also != failure) { // the JVM may throw the same error twice
                    failure.addSuppressed(also);
                }
            }
        }
    }

    /**
     * The same for one thing.
     *
     * @param closing closes it
     */
    public static void closeAfter(Throwable failure, Runnable closing) {
        OpenedSoFar opened = new OpenedSoFar();
        opened.add(closing);
        opened.closeAfter(failure);
    }

    /**
     * Closes these in their order, although closing some of them fails: nothing needs them any
     * more.
     *
     * @throws RuntimeException as {@link #close} does, or an {@link Error}
     */
    public static void closeAll(List<Runnable> inOrder) {
        OpenedSoFar all = new OpenedSoFar();
        inOrder.forEach(all.closings::addLast);
        all.close();
    }

    /**
     * Closes all of it, the last first, although closing some of it fails: nothing needs it any
     * more.
     *
     * @throws RuntimeException what closing throws first, or an {@link Error}; it keeps what
     *     closing the others throws, suppressed
     */
    public void close() {
        while (!closings.isEmpty()) {
            Runnable next = closings.pop();
            try {
                next.run();
            } catch (RuntimeException | Error failed) {
                closeAfter(failed);
                throw failed;
            }
        }
    }
}
