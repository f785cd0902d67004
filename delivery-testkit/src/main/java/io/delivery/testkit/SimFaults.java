package io.delivery.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Failures that wait for the calls of a {@link SimDisk}. Not thread-safe. */
final class SimFaults {
    static final Predicate<DiskCall> WRITE =
            call -> call.kind() == DiskCall.Kind.WRITE || call.kind() == DiskCall.Kind.ALLOCATE;

    static final Predicate<DiskCall> SYNC = call -> call.kind() == DiskCall.Kind.SYNC;

    static final Predicate<DiskCall> DIRECTORY_SYNC =
            call -> call.kind() == DiskCall.Kind.SYNC_DIRECTORY;

    private final List<Fault> waiting = new ArrayList<>();
    private Consumer<String> onFault = fault -> {};

    /** A failure that waits for its call. */
    private record Fault(Predicate<DiskCall> where, IOException failure, boolean once) {}

    /** The next call fails that fits. */
    void add(Predicate<DiskCall> where, IOException failure) {
        waiting.add(new Fault(where, failure, true));
    }

    /** The same, instead of what waited for calls of this very kind. */
    void replace(Predicate<DiskCall> where, IOException failure) {
        waiting.removeIf(fault -> fault.where == where);
        add(where, failure);
    }

    /** Every call fails that fits. */
    void addForEvery(Predicate<DiskCall> where, IOException failure) {
        waiting.add(new Fault(where, failure, false));
    }

    void clear() {
        waiting.clear();
    }

    /** The failure that waits for this call; null when none does. */
    IOException of(DiskCall call) {
        for (Fault fault : waiting) {
            if (fault.where.test(call)) {
                if (fault.once) {
                    waiting.remove(fault);
                }
                hit(call.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " failed");
                return fault.failure;
            }
        }
        return null;
    }

    /** Told of each fault that hits a call. */
    void onFault(Consumer<String> listener) {
        onFault = listener;
    }

    void hit(String fault) {
        onFault.accept(fault);
    }
}
