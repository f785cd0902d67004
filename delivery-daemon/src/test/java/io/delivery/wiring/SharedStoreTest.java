package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedContent;
import io.delivery.testkit.ManualClock;
import io.delivery.testkit.SampleContent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedStoreTest {
    private static final ObjectName NAME = new ObjectName("b", "k");
    private static final StagedContent CONTENT = SampleContent.of("content");
    private static final ObjectAttributes ATTRIBUTES = new ObjectAttributes("mark", 1, "");

    private final ManualClock clock = new ManualClock();
    private final Answering first = new Answering(Duration.ofMinutes(30));
    private final Answering second = new Answering(Duration.ZERO);
    private final Generation<ObjectStore> former = generation(first);
    private final SharedStore store = new SharedStore(clock, former);

    private static Generation<ObjectStore> generation(ObjectStore store) {
        return new Generation<>("store lake", store, ObjectStore::close);
    }

    private void change() {
        store.goOverTo(generation(second));
        former.retire();
    }

    /** Answers when a test says so. */
    private static final class Answering implements ObjectStore {
        private final Duration life;
        private final List<CompletableFuture<Object>> asked = new ArrayList<>();
        private final List<String> aborted = new ArrayList<>();
        private UploadListener listener;
        private boolean closed;

        Answering(Duration life) {
            this.life = life;
        }

        @SuppressWarnings("unchecked")
        private <T> CompletionStage<T> ask() {
            if (closed) {
                throw new AssertionError("asked after it was closed");
            }
            CompletableFuture<Object> answer = new CompletableFuture<>();
            asked.add(answer);
            return (CompletionStage<T>) answer;
        }

        void answer(Object what) {
            List<CompletableFuture<Object>> all = List.copyOf(asked);
            asked.clear();
            all.forEach(answer -> answer.complete(what));
        }

        @Override
        public CompletionStage<Landing> land(
                StagedContent content,
                ObjectName name,
                ObjectAttributes attributes,
                UploadListener uploads) {
            listener = uploads;
            return ask();
        }

        @Override
        public CompletionStage<Found> find(
                ObjectName name, ObjectAttributes attributes, StagedContent content) {
            return ask();
        }

        @Override
        public CompletionStage<Found> readBack(
                ObjectName name, ObjectAttributes attributes, StagedContent content) {
            return ask();
        }

        @Override
        public CompletionStage<Void> abort(ObjectName name, String uploadId) {
            aborted.add(uploadId);
            return ask();
        }

        @Override
        public Duration requestLife(long bytes) {
            return life.plusSeconds(bytes);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private CompletionStage<ObjectStore.Landing> land() {
        return store.land(CONTENT, NAME, ATTRIBUTES, ObjectStore.UploadListener.IGNORE);
    }

    @Test
    void new_requests_go_to_the_newest_and_those_under_way_end_where_they_began() {
        CompletableFuture<ObjectStore.Landing> before = land().toCompletableFuture();
        change();
        CompletableFuture<ObjectStore.Landing> after = land().toCompletableFuture();
        assertThat(first.closed).as("a request is under way").isFalse();
        assertThat(second.asked).hasSize(1);

        first.answer(new ObjectStore.Landing.Landed("by the first"));
        second.answer(new ObjectStore.Landing.Landed("by the second"));

        assertThat(before.join()).isEqualTo(new ObjectStore.Landing.Landed("by the first"));
        assertThat(after.join()).isEqualTo(new ObjectStore.Landing.Landed("by the second"));
        assertThat(first.closed).isTrue();
        assertThat(second.closed).isFalse();
    }

    @Test
    void every_kind_of_request_keeps_its_generation_open_until_it_is_answered() {
        List<CompletionStage<?>> all =
                List.of(
                        land(),
                        store.find(NAME, ATTRIBUTES, CONTENT),
                        store.readBack(NAME, ATTRIBUTES, CONTENT),
                        store.abort(NAME, "upload"));
        change();

        for (int i = 0; i < all.size(); i++) {
            assertThat(first.closed).as("%d are under way", all.size() - i).isFalse();
            first.asked.remove(0).complete(null);
        }

        assertThat(first.closed).isTrue();
    }

    @Test
    void a_request_that_fails_gives_its_lease_back() {
        CompletionStage<ObjectStore.Landing> failing = land();
        change();
        first.asked.get(0).completeExceptionally(new IllegalStateException("a defect"));

        assertThat(failing.toCompletableFuture()).isCompletedExceptionally();
        assertThat(first.closed).isTrue();
    }

    @Test
    void a_store_that_throws_instead_of_answering_keeps_no_lease() {
        Generation<ObjectStore> throwing =
                generation(
                        new WillingStore("") {
                            @Override
                            public CompletionStage<Void> abort(ObjectName name, String upload) {
                                throw new IllegalStateException("a defect");
                            }
                        });
        SharedStore broken = new SharedStore(clock, throwing);
        assertThatThrownBy(() -> broken.abort(NAME, "upload")).hasMessage("a defect");
        AtomicInteger closings = new AtomicInteger();
        throwing.onClosed(closings::incrementAndGet);

        throwing.retire();

        assertThat(closings).hasValue(1);
    }

    @Test
    void a_lease_asks_the_same_one_over_a_change() {
        ObjectStore.Lease lease = store.lease();
        assertThat(store.lease().store()).as("told apart by who they are").isSameAs(lease.store());
        change();
        assertThat(store.lease().store()).isNotSameAs(lease.store());
        lease.store().abort(NAME, "upload");
        assertThat(first.asked).hasSize(1);
        assertThat(second.asked).isEmpty();
    }

    @Test
    void a_lease_that_is_given_back_twice_lets_go_once() {
        ObjectStore.Lease one = store.lease();
        ObjectStore.Lease other = store.lease();
        change();
        one.close();
        one.close();
        assertThat(first.closed).isFalse();

        other.close();

        assertThat(first.closed).isTrue();
    }

    // --- uploads ---

    private CompletableFuture<ObjectStore.Landing> landInParts(String upload) {
        CompletionStage<ObjectStore.Landing> landing = land();
        first.listener.started(upload);
        return landing.toCompletableFuture();
    }

    @Test
    void an_upload_that_a_former_key_could_not_end_is_ended_before_its_object_goes_on() {
        landInParts("one");
        first.answer(new ObjectStore.Landing.Denied("InvalidAccessKeyId", "no", "a new key"));
        change();

        CompletionStage<ObjectStore.Landing> again = land();
        assertThat(second.aborted).containsExactly("one");
        assertThat(second.asked).as("the end of the upload is waited for").hasSize(1);
        second.answer(null);
        assertThat(again.toCompletableFuture()).isNotDone();
        second.answer(new ObjectStore.Landing.Landed(""));

        assertThat(again.toCompletableFuture()).isCompleted();
        land();
        assertThat(second.aborted).as("once").containsExactly("one");
    }

    @Test
    void an_end_of_an_upload_that_fails_holds_up_nobody() {
        landInParts("one");
        first.answer(new ObjectStore.Landing.Unknown("reset"));
        change();

        CompletionStage<ObjectStore.Found> found = store.find(NAME, ATTRIBUTES, CONTENT);
        second.asked.remove(0).completeExceptionally(new IllegalStateException("a defect"));
        second.answer(ObjectStore.Found.ABSENT);

        assertThat(found.toCompletableFuture()).isCompletedWithValue(ObjectStore.Found.ABSENT);
    }

    @Test
    void an_upload_whose_object_landed_or_whose_settings_stay_is_left_to_its_store() {
        landInParts("one");
        first.answer(new ObjectStore.Landing.Landed(""));
        landInParts("two");
        first.answer(new ObjectStore.Landing.Unknown("reset"));
        store.find(NAME, ATTRIBUTES, CONTENT);
        first.answer(ObjectStore.Found.OURS);
        assertThat(first.aborted).isEmpty();

        change();
        land();

        assertThat(second.aborted).isEmpty();
    }

    @Test
    void a_former_request_counts_for_as_long_as_it_may_arrive() {
        assertThat(store.requestLife(60)).isEqualTo(Duration.ofMinutes(31));
        ObjectStore.Lease lease = store.lease();
        change();
        clock.advance(Duration.ofHours(5));
        assertThat(store.requestLife(60))
                .as("a request is still under way")
                .isEqualTo(Duration.ofMinutes(31));

        lease.close();
        clock.advance(Duration.ofMinutes(31));
        assertThat(store.requestLife(60)).isEqualTo(Duration.ofMinutes(31));

        clock.advance(Duration.ofNanos(1));
        assertThat(store.requestLife(60)).as("the second's").isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void a_store_that_is_gone_tells_nothing_to_whoever_still_asks() {
        former.retire();

        String reason = "store lake is not in force any more";
        assertThat(land().toCompletableFuture().join())
                .isEqualTo(new ObjectStore.Landing.Unknown(reason));
        assertThat(store.find(NAME, ATTRIBUTES, CONTENT).toCompletableFuture().join())
                .isEqualTo(ObjectStore.Found.unknown(reason));
        assertThat(store.readBack(NAME, ATTRIBUTES, CONTENT).toCompletableFuture().join())
                .isEqualTo(ObjectStore.Found.unknown(reason));
        assertThat(store.abort(NAME, "upload").toCompletableFuture()).isCompleted();
        assertThatThrownBy(store::lease).hasMessage(reason);
    }

    /** Threads land while the settings change: none is refused, and none asks a closed one. */
    @Test
    void changes_under_load_refuse_nobody() throws Exception {
        int threads = 4;
        AtomicInteger closings = new AtomicInteger();
        Generation<ObjectStore> newest = generation(new Strict(closings));
        SharedStore busy = new SharedStore(clock, newest);
        CountDownLatch begun = new CountDownLatch(threads);
        CountDownLatch over = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Integer>> workers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                workers.add(pool.submit(() -> askUntil(over, begun, busy)));
            }
            begun.await();
            for (int change = 0; change < 500; change++) {
                Generation<ObjectStore> next = generation(new Strict(closings));
                busy.goOverTo(next);
                newest.retire();
                newest = next;
            }
            over.countDown();
            for (Future<Integer> worker : workers) {
                assertThat(worker.get(20, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(closings).hasValue(500);
    }

    private static int askUntil(CountDownLatch over, CountDownLatch begun, SharedStore store) {
        int asked = 0;
        do {
            store.abort(NAME, "upload").toCompletableFuture().join();
            asked++;
            begun.countDown();
        } while (over.getCount() > 0);
        return asked;
    }

    /** Bears no request after it was closed. */
    private static final class Strict extends WillingStore {
        private final AtomicInteger closings;
        private volatile boolean closed;

        Strict(AtomicInteger closings) {
            super("");
            this.closings = closings;
        }

        @Override
        public CompletionStage<Void> abort(ObjectName name, String upload) {
            Thread.onSpinWait();
            return closed
                    ? CompletableFuture.failedFuture(new AssertionError("closed under a request"))
                    : super.abort(name, upload);
        }

        @Override
        public void close() {
            closed = true;
            closings.incrementAndGet();
        }
    }
}
