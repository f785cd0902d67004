package io.delivery.runtime;

import io.delivery.failure.OpenedSoFar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;

/**
 * Starts programs so that a machine without a thread to give leaves no process behind. The JDK
 * makes the process first, and then needs a thread that waits for its end: where it finds none it
 * throws, and gives nobody the process that runs already.
 *
 * <p>So threads are looked for before there is a process. Others may take them meanwhile: then the
 * process is killed, but nobody waits for its end. It stays as a zombie, with three descriptors of
 * its pipes, as long as this program runs.
 */
final class Children {
    /**
     * What a start takes: the process, the thread that waits for it, and what supervise.sh forks at
     * once: the command, the shell that watches standard input, and for a moment one that looks for
     * setsid. With fewer a start may fail halfway.
     */
    private static final int NEEDED = 5;

    private Children() {}

    /** What makes the process. */
    @FunctionalInterface
    interface Start {
        /**
         * @throws IOException as {@link ProcessBuilder#start}
         */
        Process start() throws IOException;
    }

    /**
     * Starts one.
     *
     * @param start usually {@link ProcessBuilder#start}
     * @param mark is among the program's arguments or in its environment, and nobody else has it
     * @param threads makes threads that show whether there are any to have
     * @throws OutOfMemoryError when the machine has no thread for it; then no process of it runs,
     *     and at most a zombie is left
     */
    static Process start(Start start, String mark, ThreadFactory threads) throws IOException {
        requireThreads(threads);
        try {
            return start.start();
        } catch (RuntimeException | Error failed) { // others have taken the threads meanwhile
            OpenedSoFar.closeAfter(failed, () -> ProcessTree.killChildren(mark));
            throw failed;
        }
    }

    /** Has as many for a moment as are needed, before there is a process. */
    private static void requireThreads(ThreadFactory threads) {
        CountDownLatch enough = new CountDownLatch(1);
        List<Thread> spare = new ArrayList<>();
        try {
            for (int i = 0; i < NEEDED; i++) {
                Thread thread = threads.newThread(() -> await(enough));
                thread.setName("spare");
                thread.setDaemon(true);
                thread.start();
                spare.add(thread);
            }
        } finally {
            enough.countDown();
            spare.forEach(Children::join);
        }
    }

    private static void await(CountDownLatch enough) {
        try {
            enough.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
