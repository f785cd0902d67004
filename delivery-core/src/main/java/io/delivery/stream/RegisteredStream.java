package io.delivery.stream;

import io.delivery.config.EncryptionStatus;
import io.delivery.config.Origin;
import io.delivery.config.StreamDefinition;
import io.delivery.engine.Engine;
import io.delivery.home.StreamHome;
import io.delivery.landing.Diversion;
import io.delivery.landing.DiversionAnswer;
import io.delivery.metrics.Metric;
import io.delivery.record.AcceptedBatch;
import io.delivery.record.RecordBatch;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * One stream of the registry, in whatever phase it is. Only the registry changes its phase.
 * Thread-safe.
 */
public final class RegisteredStream {
    private final Engine engine;
    private final String name;
    private final Origin origin;

    /** As the configuration says it; empty when it does not, or no more. */
    private volatile Optional<DefinedStream> configured;

    /** As it was read or changed last; empty while nobody can tell. */
    private volatile Optional<DefinedStream> read = Optional.empty();

    /** Written by callers since the stream was made; empty when they never did. */
    private volatile Optional<String> tags = Optional.empty();

    /** What the directory of a stream of the API tells; empty when it cannot. */
    private volatile Optional<EncryptionStatus> keptEncryption = Optional.empty();

    private volatile State state;

    /** What its directory tells; null while nobody has read it. */
    private volatile StreamHome home;

    /** Null until it is deleted. */
    private Deletion deletion;

    private boolean namedByItsDirectory;

    /** How many times it began to drain. */
    private int drains;

    /** Whether it has been drained, and stops. */
    private boolean ends;

    /** Whether the last reload could not have it go over to what is in force for the others. */
    private boolean isBehind;

    /**
     * @param stream null while it is not open
     * @param reason why it is closed; empty when it is not
     */
    private record State(StreamPhase phase, DeliveryStream stream, String reason) {}

    RegisteredStream(
            Engine engine, String name, Origin origin, Optional<DefinedStream> configured) {
        this.engine = engine;
        this.name = name;
        this.origin = origin;
        this.configured = configured;
        this.state = new State(StreamPhase.CREATING, null, "");
    }

    // --- the registry's ---

    Optional<DefinedStream> configured() {
        return configured;
    }

    void configured(Optional<DefinedStream> now) {
        configured = now;
    }

    /** This is what is to be opened, or what is in force from now on. */
    void defined(DefinedStream stream) {
        read = Optional.of(stream);
    }

    /** Its directory can be read, whether or not the stream can be opened. */
    void home(StreamHome found) {
        home = found;
    }

    void open(DeliveryStream stream) {
        state = new State(StreamPhase.ACTIVE, stream, "");
    }

    /** What its directory tells, of a stream of the API, while it is not open. */
    void encryption(Optional<EncryptionStatus> kept) {
        keptEncryption = kept;
    }

    void tags(Optional<String> written) {
        tags = written;
    }

    /** It goes on in another phase. */
    void enter(StreamPhase phase) {
        State before = state;
        state = new State(phase, before.stream(), before.reason());
    }

    /** It cannot be opened. */
    void close(String reason) {
        state = new State(StreamPhase.CLOSED, null, reason);
        engine.metrics().gauge(Metric.STREAM_HEALTHY, name, () -> 0);
    }

    Optional<Deletion> deletion() {
        return Optional.ofNullable(deletion);
    }

    void deletion(Deletion begun) {
        deletion = begun;
    }

    /** It drains from now on; which time that is. */
    int drain() {
        enter(StreamPhase.DRAINING);
        return ++drains;
    }

    /**
     * Whether it still drains for the time that {@link #drain} told: it may have gone on meanwhile,
     * taken more records, and begun to drain again.
     */
    boolean drainsSince(int drain) {
        return canGoOn() && drains == drain;
    }

    /** Whether it drains and has not begun to stop: it can still go on. */
    boolean canGoOn() {
        return state.phase() == StreamPhase.DRAINING && !ends;
    }

    /** Whether it has been drained, and stops. What is configured then is opened afterwards. */
    boolean ends() {
        return ends;
    }

    void end() {
        ends = true;
    }

    /**
     * Whether it goes on with components of a former configuration, because the last reload could
     * not change it: what its definition names may be another one since then, although the
     * definition is the same.
     */
    boolean isBehind() {
        return isBehind;
    }

    void behind() {
        isBehind = true;
    }

    void upToDate() {
        isBehind = false;
    }

    /** Empty while it is not open. */
    Optional<DeliveryStream> stream() {
        return Optional.ofNullable(state.stream());
    }

    /** Nothing but its directory, in lower case, tells its name. */
    void namedByItsDirectory() {
        namedByItsDirectory = true;
    }

    /** Whether nothing tells how its name is written. */
    boolean isNamedByItsDirectory() {
        return namedByItsDirectory && state.phase() == StreamPhase.CLOSED && configured.isEmpty();
    }

    /** Why it is closed; empty when it is not. */
    String reason() {
        return state.reason();
    }

    // --- what is seen of it ---

    public String name() {
        return name;
    }

    public Origin origin() {
        return origin;
    }

    public StreamPhase phase() {
        return state.phase();
    }

    /** Empty while it is closed and nobody can tell. */
    public Optional<StreamDefinition> definition() {
        DeliveryStream stream = state.stream();
        return stream == null
                ? read.map(DefinedStream::definition)
                : Optional.of(stream.definition());
    }

    /**
     * The version of the newest definition, which may take effect later; 0 when nobody can tell.
     */
    public int acceptedVersion() {
        return acceptedDefinition().map(StreamDefinition::version).orElseGet(this::keptVersion);
    }

    /** What its directory says. */
    private int keptVersion() {
        StreamHome known = home;
        return known == null ? 0 : known.version();
    }

    private long createdMillis() {
        StreamHome known = home;
        return known == null ? 0 : known.createdMillis();
    }

    /** The newest definition, which may take effect later; empty while it is not open. */
    public Optional<StreamDefinition> acceptedDefinition() {
        return stream().map(DeliveryStream::accepted);
    }

    /**
     * The document of a stream that was made through the API, as it was written last; empty of any
     * other, and while it is closed and nobody can tell.
     */
    public Optional<String> document() {
        return origin == Origin.API ? read.map(DefinedStream::document) : Optional.empty();
    }

    /** The tags that callers of the API have written since the stream was made. */
    public Optional<String> tags() {
        return tags;
    }

    /** Whether it is encrypted on the disk; empty while it is not open and nobody can tell. */
    public Optional<EncryptionStatus> encryption() {
        return stream().map(DeliveryStream::encryption).or(this::encryptionOfClosed);
    }

    private Optional<EncryptionStatus> encryptionOfClosed() {
        return switch (origin) {
            case YAML -> read.map(DefinedStream::definition).map(StreamEncryption::asked);
            case API -> keptEncryption;
        };
    }

    /** What the stream looked like after its last step. */
    public StreamStatus status() {
        State now = state;
        if (now.stream() != null) {
            return now.stream().status().in(now.phase());
        }
        return new StreamStatus(
                name,
                keptVersion(),
                origin,
                now.phase(),
                "",
                createdMillis(),
                Optional.empty(),
                0,
                0,
                List.of(),
                now.phase() == StreamPhase.CLOSED ? ThrottledException.Cause.CLOSED.sentence() : "",
                now.reason().isEmpty() ? List.of() : List.of("closed: " + now.reason()));
    }

    // --- what is done with it ---

    /** As {@link DeliveryStream#accept}; a stream that is not open throttles everything. */
    public CompletionStage<AcceptedBatch> accept(RecordBatch batch) {
        State now = state;
        if (now.stream() != null && now.phase() == StreamPhase.ACTIVE) {
            return now.stream().accept(batch);
        }
        ThrottledException.Cause why =
                now.phase() == StreamPhase.CLOSED
                        ? ThrottledException.Cause.CLOSED
                        : ThrottledException.Cause.STOPPING;
        if (now.phase() != StreamPhase.DELETING) {
            engine.metrics()
                    .add(
                            Metric.THROTTLED_RECORDS,
                            name,
                            why.name().toLowerCase(Locale.ROOT),
                            batch.count());
        }
        return CompletableFuture.failedFuture(new ThrottledException(why));
    }

    /** As {@link DeliveryStream#flush}. */
    public CompletionStage<Void> flush() {
        return whenOpen(DeliveryStream::flush);
    }

    /** As {@link DeliveryStream#divert}. */
    public CompletionStage<DiversionAnswer> divert(Diversion diversion) {
        return whenOpen(stream -> stream.divert(diversion));
    }

    private <T> CompletionStage<T> whenOpen(Function<DeliveryStream, CompletionStage<T>> what) {
        State now = state;
        return now.stream() != null
                ? what.apply(now.stream())
                : CompletableFuture.failedFuture(
                        new IllegalStateException(
                                "stream %s is not open%s%s"
                                        .formatted(
                                                name,
                                                now.reason().isEmpty() ? "" : ": ",
                                                now.reason())));
    }
}
