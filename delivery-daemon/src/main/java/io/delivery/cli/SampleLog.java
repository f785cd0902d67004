package io.delivery.cli;

import io.delivery.function.FunctionLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a function has written for the samples that are under way. A function may write without end:
 * what is beyond so many lines, or so many characters, is counted and left out. Thread-safe.
 */
final class SampleLog implements FunctionLog {
    /** Of one batch of samples. */
    static final int MOST_LINES = 10_000;

    /** Of one batch of samples, but one line more may pass. */
    static final long MOST_CHARACTERS = 1 << 20;

    /** A process writes its log beside its answer: what comes so soon belongs to it. */
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>(MOST_LINES);
    private final AtomicLong characters = new AtomicLong();
    private final AtomicLong leftOut = new AtomicLong();

    @Override
    public void line(String function, Source source, String line) {
        if (characters.get() >= MOST_CHARACTERS || !lines.offer(line)) {
            leftOut.incrementAndGet();
        } else {
            characters.addAndGet(line.length());
        }
    }

    @Override
    public boolean takesEveryLine() {
        return true;
    }

    /** All of it, and how much was left out: waits a moment for what is still on its way. */
    List<String> take() throws InterruptedException {
        List<String> taken = new ArrayList<>();
        while (taken.size() < MOST_LINES) {
            String line = lines.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null) {
                break;
            }
            taken.add(line);
        }
        List<String> more = new ArrayList<>();
        lines.drainTo(more);
        characters.set(0);
        long beyond = more.size() + leftOut.getAndSet(0);
        if (beyond > 0) {
            taken.add("[%d more lines are not shown]".formatted(beyond));
        }
        return taken;
    }
}
