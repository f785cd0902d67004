package io.delivery.testkit;

import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore;
import io.delivery.record.ObjectName;
import io.delivery.staging.DamagedStagingException;
import io.delivery.staging.StagedContent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A store in memory, on the other side of a wire that loses and delays. Its requests arrive and its
 * answers come back as steps of the scheduler, never inside a call. What has been sent outlives the
 * process that sent it; answers to a dead process are lost.
 *
 * <p>How the next landings go is told with {@link #next} or drawn with {@link #weather}; without
 * either they go well. If anything ever changed a visible object, the step that did it fails with
 * an {@link AssertionError}.
 */
public final class MemoryStore implements ObjectStore {
    /** What becomes of one attempt to land. */
    public enum Fate {
        /** It arrives, and the answer comes back. */
        PROMPT,
        /** The same, but only after up to a minute. */
        SLOW,
        /** It arrives, the answer is lost. */
        ANSWER_LOST,
        /** It never arrives, and nobody knows. */
        LOST,
        /** The caller gives up; the request arrives later, up to two minutes after it was sent. */
        LATE,
        /** The caller gives up; the request arrives when {@link #releaseHeld} lets it. */
        HELD,
        /** Something in front of the store answers success as a store would; it never arrives. */
        FALSE_SUCCESS,
        /** The store refuses. */
        DENIED,
        /** It arrives, and the store tells another checksum than what was sent. */
        DOUBTFUL,
        /** It arrives, the store keeps other bytes and says success; see {@link #keepsOther}. */
        OTHER_BYTES,
        /** The same, and the answer is lost. */
        OTHER_BYTES_AND_ANSWER_LOST
    }

    /** What a store says of bytes that are not those it was sent, to a landing and to a look. */
    public enum Told {
        /** Their own length and checksum. */
        KEPT,
        /** Their own length to a look, nothing to a landing, and no checksum to either. */
        NO_CHECKSUM,
        /** Length and checksum of what was sent: only reading them tells. */
        SENT
    }

    /** What was asked of the store, in the order in which it was asked. */
    public record Request(Kind kind, ObjectName name, String mark) {
        /** Which call it was. */
        public enum Kind {
            LAND,
            FIND,
            READ_BACK,
            ABORT
        }
    }

    /** A visible object. The array is the caller's own. */
    public record Visible(byte[] bytes, ObjectAttributes attributes) {}

    private static final Duration LONGEST_REQUEST = Duration.ofMinutes(2);

    private final MemoryObjects objects = new MemoryObjects();
    private final StoreWeather weather;
    private final SimScheduler scheduler;
    private final SimEntropy chance;
    private final Executor wire;
    private final Deque<Runnable> held = new ArrayDeque<>();
    private long partSize = 8 << 20;
    private int onTheWire;
    private Consumer<Request> onRequest = request -> {};
    private Consumer<Fate> onFate = fate -> {};
    private BooleanSupplier callerIsDead = () -> false;

    private Executor client;
    private long clientsLife = -1;

    /** The store's side of the wire belongs to {@link SimScheduler#outside()}. */
    public MemoryStore(SimScheduler scheduler, SimEntropy chance) {
        this.scheduler = scheduler;
        this.chance = chance;
        this.weather = new StoreWeather(scheduler, chance);
        this.wire = scheduler.outside().pool("wire", 64);
    }

    // ---------------------------------------------------------------- how things go

    /** The fates of the next landings, in this order; behind them the weather decides again. */
    public void next(Fate... fates) {
        weather.next(fates);
    }

    /** What the next looks answer, whatever is there. */
    public void nextFind(Found... answers) {
        weather.nextFind(answers);
    }

    /** From now on this share of the landings, 0 to 1, meets this fate. */
    public void weather(Fate fate, double share) {
        weather.share(fate, share);
    }

    /** From now on this share of the looks, 0 to 1, gets no answer. */
    public void looksLost(double share) {
        weather.looksLost(share);
    }

    /** Looking is answered with {@link Found#FORBIDDEN}: a role that may only put. */
    public void forbidLooking() {
        objects.forbidLooking(true);
    }

    /**
     * For so long something in front of the store answers every request: success and a page, which
     * the client tells from a store's answer to a landing, and takes for an object when it looks.
     * Nothing reaches the store. The next portal shows another page.
     */
    public void portal(Duration length) {
        weather.portal(length);
    }

    /** What was held arrives now, whatever has happened since. */
    public void releaseHeld() {
        while (!held.isEmpty()) {
            wire.execute(held.remove());
        }
    }

    /** The store ignores the condition that nothing may be there, and replaces in silence. */
    public void ignoreConditions() {
        ignoreConditionsOfPut();
        ignoreConditionsOfCompletion();
    }

    /** The same for single puts only. */
    public void ignoreConditionsOfPut() {
        objects.ignoreConditionsOfPut();
    }

    /** The same for completions of multipart uploads only. */
    public void ignoreConditionsOfCompletion() {
        objects.ignoreConditionsOfCompletion();
    }

    /**
     * What {@link Fate#OTHER_BYTES} makes of the bytes that arrive, and what the store says of that
     * object as long as it is there. Unless told, one bit turns over, and it says what it keeps.
     */
    public void keepsOther(UnaryOperator<byte[]> change, Told told) {
        objects.keepsOther(change, told);
    }

    /**
     * The client reads back and compares what it landed or found, before it says so: {@code
     * stores.X.readBack: true}. Healing changes nothing.
     */
    public void readBackAlways() {
        objects.readBackAlways();
    }

    /** The bucket is gone with everything in it; nothing lands in it before it is made again. */
    public void deleteBucket(String bucket) {
        objects.deleteBucket(bucket);
    }

    /** The bucket is there, empty if it was deleted before. */
    public void createBucket(String bucket) {
        objects.createBucket(bucket);
    }

    /** The store refuses these names for ever, whatever else it does. Healing changes nothing. */
    public void refuse(Predicate<ObjectName> names) {
        objects.refuse(names);
    }

    /** Objects longer than this go by multipart upload, in parts of this many bytes. */
    public void partSize(long bytes) {
        partSize = bytes;
    }

    /** Everything asked from now on goes well. What was sent before may still arrive late. */
    public void heal() {
        weather.heal();
        objects.forbidLooking(false);
    }

    /** Told of each request when the process makes it. */
    public void onRequest(Consumer<Request> listener) {
        onRequest = listener;
    }

    /** Told of each landing's fate when it is sent. */
    public void onFate(Consumer<Fate> listener) {
        onFate = listener;
    }

    /** Calls of a process that is dead end in {@link SimulatedCrash}. */
    void callerIsDead(BooleanSupplier dead) {
        callerIsDead = dead;
    }

    // ---------------------------------------------------------------- what is there

    /** All visible objects, in the order in which they became visible. */
    public Map<ObjectName, Visible> visible() {
        return objects.visible();
    }

    public Optional<Visible> visible(ObjectName name) {
        return Optional.ofNullable(objects.visible().get(name));
    }

    /** Ids of multipart uploads that were neither completed nor aborted. */
    public List<String> openUploads() {
        return objects.openUploads();
    }

    /** Landings whose bytes were sent and have not arrived. */
    public int onTheWire() {
        return onTheWire;
    }

    /** Somebody else puts an object there. */
    public void plant(ObjectName name, byte[] bytes, ObjectAttributes attributes) {
        objects.plant(name, new Visible(bytes.clone(), attributes));
    }

    /** A consumer takes an object away. */
    public void remove(ObjectName name) {
        objects.remove(name);
    }

    // ---------------------------------------------------------------- the port

    @Override
    public CompletionStage<Landing> land(
            StagedContent content,
            ObjectName name,
            ObjectAttributes attributes,
            UploadListener listener) {
        request(Request.Kind.LAND, name, attributes.mark());
        Attempt attempt = new Attempt(content, name, attributes, listener, client());
        attempt.client.execute(attempt::begin);
        return attempt.answer;
    }

    @Override
    public CompletionStage<Found> find(
            ObjectName name, ObjectAttributes attributes, StagedContent content) {
        request(Request.Kind.FIND, name, attributes.mark());
        return looked(() -> look(name, attributes, content, objects.readsBack()));
    }

    @Override
    public CompletionStage<Found> readBack(
            ObjectName name, ObjectAttributes attributes, StagedContent content) {
        request(Request.Kind.READ_BACK, name, attributes.mark());
        return looked(() -> look(name, attributes, content, true));
    }

    private Found look(
            ObjectName name, ObjectAttributes attributes, StagedContent content, boolean read) {
        Optional<Found> foretold = weather.find(objects.lookingIsForbidden());
        Found found =
                foretold.isPresent() ? foretold.get() : objects.look(name, attributes, content);
        return read && found.equals(Found.OURS) ? objects.compare(name, content) : found;
    }

    private CompletionStage<Found> looked(Supplier<Found> look) {
        CompletableFuture<Found> answer = new CompletableFuture<>();
        Executor caller = client();
        wire.execute(
                () -> {
                    Found found = look.get();
                    caller.execute(() -> answer.complete(found));
                });
        return answer;
    }

    @Override
    public CompletionStage<Void> abort(ObjectName name, String uploadId) {
        request(Request.Kind.ABORT, name, "");
        CompletableFuture<Void> answer = new CompletableFuture<>();
        Executor caller = client();
        wire.execute(
                () -> {
                    objects.abort(name, uploadId);
                    caller.execute(() -> answer.complete(null));
                });
        return answer;
    }

    /** What {@link Fate#LATE} takes at most. */
    @Override
    public Duration requestLife(long bytes) {
        return LONGEST_REQUEST;
    }

    /** The client goes; the store stays. */
    @Override
    public void close() {}

    private void request(Request.Kind kind, ObjectName name, String mark) {
        if (callerIsDead.getAsBoolean()) {
            throw new SimulatedCrash("the process is dead");
        }
        onRequest.accept(new Request(kind, name, mark));
    }

    /** Where the process's side of a call runs; dies with the process. */
    private Executor client() {
        if (clientsLife != scheduler.life()) {
            clientsLife = scheduler.life();
            client = scheduler.pool("store-client", 64);
        }
        return client;
    }

    private final class Attempt {
        private final StagedContent content;
        private final ObjectName name;
        private final ObjectAttributes attributes;
        private final UploadListener listener;
        private final Executor client;
        private final Fate fate = weather.fate();
        private final CompletableFuture<Landing> answer = new CompletableFuture<>();

        Attempt(
                StagedContent content,
                ObjectName name,
                ObjectAttributes attributes,
                UploadListener listener,
                Executor client) {
            this.content = content;
            this.name = name;
            this.attributes = attributes;
            this.listener = listener;
            this.client = client;
        }

        /** In the process. */
        void begin() {
            if (content.length() <= partSize) {
                send(null);
                return;
            }
            wire.execute(
                    () -> {
                        String uploadId = objects.begin(name);
                        client.execute(
                                () -> {
                                    listener.started(uploadId);
                                    send(uploadId);
                                });
                    });
        }

        /** In the process: the last moment at which its bytes are needed. */
        private void send(String uploadId) {
            byte[] bytes;
            try {
                bytes =
                        uploadId == null
                                ? SentBytes.whole(content)
                                : SentBytes.inParts(content, partSize, name);
            } catch (DamagedStagingException e) {
                objects.forget(uploadId);
                answer.completeExceptionally(e);
                return;
            } catch (IOException e) {
                objects.forget(uploadId);
                answer.complete(new Landing.Unknown("cannot read what is staged: " + e));
                return;
            }
            if (weather.behindPortal()) {
                objects.forget(uploadId);
                wire.execute(() -> reply(new Landing.Unknown("200 and a web page")));
                return;
            }
            onFate.accept(fate);
            onTheWire += arrives(fate) ? 1 : 0;
            switch (fate) {
                case PROMPT -> wire.execute(() -> reply(compared(arrive(uploadId, bytes))));
                case SLOW -> later(60, () -> reply(compared(arrive(uploadId, bytes))));
                case ANSWER_LOST ->
                        wire.execute(
                                () -> {
                                    arrive(uploadId, bytes);
                                    reply(new Landing.Unknown("connection reset"));
                                });
                case LOST -> wire.execute(() -> reply(new Landing.Unknown("503 SlowDown")));
                case LATE -> {
                    later((int) LONGEST_REQUEST.toSeconds(), () -> arrive(uploadId, bytes));
                    later(30, () -> reply(new Landing.Unknown("timed out")));
                }
                case HELD -> {
                    held.add(() -> arrive(uploadId, bytes));
                    later(30, () -> reply(new Landing.Unknown("timed out")));
                }
                case FALSE_SUCCESS -> wire.execute(() -> reply(new Landing.Landed("etag-false")));
                case DENIED ->
                        wire.execute(
                                () ->
                                        reply(
                                                new Landing.Denied(
                                                        "AccessDenied",
                                                        "you may not put " + name,
                                                        "Allow s3:PutObject.")));
                case DOUBTFUL ->
                        wire.execute(
                                () -> {
                                    Landing landing = arrive(uploadId, bytes);
                                    reply(
                                            landing instanceof Landing.Landed
                                                    ? new Landing.Doubtful("another checksum")
                                                    : landing);
                                });
                case OTHER_BYTES -> wire.execute(() -> reply(keepOther(uploadId, bytes)));
                case OTHER_BYTES_AND_ANSWER_LOST ->
                        wire.execute(
                                () -> {
                                    keepOther(uploadId, bytes);
                                    reply(new Landing.Unknown("connection reset"));
                                });
                default -> throw new AssertionError(fate);
            }
        }

        private static boolean arrives(Fate fate) {
            return fate != Fate.LOST && fate != Fate.DENIED && fate != Fate.FALSE_SUCCESS;
        }

        private void later(int withinSeconds, Runnable step) {
            Duration delay = Duration.ofMillis(chance.below(withinSeconds * 1000));
            scheduler.outside().after(delay, wire, step);
        }

        private void reply(Landing landing) {
            client.execute(() -> answer.complete(landing));
        }

        /** At the store. */
        private Landing arrive(String uploadId, byte[] bytes) {
            onTheWire--;
            return objects.arrive(name, attributes, uploadId, bytes);
        }

        /** The same, and something else is there now. */
        private Landing keepOther(String uploadId, byte[] bytes) {
            onTheWire--;
            return objects.keepOther(name, attributes, uploadId, bytes, content);
        }

        /** What the client makes of an object that is there when it reads everything back. */
        private Landing compared(Landing landing) {
            return objects.compared(landing, name, content);
        }
    }
}
