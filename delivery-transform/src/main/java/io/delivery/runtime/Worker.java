package io.delivery.runtime;

import io.delivery.runtime.code.CodeStore;
import io.delivery.world.Scheduler.Cancellable;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One process of a function, from the decision to start it to its end. Belongs to its function's
 * executor.
 *
 * <pre>
 * STARTING ──asks──► SERVING ──a time-out──► RETIRED
 *     └───────────────┴─ ends or is killed ─────┴──► ENDED
 * </pre>
 */
final class Worker {
    /** What it is like. */
    enum Phase {
        /** It has not asked for an event yet. */
        STARTING,
        /** It takes events. */
        SERVING,
        /** One of its events took too long: it gets no more, and is killed behind the others. */
        RETIRED,
        /** It takes part in nothing any more. */
        ENDED
    }

    /**
     * What there is to clean up.
     *
     * @param temporaryFolder of this process alone
     * @param code is given back
     */
    record Running(
            FunctionProcess process,
            RuntimePorts.Port port,
            Path temporaryFolder,
            CodeStore.Lease code) {}

    private final int capacity;
    private final Deque<RuntimeExchange> asking = new ArrayDeque<>();
    private final Map<String, Call> calls = new LinkedHashMap<>();
    private Phase phase = Phase.STARTING;
    private Optional<Running> running = Optional.empty();
    private Optional<String> report = Optional.empty();
    private boolean reporting;
    private Cancellable timer = () -> {};

    /**
     * @param capacity events that it works on at a time
     */
    Worker(int capacity) {
        this.capacity = capacity;
    }

    boolean is(Phase asked) {
        return phase == asked;
    }

    /** Whether it takes events, or will. */
    boolean stays() {
        return phase == Phase.STARTING || phase == Phase.SERVING;
    }

    void retire() {
        phase = Phase.RETIRED;
    }

    /** Its end; gives what is to be cleaned up, which is nothing while it is being started. */
    Optional<Running> end() {
        phase = Phase.ENDED;
        timer.cancel();
        asking.clear();
        calls.clear(); // whoever ends it ends these as well
        return running;
    }

    void started(Running now) {
        running = Optional.of(now);
    }

    /** It begins to tell why it cannot work: that is read once. */
    void beginsReport() {
        reporting = true;
    }

    boolean isReporting() {
        return reporting;
    }

    /** It tells why it cannot work. */
    void reports(String why) {
        report = Optional.of(why);
    }

    /** Why it cannot work; empty when it has not told that. */
    Optional<String> report() {
        return report;
    }

    /** Whether it has been heard of: it was started then. */
    boolean hasRun() {
        return phase != Phase.STARTING || reporting;
    }

    /** What is to happen unless it asks for an event before; in place of what was to happen. */
    void timer(Cancellable next) {
        timer.cancel();
        timer = next;
    }

    /**
     * It asks for an event.
     *
     * @return a former request that nobody waits for any more: whoever asks twice has given up the
     *     first
     */
    Optional<RuntimeExchange> asks(RuntimeExchange exchange) {
        timer.cancel();
        if (phase == Phase.STARTING) {
            phase = Phase.SERVING;
        }
        asking.addLast(exchange);
        return asking.size() > capacity - calls.size()
                ? Optional.of(asking.removeFirst())
                : Optional.empty();
    }

    boolean isFull() {
        return calls.size() >= capacity;
    }

    /** Whether it waits for an event, and has none with the same id. */
    boolean mayTake(Call call) {
        return phase == Phase.SERVING
                && !asking.isEmpty()
                && !calls.containsKey(call.invocation.requestId());
    }

    /** Events that it could work on beside those that it has, now or soon. */
    int free() {
        return stays() ? capacity - calls.size() : 0;
    }

    /** It works on an event; gives the request that waits for it. */
    RuntimeExchange take(Call call) {
        calls.put(call.invocation.requestId(), call);
        return asking.removeFirst();
    }

    Optional<Call> call(String requestId) {
        return Optional.ofNullable(calls.get(requestId));
    }

    /** Whether it works on this very event. */
    boolean has(Call call) {
        return calls.get(call.invocation.requestId()) == call;
    }

    /** It has done with an event; false when it had before. */
    boolean done(Call call) {
        return calls.remove(call.invocation.requestId(), call);
    }

    List<Call> calls() {
        return new ArrayList<>(calls.values());
    }

    boolean hasNothingToDo() {
        return calls.isEmpty();
    }

    boolean isSilent() {
        return calls.isEmpty() && asking.isEmpty();
    }
}
