package io.delivery.runtime;

import io.delivery.config.FunctionRunner;
import io.delivery.config.FunctionSettings;
import io.delivery.function.FunctionInvoker;
import io.delivery.function.FunctionStatus;
import io.delivery.function.Invocation;
import io.delivery.function.InvocationResult;
import io.delivery.function.InvocationResult.Failed;
import io.delivery.function.InvocationResult.Reason;
import io.delivery.runtime.Worker.Phase;
import io.delivery.runtime.code.MachineRefusesException;
import io.delivery.world.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * A function that runs in processes of ours. Each works on one event at a time, or on as many as
 * its runtime can; there are as many as the function's concurrency needs, started when there is
 * work for them.
 *
 * <p>A process has 10 s to ask for its first event, or the function's time-out if that is longer.
 * One that lets an invocation time out is killed with everything that came of it, and so is one
 * that asks for nothing for that long. One that ends by itself is started again after a pause that
 * grows from 100 ms to 10 s as long as none answers. One that the machine does not let start is no
 * failure of the function: one at a time is tried again, at last every 30 s; events wait meanwhile.
 *
 * <p>Everything happens on one serial executor, but starting and killing processes.
 */
public final class ProcessFunction implements FunctionInvoker {
    private static final Duration INIT_TIMEOUT = Duration.ofSeconds(10); // as Lambda

    private static final int STARTS_AT_A_TIME = 4;

    private final FunctionSettings settings;
    private final WorkerStart start;
    private final LogLines lines;
    private final Scheduler scheduler;
    private final Executor executor;
    private final Executor processes;
    private final Restarts restarts;
    private final int capacity;
    private final Duration initTimeout;
    private final Heard heard = new Heard();

    private final Deque<Call> waiting = new ArrayDeque<>();
    private final List<Worker> workers = new ArrayList<>();

    private volatile Load load = new Load(0, 0, Optional.empty());
    private volatile boolean closed;

    private record Load(int busy, int waiting, Optional<String> trouble) {}

    private ProcessFunction(
            FunctionSettings settings, FunctionRunner.Process process, RuntimeHost host) {
        this.settings = settings;
        scheduler = host.world().scheduler();
        lines = new LogLines(settings.name(), host.functionLog(), host.world().clock(), scheduler);
        start = new WorkerStart(settings, process, host, lines);
        executor = scheduler.serial("function/" + settings.name());
        processes = scheduler.pool("function/" + settings.name() + "/processes", STARTS_AT_A_TIME);
        restarts = new Restarts(settings.name(), host.world().clock());
        capacity = start.eventsAtATime();
        initTimeout =
                settings.timeout().compareTo(INIT_TIMEOUT) > 0 ? settings.timeout() : INIT_TIMEOUT;
    }

    /**
     * Unpacks the function's code; starts nothing yet.
     *
     * @param process the runner of these settings
     * @throws IOException when there is no code, or none that may be unpacked, or there is no room
     *     for it: the message says why
     */
    public static ProcessFunction open(
            FunctionSettings settings, FunctionRunner.Process process, RuntimeHost host)
            throws IOException {
        ProcessFunction opened = new ProcessFunction(settings, process, host);
        opened.start.unpack();
        return opened;
    }

    /**
     * As {@link #open}, but what the machine has no room for at present is written when there is:
     * until then its events wait.
     *
     * @throws IOException when there is no code, or none that may be unpacked: the message says why
     */
    public static ProcessFunction openWhateverRoomThereIs(
            FunctionSettings settings, FunctionRunner.Process process, RuntimeHost host)
            throws IOException {
        ProcessFunction opened = new ProcessFunction(settings, process, host);
        try {
            opened.start.unpackWhateverRoomThereIs();
        } catch (MachineRefusesException notYet) {
            opened.executor.execute(() -> opened.refused(FunctionWords.couldNotStart(notYet)));
        }
        return opened;
    }

    // --- what others ask ---

    @Override
    public void prepare() {
        executor.execute(
                () -> {
                    if (workers.isEmpty()) {
                        startWorkers(1);
                    }
                });
    }

    @Override
    public CompletionStage<InvocationResult> invoke(Invocation invocation) {
        Call call = new Call(invocation);
        if (closed) {
            call.end(FunctionWords.closed());
        } else if (invocation.event().length > Invocation.MAX_PAYLOAD_BYTES) {
            call.end(new Failed(Reason.REFUSED, "The event is larger than 6 MB"));
        } else {
            executor.execute(() -> arrive(call));
        }
        return call.result;
    }

    @Override
    public FunctionStatus status() {
        Load now = load;
        return new FunctionStatus(
                settings.concurrency(), now.busy, now.waiting, now.trouble, lines.lastErrorLine());
    }

    @Override
    public void close() {
        closed = true;
        executor.execute(this::end);
    }

    private void end() {
        waiting.forEach(call -> call.end(FunctionWords.closed()));
        waiting.clear();
        for (Worker worker : List.copyOf(workers)) {
            worker.calls().forEach(call -> call.end(FunctionWords.closed()));
            remove(worker);
        }
        start.close();
        tell();
    }

    // --- invocations ---

    private void arrive(Call call) {
        if (closed) {
            call.end(FunctionWords.closed());
            return;
        }
        waiting.addLast(call);
        call.timer(after(call.invocation.timeout(), () -> waitedTooLong(call)));
        work();
    }

    private void waitedTooLong(Call call) {
        if (waiting.remove(call)) {
            call.end(whyItWaited(call.invocation.timeout()));
            tell();
        }
    }

    private Failed whyItWaited(Duration timeout) {
        return busy() >= settings.concurrency()
                ? new Failed(
                        Reason.NO_SLOT,
                        "No slot became free within %s: all %d had an event"
                                .formatted(FunctionWords.seconds(timeout), settings.concurrency()))
                : restarts.whyNoneWasReady(timeout);
    }

    /** Gives events to whoever asks, the oldest first, and starts processes that are missing. */
    private void work() {
        while (!waiting.isEmpty() && busy() < settings.concurrency()) {
            Call oldest = waiting.getFirst();
            Optional<Worker> ready =
                    workers.stream().filter(worker -> worker.mayTake(oldest)).findFirst();
            if (ready.isEmpty()) {
                break;
            }
            give(ready.get(), waiting.removeFirst());
        }
        startWorkers(Math.min(waiting.size(), settings.concurrency() - busy()));
        tell();
    }

    private void give(Worker worker, Call call) {
        Duration timeout = call.invocation.timeout();
        RuntimeExchange exchange = worker.take(call);
        call.timer(after(timeout, () -> timedOut(worker, call)));
        exchange.event(
                start.headers(call.invocation),
                call.invocation.event(),
                () -> executor.execute(() -> notSent(worker, call)));
    }

    private void timedOut(Worker worker, Call call) {
        if (!worker.has(call)) {
            return; // its answer came while this was on its way
        }
        String time = FunctionWords.seconds(call.invocation.timeout());
        worker.retire();
        finish(
                worker,
                call,
                new Failed(Reason.TIMED_OUT, "The function did not answer within " + time));
        startWorkers(1); // in its place, before the next event comes
        work();
    }

    private void notSent(Worker worker, Call call) {
        finish(
                worker,
                call,
                new Failed(
                        Reason.FUNCTION_ERROR,
                        "The function's process ended the connection before it had its event"));
        work();
    }

    private void finish(Worker worker, Call call, InvocationResult result) {
        if (!worker.done(call)) {
            return; // it has ended in another way
        }
        if (worker.is(Phase.RETIRED) && worker.hasNothingToDo()) {
            remove(worker);
        } else if (worker.isSilent()) {
            worker.timer(after(initTimeout, () -> silent(worker)));
        }
        tell();
        call.end(result);
    }

    // --- processes ---

    /** Starts as many as it takes for so many more events, unless they come back soon. */
    private void startWorkers(int events) {
        int free = workers.stream().mapToInt(Worker::free).sum();
        long living = workers.stream().filter(Worker::stays).count();
        long starting = number(Phase.STARTING);
        while (!closed
                && restarts.letStart(starting)
                && free < events
                && living * capacity < settings.concurrency()) {
            Worker worker = new Worker(capacity);
            workers.add(worker);
            startSoon(worker);
            starting++;
            free += capacity;
            living++;
        }
    }

    private void startSoon(Worker worker) {
        try {
            processes.execute(() -> startIt(worker));
        } catch (Error noThread) {
            executor.execute(() -> notStarted(worker, FunctionWords.couldNotStart(noThread)));
        }
    }

    private void startIt(Worker worker) {
        Optional<Worker.Running> begun = Optional.empty();
        try {
            Worker.Running running =
                    start.start(new WorkerCalls(worker, executor, scheduler, heard));
            begun = Optional.of(running);
            FunctionProcess process = running.process();
            process.ended()
                    .thenAccept(status -> executor.execute(() -> ended(worker, process, status)));
            executor.execute(() -> started(worker, running));
        } catch (MachineRefusesException | Error e) { // also: no more threads
            begun.ifPresent(start::cleanUp);
            executor.execute(() -> notStarted(worker, FunctionWords.couldNotStart(e)));
        } catch (IOException | RuntimeException e) {
            begun.ifPresent(start::cleanUp);
            executor.execute(() -> notToStart(worker, FunctionWords.couldNotStart(e)));
        }
    }

    private void started(Worker worker, Worker.Running running) {
        worker.started(running);
        if (worker.is(Phase.ENDED)) {
            cleanUp(running);
        } else if (worker.is(Phase.STARTING)) { // it runs from now on
            worker.timer(after(initTimeout, () -> silent(worker)));
        }
    }

    private void ended(Worker worker, FunctionProcess process, int status) {
        String end = FunctionWords.end(status, !worker.is(Phase.STARTING), process.lastErrorLine());
        if (process.isNotBegun(status) && !worker.hasRun()) {
            notStarted(worker, end);
            return;
        }
        hasRun(worker);
        failed(worker, worker.report().orElse(end));
    }

    private void silent(Worker worker) {
        if (!worker.isSilent()) {
            return; // it asked while this was on its way
        }
        hasRun(worker);
        failed(worker, FunctionWords.silence(worker.is(Phase.STARTING), initTimeout));
    }

    /** The machine has let it be started, whatever became of it. */
    private void hasRun(Worker worker) {
        if (worker.is(Phase.STARTING)) {
            restarts.begun();
        }
    }

    /** The function is to blame: no process was started, so the machine has shown nothing. */
    private void notToStart(Worker worker, String why) {
        if (!worker.is(Phase.ENDED)) {
            restarts.notKnown();
        }
        failed(worker, why);
    }

    /** A process ends that should not: so do its invocations, and the next waits a moment. */
    private void failed(Worker worker, String why) {
        if (worker.is(Phase.ENDED)) {
            return; // it was killed on purpose
        }
        boolean retired = worker.is(Phase.RETIRED);
        boolean started = !worker.is(Phase.STARTING);
        List<Call> lost = worker.calls();
        remove(worker);
        if (!retired) {
            pause(restarts.failed(why));
        }
        if (!started && workers.stream().noneMatch(Worker::stays)) {
            lost.addAll(waiting);
            waiting.clear();
        }
        work();
        lost.forEach(call -> call.end(new Failed(Reason.FUNCTION_ERROR, why)));
    }

    /** The machine starts no process at present: what waits goes on waiting, as for a slot. */
    private void notStarted(Worker worker, String why) {
        if (worker.is(Phase.ENDED)) {
            return; // nobody wants it any more
        }
        remove(worker);
        refused(why);
    }

    private void refused(String why) {
        pause(restarts.refused(why));
        tell();
    }

    private void pause(Optional<Duration> time) {
        time.ifPresent(it -> after(it, this::pauseIsOver));
    }

    private void pauseIsOver() {
        restarts.pauseIsOver();
        if (restarts.isRefused() && number(Phase.SERVING) == 0) {
            startWorkers(1); // so that it is known when it is over
        }
        work();
        if (restarts.isRefused() && number(Phase.STARTING) == 0) {
            restarts.notKnown(); // those that live are enough for what waits
            tell();
        }
    }

    private void remove(Worker worker) {
        workers.remove(worker);
        worker.end().ifPresent(this::cleanUp);
    }

    private void cleanUp(Worker.Running running) {
        processes.execute(() -> start.cleanUp(running));
    }

    // --- what a process says ---

    private final class Heard implements WorkerCalls.Listener {
        @Override
        public void asks(Worker worker, RuntimeExchange exchange) {
            hasRun(worker);
            worker.asks(exchange)
                    .ifPresent(
                            former ->
                                    former.refuse(
                                            410,
                                            "Runtime.AskedAgain",
                                            "This process has asked for an event once more"));
            work();
        }

        @Override
        public void answered(Worker worker, Call call, InvocationResult result) {
            restarts.worked();
            finish(worker, call, result);
            work(); // the process may be on its way out, and ask for nothing
        }

        @Override
        public void cannotWork(Worker worker, String why) {
            hasRun(worker);
            failed(worker, why);
        }
    }

    // --- small things ---

    private Scheduler.Cancellable after(Duration delay, Runnable task) {
        return scheduler.after(delay, executor, task);
    }

    private long number(Phase phase) {
        return workers.stream().filter(worker -> worker.is(phase)).count();
    }

    private int busy() {
        return workers.stream().mapToInt(worker -> worker.calls().size()).sum();
    }

    private void tell() {
        load = new Load(busy(), waiting.size(), restarts.trouble());
    }
}
