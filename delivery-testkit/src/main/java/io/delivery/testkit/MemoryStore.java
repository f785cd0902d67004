package io.delivery.testkit;

import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore;
import io.delivery.record.ObjectName;
import io.delivery.staging.DamagedStagingException;
import io.delivery.staging.StagedContent;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;

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

    private record Upload(ObjectName name) {}

    /** What the store says of an object, true or not. */
    private record Claim(long length, OptionalInt crc32) {}

    private final SimScheduler scheduler;
    private final SimEntropy chance;
    private final Executor wire;
    private final Map<ObjectName, Visible> visible = new LinkedHashMap<>();
    private final Map<ObjectName, Claim> claims = new HashMap<>();
    private final Map<String, Upload> uploads = new LinkedHashMap<>();
    private final Deque<Fate> nextFates = new ArrayDeque<>();
    private final Deque<Found> nextFinds = new ArrayDeque<>();
    private final Map<Fate, Double> weather = new EnumMap<>(Fate.class);
    private double looksLost;
    private boolean lookingForbidden;
    private int portals;
    private long portalUntilNanos;
    private final Deque<Runnable> held = new ArrayDeque<>();
    private boolean conditionalPut = true;
    private boolean conditionalCompletion = true;
    private boolean readBack;
    private UnaryOperator<byte[]> change = MemoryStore::withOneBitTurned;
    private Told told = Told.KEPT;
    private final Set<String> missingBuckets = new HashSet<>();
    private Predicate<ObjectName> refused = name -> false;
    private long partSize = 8 << 20;
    private long uploadsGiven;
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
        this.wire = scheduler.outside().pool("wire", 64);
    }

    // ---------------------------------------------------------------- how things go

    /** The fates of the next landings, in this order; behind them the weather decides again. */
    public void next(Fate... fates) {
        nextFates.addAll(Arrays.asList(fates));
    }

    /** What the next looks answer, whatever is there. */
    public void nextFind(Found... answers) {
        nextFinds.addAll(Arrays.asList(answers));
    }

    /** From now on this share of the landings, 0 to 1, meets this fate. */
    public void weather(Fate fate, double share) {
        weather.put(fate, share);
    }

    /** From now on this share of the looks, 0 to 1, gets no answer. */
    public void looksLost(double share) {
        looksLost = share;
    }

    /** Looking is answered with {@link Found#FORBIDDEN}: a role that may only put. */
    public void forbidLooking() {
        lookingForbidden = true;
    }

    /**
     * For so long something in front of the store answers every request: success and a page, which
     * the client tells from a store's answer to a landing, and takes for an object when it looks.
     * Nothing reaches the store. The next portal shows another page.
     */
    public void portal(Duration length) {
        portals++;
        portalUntilNanos = scheduler.nanoTime() + length.toNanos();
    }

    private boolean behindPortal() {
        return portals > 0 && scheduler.nanoTime() < portalUntilNanos;
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
        conditionalPut = false;
    }

    /** The same for completions of multipart uploads only. */
    public void ignoreConditionsOfCompletion() {
        conditionalCompletion = false;
    }

    /**
     * What {@link Fate#OTHER_BYTES} makes of the bytes that arrive, and what the store says of that
     * object as long as it is there. Unless told, one bit turns over, and it says what it keeps.
     */
    public void keepsOther(UnaryOperator<byte[]> change, Told told) {
        this.change = change;
        this.told = told;
    }

    /**
     * The client reads back and compares what it landed or found, before it says so: {@code
     * stores.X.readBack: true}. Healing changes nothing.
     */
    public void readBackAlways() {
        readBack = true;
    }

    /** The bucket is gone with everything in it; nothing lands in it before it is made again. */
    public void deleteBucket(String bucket) {
        missingBuckets.add(bucket);
        visible.keySet().removeIf(name -> name.bucket().equals(bucket));
        claims.keySet().removeIf(name -> name.bucket().equals(bucket));
    }

    /** The bucket is there, empty if it was deleted before. */
    public void createBucket(String bucket) {
        missingBuckets.remove(bucket);
    }

    /** The store refuses these names for ever, whatever else it does. Healing changes nothing. */
    public void refuse(Predicate<ObjectName> names) {
        refused = names;
    }

    /** Objects longer than this go by multipart upload, in parts of this many bytes. */
    public void partSize(long bytes) {
        partSize = bytes;
    }

    /** Everything asked from now on goes well. What was sent before may still arrive late. */
    public void heal() {
        nextFates.clear();
        nextFinds.clear();
        weather.clear();
        looksLost = 0;
        lookingForbidden = false;
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
        return Collections.unmodifiableMap(visible);
    }

    public Optional<Visible> visible(ObjectName name) {
        return Optional.ofNullable(visible.get(name));
    }

    /** Ids of multipart uploads that were neither completed nor aborted. */
    public List<String> openUploads() {
        return List.copyOf(uploads.keySet());
    }

    /** Landings whose bytes were sent and have not arrived. */
    public int onTheWire() {
        return onTheWire;
    }

    /** Somebody else puts an object there. */
    public void plant(ObjectName name, byte[] bytes, ObjectAttributes attributes) {
        visible.put(name, new Visible(bytes.clone(), attributes));
        claims.remove(name);
    }

    /** A consumer takes an object away. */
    public void remove(ObjectName name) {
        visible.remove(name);
        claims.remove(name);
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
        return looked(() -> look(name, attributes, content, readBack));
    }

    @Override
    public CompletionStage<Found> readBack(
            ObjectName name, ObjectAttributes attributes, StagedContent content) {
        request(Request.Kind.READ_BACK, name, attributes.mark());
        return looked(() -> look(name, attributes, content, true));
    }

    private Found look(
            ObjectName name, ObjectAttributes attributes, StagedContent content, boolean read) {
        Found found = look(name, attributes, content);
        return read && found.equals(Found.OURS) ? compare(name, content) : found;
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
                    uploads.remove(uploadId, new Upload(name));
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

    private Found look(ObjectName name, ObjectAttributes attributes, StagedContent content) {
        if (!nextFinds.isEmpty()) {
            return nextFinds.remove();
        }
        if (lookingForbidden) {
            return Found.FORBIDDEN;
        }
        if (chance.chance(looksLost)) {
            return Found.unknown("the look was lost");
        }
        if (behindPortal()) {
            return Found.stranger("page " + portals);
        }
        Visible there = visible.get(name);
        if (there == null) {
            return Found.ABSENT;
        }
        Claim said = claims.getOrDefault(name, claim(there.bytes));
        boolean ours =
                there.attributes.mark().equals(attributes.mark())
                        && said.length == content.length()
                        && said.crc32.orElse(content.crc32()) == content.crc32();
        return ours ? Found.OURS : Found.stranger(said + ", marked " + there.attributes.mark());
    }

    /** Not what the store says of the object, but its bytes. */
    private Found compare(ObjectName name, StagedContent content) {
        Visible there = visible.get(name);
        if (there == null) {
            return Found.ABSENT;
        }
        Claim read = claim(there.bytes);
        return read.equals(claim(content)) ? Found.OURS : Found.stranger(read.toString());
    }

    private static Claim claim(byte[] bytes) {
        return new Claim(bytes.length, OptionalInt.of(crc32(bytes)));
    }

    private static Claim claim(StagedContent content) {
        return new Claim(content.length(), OptionalInt.of(content.crc32()));
    }

    private static byte[] withOneBitTurned(byte[] bytes) {
        byte[] turned = bytes.clone();
        turned[turned.length / 2] ^= 1;
        return turned;
    }

    private Fate drawFate() {
        if (!nextFates.isEmpty()) {
            return nextFates.remove();
        }
        double drawn = chance.nextDouble();
        for (Map.Entry<Fate, Double> share : weather.entrySet()) {
            drawn -= share.getValue();
            if (drawn < 0) {
                return share.getKey();
            }
        }
        return Fate.PROMPT;
    }

    private static int crc32(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private final class Attempt {
        private final StagedContent content;
        private final ObjectName name;
        private final ObjectAttributes attributes;
        private final UploadListener listener;
        private final Executor client;
        private final Fate fate = drawFate();
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
                        String uploadId = "upload-" + ++uploadsGiven;
                        uploads.put(uploadId, new Upload(name));
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
                bytes = uploadId == null ? read(0, content.length()) : readParts();
            } catch (DamagedStagingException e) {
                uploads.remove(uploadId);
                answer.completeExceptionally(e);
                return;
            } catch (IOException e) {
                uploads.remove(uploadId);
                answer.complete(new Landing.Unknown("cannot read what is staged: " + e));
                return;
            }
            if (behindPortal()) {
                uploads.remove(uploadId);
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
            if (uploadId != null && uploads.remove(uploadId) == null) {
                return new Landing.Unknown("404 NoSuchUpload");
            }
            if (missingBuckets.contains(name.bucket())) {
                return new Landing.Denied(
                        "NoSuchBucket",
                        "The specified bucket does not exist: " + name.bucket(),
                        "Create the bucket.");
            }
            if (refused.test(name)) {
                return Landing.Denied.ofTheKey(
                        "KeyTooLongError", "Your key is too long", "Use a shorter prefix.");
            }
            Visible there = visible.get(name);
            if (there != null && (uploadId == null ? conditionalPut : conditionalCompletion)) {
                return new Landing.Occupied();
            }
            if (there != null
                    && !(Arrays.equals(there.bytes, bytes)
                            && there.attributes.equals(attributes))) {
                throw new AssertionError("a visible object changed: " + name);
            }
            visible.put(name, new Visible(bytes, attributes));
            return new Landing.Landed("etag-" + Integer.toHexString(crc32(bytes)));
        }

        /** The same, and something else is there now. */
        private Landing keepOther(String uploadId, byte[] bytes) {
            byte[] kept = change.apply(bytes);
            Landing landing = arrive(uploadId, kept);
            if (!(landing instanceof Landing.Landed)) {
                return landing;
            }
            switch (told) {
                case KEPT -> {
                    return new Landing.Doubtful("checksum and length of " + kept.length + " bytes");
                }
                case NO_CHECKSUM -> claims.put(name, new Claim(kept.length, OptionalInt.empty()));
                case SENT -> claims.put(name, claim(content));
                default -> throw new AssertionError(told);
            }
            return compared(landing);
        }

        /** What the client makes of an object that is there when it reads everything back. */
        private Landing compared(Landing landing) {
            boolean there =
                    landing instanceof Landing.Landed || landing instanceof Landing.Occupied;
            if (!readBack || !there) {
                return landing;
            }
            if (lookingForbidden) {
                return new Landing.Denied(
                        "AccessDenied", "you may not read " + name, "Allow s3:GetObject.");
            }
            return landing instanceof Landing.Occupied || compare(name, content).equals(Found.OURS)
                    ? landing
                    : new Landing.Doubtful("read back other bytes than were sent");
        }

        private byte[] readParts() throws IOException {
            byte[] bytes = new byte[Math.toIntExact(content.length())];
            for (long at = 0; at < bytes.length; at += partSize) {
                byte[] part = read(at, Math.min(partSize, bytes.length - at));
                System.arraycopy(part, 0, bytes, (int) at, part.length);
            }
            if (crc32(bytes) != content.crc32()) {
                throw new DamagedStagingException("the parts of " + name + " are damaged");
            }
            return bytes;
        }

        private byte[] read(long offset, long length) throws IOException {
            try (InputStream in = content.open(offset, length)) {
                byte[] bytes = in.readAllBytes();
                if (bytes.length != length) {
                    throw new AssertionError(
                            "staged content gave " + bytes.length + " bytes of " + length);
                }
                return bytes;
            }
        }
    }
}
