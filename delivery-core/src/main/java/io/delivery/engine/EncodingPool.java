package io.delivery.engine;

import io.delivery.world.Scheduler;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * The threads that encode and stage objects: where the cores go. Streams take turns, and the memory
 * a task may need is reserved before it starts. Thread-safe.
 */
public final class EncodingPool {
    private final Executor threads;
    private final int width;
    private final long memoryLimit;
    private final Map<String, Deque<Task>> waiting = new HashMap<>();
    private final Deque<String> turns = new ArrayDeque<>();
    private int running;
    private long reserved;

    private record Task(long memoryBytes, Runnable work) {}

    /**
     * @param width tasks at a time, at least 1
     * @param memoryLimit heap that all running tasks may have reserved; a single task that needs
     *     more runs alone
     */
    public EncodingPool(Scheduler scheduler, int width, long memoryLimit) {
        this.threads = scheduler.pool("encode", width);
        this.width = width;
        this.memoryLimit = memoryLimit;
    }

    /** Runs the task when it is its stream's turn. The task reports its own failures. */
    public void submit(String stream, long memoryBytes, Runnable work) {
        synchronized (this) {
            Deque<Task> queue = waiting.get(stream);
            if (queue == null) {
                queue = new ArrayDeque<>();
                waiting.put(stream, queue);
                turns.addLast(stream);
            }
            queue.addLast(new Task(memoryBytes, work));
        }
        dispatch();
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
        if (running > 0 && reserved + first.memoryBytes() > memoryLimit) {
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

    private synchronized void ended(Task task) {
        running--;
        reserved -= task.memoryBytes();
    }
}
