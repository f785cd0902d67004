package io.delivery.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.delivery.buffer.MemoryBudget;
import io.delivery.lane.path.Part;
import io.delivery.lane.path.ProcessingWindow;
import io.delivery.machine.ThreadScheduler;
import io.delivery.processing.BatchHints;
import io.delivery.processing.Outcome;
import io.delivery.processing.Processor;
import io.delivery.record.Incarnation;
import io.delivery.record.SequencedRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a plugin does wrong fails its batch in the window of a lane, and the next one goes on. */
@Timeout(60)
class PluginFaultsTest {
    private static final Duration LIMIT = Duration.ofMillis(300);

    private final ThreadScheduler scheduler = new ThreadScheduler();
    private final Executor lane = scheduler.serial("lane");
    private final LinkedBlockingQueue<String> through = new LinkedBlockingQueue<>();
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void stop() {
        end.countDown();
        scheduler.close();
    }

    /** A plugin that does with a batch what the text of its first record says. */
    private class Obedient implements Processor {
        private final Optional<RuntimeException> opening;

        Obedient(Optional<RuntimeException> opening) {
            this.opening = opening;
        }

        @Override
        public BatchHints hints() {
            return new BatchHints(1, 10, 1 << 20, Duration.ZERO, LIMIT);
        }

        @Override
        public void open(Incarnation stream) {
            opening.ifPresent(
                    thrown -> {
                        throw thrown;
                    });
        }

        @Override
        public CompletionStage<List<Outcome>> process(List<? extends SequencedRecord> records) {
            switch (records.get(0).toUtf8()) {
                case "throw" -> throw new IllegalStateException("no table");
                case "error" -> throw new NoClassDefFoundError("lib/Gone");
                case "deep" -> deeper(1);
                case "null" -> {
                    return null;
                }
                case "fail later" -> {
                    return CompletableFuture.failedFuture(new LinkageError("lib/Gone"));
                }
                case "too few" -> {
                    return CompletableFuture.completedFuture(List.of());
                }
                case "never" -> {
                    return new CompletableFuture<>();
                }
                case "wait" -> awaitTheEnd();
                case "spin" -> spin();
                default -> {}
            }
            return CompletableFuture.completedFuture(
                    records.stream().map(record -> (Outcome) new Outcome.Dropped()).toList());
        }

        @SuppressWarnings("InfiniteRecursion") // it is to use up the stack
        private int deeper(int depth) {
            return depth + deeper(depth + 1);
        }

        private void awaitTheEnd() {
            try {
                end.await();
            } catch (InterruptedException limitReached) {
                throw new IllegalStateException("it was interrupted", limitReached);
            }
        }

        /** Does not even notice that it is interrupted. */
        private void spin() {
            while (end.getCount() > 0) {
                Thread.onSpinWait();
            }
        }
    }

    private PluginProcessor plugin(Optional<RuntimeException> opening) {
        return plugin(new Obedient(opening));
    }

    private PluginProcessor plugin(Obedient obedient) {
        PluginProcessor plugin =
                new PluginProcessor(
                        "a.Plugin",
                        obedient,
                        obedient.hints(),
                        getClass().getClassLoader(),
                        scheduler,
                        () -> {});
        plugin.open(new Incarnation(1, 2));
        return plugin;
    }

    private ProcessingWindow window(Processor processor) {
        List<ProcessingWindow> window = new ArrayList<>();
        window.add(
                new ProcessingWindow(
                        List.of(processor),
                        10,
                        scheduler,
                        lane,
                        new MemoryBudget(1 << 20),
                        () -> takeFrom(window.get(0))));
        return window.get(0);
    }

    private void takeFrom(ProcessingWindow window) {
        for (Part part = window.next(); part != null; part = window.next()) {
            through.add(part.decided() == null ? "Ok" : part.decided().toString());
        }
    }

    /** What becomes of a batch of one record. */
    private String fate(ProcessingWindow window, String text) throws InterruptedException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        lane.execute(
                () -> {
                    SequencedRecord record =
                            new SequencedRecord().at(1, 0, true, bytes, 0, bytes.length, 1);
                    window.add(record, record);
                    window.stepEnded();
                });
        String fate = through.poll(30, TimeUnit.SECONDS);
        assertThat(fate).as("the window waits for nothing for ever").isNotNull();
        return fate;
    }

    private void assertTheNextIsAnswered(ProcessingWindow window) throws InterruptedException {
        assertThat(fate(window, "good")).contains("Dropped");
    }

    @Test
    void what_it_throws_fails_the_batch_and_the_next_is_answered() throws Exception {
        Function<String, String[]> words =
                text ->
                        switch (text) {
                            case "throw" -> new String[] {"no table"};
                            case "error", "fail later" -> new String[] {"lib/Gone"};
                            case "deep" -> new String[] {"nested too deep"};
                            case "null" -> new String[] {"did not answer at all"};
                            default -> new String[] {"did not answer once for each record"};
                        };
        try (PluginProcessor plugin = plugin(Optional.empty())) {
            ProcessingWindow window = window(plugin);
            for (String text : List.of("throw", "error", "deep", "null", "fail later", "too few")) {
                assertThat(fate(window, text))
                        .contains("InternalError")
                        .contains(words.apply(text));
                assertTheNextIsAnswered(window);
            }
        }
    }

    @Test
    void one_that_never_answers_fails_the_batch_at_its_limit() throws Exception {
        try (PluginProcessor plugin = plugin(Optional.empty())) {
            ProcessingWindow window = window(plugin);

            assertThat(fate(window, "never")).contains("did not answer within");
            assertTheNextIsAnswered(window);
        }
    }

    @Test
    void one_that_waits_is_interrupted_and_the_next_is_answered() throws Exception {
        try (PluginProcessor plugin = plugin(Optional.empty())) {
            ProcessingWindow window = window(plugin);

            assertThat(fate(window, "wait")).contains("InternalError");
            assertTheNextIsAnswered(window);
            assertThat(plugin.trouble()).isEmpty();
        }
    }

    @Test
    void one_that_does_not_return_fails_every_batch_and_holds_up_no_lane() throws Exception {
        try (PluginProcessor plugin = plugin(Optional.empty())) {
            ProcessingWindow window = window(plugin);

            assertThat(fate(window, "spin")).contains("did not answer within");
            assertThat(fate(window, "good")).contains("did not answer within");

            assertThat(plugin.trouble())
                    .hasValueSatisfying(
                            trouble ->
                                    assertThat(trouble)
                                            .contains("a.Plugin has not returned from a call"));
        }
    }

    @Test
    void its_trouble_is_over_as_soon_as_it_says_so_without_another_record() throws Exception {
        AtomicReference<Optional<String>> trouble =
                new AtomicReference<>(Optional.of("the database is away"));
        Obedient obedient =
                new Obedient(Optional.empty()) {
                    @Override
                    public Optional<String> trouble() {
                        return trouble.get();
                    }
                };
        try (PluginProcessor plugin = plugin(obedient)) {
            assertTheNextIsAnswered(window(plugin));
            await().until(() -> plugin.trouble().isPresent());

            trouble.set(Optional.empty());

            await().until(() -> plugin.trouble().isEmpty());
        }
    }

    @Test
    void one_that_fails_when_it_may_rest_answers_the_next_batch() throws Exception {
        AtomicInteger rests = new AtomicInteger();
        Obedient obedient =
                new Obedient(Optional.empty()) {
                    @Override
                    public void rest() {
                        rests.incrementAndGet();
                        throw new IllegalStateException("no rest");
                    }
                };
        try (PluginProcessor plugin = plugin(obedient)) {
            plugin.rest();

            assertTheNextIsAnswered(window(plugin));
            assertThat(rests).hasValue(1);
        }
    }

    @Test
    void one_that_cannot_be_opened_fails_every_batch_and_says_so() throws Exception {
        try (PluginProcessor plugin =
                plugin(Optional.of(new IllegalStateException("no database")))) {
            ProcessingWindow window = window(plugin);

            assertThat(fate(window, "good")).contains("could not be opened: no database");
            assertThat(plugin.trouble()).contains("It could not be opened: no database");
        }
    }
}
