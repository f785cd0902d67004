package io.delivery.invoke;

import java.util.ArrayList;
import java.util.List;

/** An invocation that a thread works on, for whoever may have to end it. Thread-safe. */
final class Ongoing {
    private final List<Runnable> endings = new ArrayList<>();
    private boolean ended;

    /** What ends it, such as closing its connection; called at once when it has been ended. */
    void onEnd(Runnable ending) {
        synchronized (this) {
            if (!ended) {
                endings.add(ending);
                return;
            }
        }
        ending.run();
    }

    /** Ends it; whatever it is doing fails soon. */
    void end() {
        List<Runnable> called;
        synchronized (this) {
            ended = true;
            called = List.copyOf(endings);
            endings.clear();
        }
        called.forEach(Runnable::run);
    }
}
