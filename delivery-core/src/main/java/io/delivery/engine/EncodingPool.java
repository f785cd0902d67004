package io.delivery.engine;

import io.delivery.world.Scheduler;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The threads that encode and stage objects; most of the processors' time is spent here. Streams
 * take turns, and the memory a task may need is reserved before it starts; one that needs none
 * waits for its turn only. Thread-safe.
 */
public final class EncodingPool {
    private final Executor threads;
    private final int width;
    private final long memoryLimit;
    private final long largestTask;
    private final Map<String, Deque<Task>> waiting = new HashMap<>();
    private final Deque<String> turns = new ArrayDeque<>();
    private final Map<String, Present> present = new HashMap<>();
    private int running;
    private long reserved;

    private record Task(String stream, long memoryBytes, Runnable work) {}

    /** A stream's tasks that wait or run, and who is told when there are none. */
    private static final class Present {
        private final CompletableFuture<Void> gone = new CompletableFuture<>();
        private int tasks;
    }

    /**
     * @param width tasks at a time, at least 1
     * @param memoryLimit heap that all running tasks may have reserved; a single task that needs
     *     more runs alone
     * @param largestTask heap that such a task may have, {@code memoryLimit} or more
     */
    public EncodingPool(Scheduler scheduler, int width, long memoryLimit, long largestTask) {
        this.threads = scheduler.pool("encode", width);
        this.width = width;
        this.memoryLimit = memoryLimit;
        this.largestTask = Math.max(memoryLimit, largestTask);
    }

    /** The most memory that a task can ever have, in bytes: it has it alone. */
    public long largestTask() {
        return largestTask;
    }

    /**
     * Runs the task when it is its stream's turn. The task reports its own failures.
     *
     * @param memoryBytes that are reserved for it, at most {@link #largestTask}
     */
    public void submit(String stream, long memoryBytes, Runnable work) {
        synchronized (this) {
            Deque<Task> queue = waiting.get(stream);
            if (queue == null) {
                queue = new ArrayDeque<>();
                waiting.put(stream, queue);
                turns.addLast(stream);
            }
            queue.addLast(new Task(stream, memoryBytes, work));
            present.computeIfAbsent(stream, name -> new Present()).tasks++;
        }
        dispatch();
    }

    /**
     * Completes when no task of the stream that was submitted waits or runs; on the thread of the
     * last one, which must not be kept.
     */
    public synchronized CompletionStage<Void> idle(String stream) {
        Present tasks = present.get(stream);
        return tasks == null ? CompletableFuture.completedFuture(null) : tasks.gone;
    }

    private void dispatch() {
        for (Task next = take(); next != null; next = take()) {
            Task task = next;
            threads.execute(
                    () -> {
                        try {
                            task.work().run();
                        } finally {
                            ended(task);
                            dispatch();
                        }
                    });
        }
    }

    private synchronized Task take() {
        if (running == width || turns.isEmpty()) {
            return null;
        }
        Task first = waiting.get(turns.peekFirst()).peekFirst();
        if (running > 0 && !hasRoom(first)) {
            return null;
        }
        String stream = turns.removeFirst();
        Deque<Task> queue = waiting.get(stream);
        queue.removeFirst();
        if (queue.isEmpty()) {
            waiting.remove(stream);
        } else {
            turns.addLast(stream);
        }
        running++;
        reserved += first.memoryBytes();
        return first;
    }

    private boolean hasRoom(Task task) {
        return task.memoryBytes() == 0 || reserved + task.memoryBytes() <= memoryLimit;
    }

    private void ended(Task task) {
        Present last = null;
        synchronized (this) {
            running--;
            reserved -= task.memoryBytes();
            Present tasks = present.get(task.stream());
            if (--tasks.tasks == 0) {
                present.remove(task.stream());
                last = tasks;
            }
        }
        if (last != null) {
            last.gone.complete(null);
        }
    }
}
