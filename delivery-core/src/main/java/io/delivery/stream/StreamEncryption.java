package io.delivery.stream;

import io.delivery.config.EncryptionSettings;
import io.delivery.config.EncryptionState;
import io.delivery.config.EncryptionStatus;
import io.delivery.config.Origin;
import io.delivery.config.StreamDefinition;
import io.delivery.crypt.DataKey;
import io.delivery.crypt.MasterKey;
import io.delivery.crypt.StreamKeys;
import io.delivery.crypt.WrappedKey;
import io.delivery.engine.Engine;
import io.delivery.failure.RepeatedFailure;
import io.delivery.home.StreamHome;
import io.delivery.home.StreamKeyFile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether one stream is encrypted on the disk, and the keys for it. A data key is durable before
 * anything is encrypted with it, and stays for as long as the stream does.
 *
 * <p>Of a stream of the configuration its definition decides; of one that a caller of the API has
 * made its definition decides at first, and then the last call. A call is durable before it is
 * answered, and takes effect with the next {@link #settle}. Thread-safe; who writes records takes
 * no lock.
 */
final class StreamEncryption {
    private static final Logger log = LoggerFactory.getLogger(StreamEncryption.class);

    private static final Duration DAY = Duration.ofHours(24);
    private static final int MOST_CALLS_A_DAY = 25; // API reference, StartDeliveryStreamEncryption

    private final Engine engine;
    private final StreamHome home;
    private final StreamKeys keys = StreamKeys.none();
    private final RepeatedFailure writing;
    private final RepeatedFailure reading;

    /** What is in force here. */
    private StreamKeyFile file;

    /** The one that was drawn last; null when there is none. */
    private DataKey newest;

    /** Whether a later process might find something else than {@link #file}. */
    private boolean inDoubt;

    private volatile EncryptionStatus status;

    /**
     * What is to be in force.
     *
     * @param newest the key that was drawn last; null when there is none
     */
    private record Next(StreamKeyFile file, DataKey newest) {}

    private StreamEncryption(Engine engine, StreamHome home, StreamKeyFile found) {
        this.engine = engine;
        this.home = home;
        this.file = found;
        this.status = new EncryptionStatus(found.state().settled(), found.settings());
        this.writing = failure("writing the keys of a stream");
        this.reading = failure("reading the keys of a stream again");
    }

    private RepeatedFailure failure(String what) {
        return RepeatedFailure.of(
                log, what, engine.world().clock()::nanoTime, "stream", home.name());
    }

    /**
     * Reads the keys that a stream has and decides what is encrypted from now on. Nothing is
     * written before {@link #begin}.
     *
     * @throws IOException when the file of its keys is damaged, or is gone and was needed
     * @throws DefinitionRefusedException when a master key is missing or wrong
     */
    static StreamEncryption read(Engine engine, StreamHome home, StreamDefinition definition)
            throws IOException {
        StreamEncryption encryption = new StreamEncryption(engine, home, home.keys());
        if (encryption.file.keys().isEmpty()) {
            Optional<String> missing = StreamDataKeys.whyMissing(engine, home);
            if (missing.isPresent()) {
                throw new IOException(missing.get());
            }
        }
        for (DataKey key : StreamDataKeys.unwrap(engine, home, encryption.file)) {
            encryption.keys.add(key);
            encryption.newest = key;
        }
        encryption.decide(definition);
        return encryption;
    }

    /**
     * Whether a stream of the API that is not open encrypts when it is opened; empty when its file
     * of keys would have to tell, and cannot.
     */
    static Optional<EncryptionStatus> ofClosed(
            Engine engine, StreamHome home, StreamDefinition definition) {
        try {
            StreamKeyFile found = home.keys();
            boolean isGone =
                    found.keys().isEmpty() && StreamDataKeys.whyMissing(engine, home).isPresent();
            return isGone ? Optional.empty() : Optional.of(asked(home, definition, found));
        } catch (IOException damaged) {
            log.debug("whether it is encrypted cannot be told: stream={}", home.name(), damaged);
            return Optional.empty();
        }
    }

    private static EncryptionStatus asked(
            StreamHome home, StreamDefinition definition, StreamKeyFile found) {
        boolean switchedByCalls = home.origin() == Origin.API && !found.keys().isEmpty();
        return switchedByCalls
                ? new EncryptionStatus(found.state().settled(), found.settings())
                : asked(definition);
    }

    /** What a definition says, where no call has said anything. */
    static EncryptionStatus asked(StreamDefinition definition) {
        return definition
                .encryption()
                .map(settings -> new EncryptionStatus(EncryptionState.ENABLED, settings))
                .orElse(EncryptionStatus.DISABLED);
    }

    private void decide(StreamDefinition definition) {
        EncryptionStatus decided = asked(home, definition, file);
        boolean encrypts = decided.state().encrypts();
        EncryptionSettings settings = decided.settings();
        StreamKeyFile asked =
                new StreamKeyFile(decided.state(), settings, file.callsMillis(), file.keys());
        Next next = new Next(asked, newest);
        if (encrypts) {
            next = withKeyOf(required(settings), asked);
        } else if (newest != null) {
            MasterKey master = find(settings).orElseGet(() -> engine.masterKeys().first());
            next = new Next(wrappedAnew(master, asked), newest);
        }
        // That a file was found does not say that it was synced.
        inDoubt = encrypts || newest != null && !next.file().equals(file);
        file = next.file();
        newest = next.newest();
    }

    /** With a newest key that this master key has wrapped, and the others wrapped by it as well. */
    private Next withKeyOf(MasterKey master, StreamKeyFile before) {
        List<WrappedKey> all = before.keys();
        boolean fits = newest != null && all.get(all.size() - 1).masterKey().equals(master.id());
        StreamKeyFile next = wrappedAnew(master, before);
        return fits ? new Next(next, newest) : withOneMore(master, next);
    }

    private Next withOneMore(MasterKey master, StreamKeyFile before) {
        DataKey more = DataKey.draw(engine.world().entropy());
        while (keys.has(more.number())) {
            more = DataKey.draw(engine.world().entropy());
        }
        List<WrappedKey> all = new ArrayList<>(before.keys());
        all.add(wrapped(more, master));
        return new Next(before.withKeys(all), more);
    }

    private StreamKeyFile wrappedAnew(MasterKey master, StreamKeyFile before) {
        List<WrappedKey> same = new ArrayList<>();
        for (WrappedKey key : before.keys()) {
            if (key.masterKey().equals(master.id())) {
                same.add(key);
            } else {
                log.info(
                        "a key is wrapped with another master key: stream={} key={} from={} to={}",
                        home.name(),
                        key.number(),
                        key.masterKey(),
                        master.id());
                same.add(wrapped(keys.find(key.number()), master));
            }
        }
        return before.withKeys(same);
    }

    private WrappedKey wrapped(DataKey key, MasterKey master) {
        return WrappedKey.wrap(key, master, home.incarnation(), engine.world().entropy());
    }

    private Optional<MasterKey> find(EncryptionSettings settings) {
        if (engine.masterKeys().isEmpty()) {
            return Optional.empty();
        }
        return settings.masterKey().isPresent()
                ? engine.masterKeys().find(settings.masterKey().get())
                : Optional.of(engine.masterKeys().first());
    }

    private MasterKey required(EncryptionSettings settings) {
        return find(settings)
                .orElseThrow(
                        () ->
                                new DefinitionRefusedException(
                                        StreamDataKeys.whyNoKey(home.name(), settings)));
    }

    // --- what is seen of it ---

    /** For those who write and read the stream's files. */
    StreamKeys keys() {
        return keys;
    }

    EncryptionStatus status() {
        return status;
    }

    // --- it changes ---

    /**
     * Makes durable what was decided, and puts it in force.
     *
     * @throws IOException when the disk does not take it
     */
    synchronized void begin() throws IOException {
        if (inDoubt) {
            writeFile();
        }
        inForce();
    }

    /**
     * Encrypts from now on if this definition of a stream of the configuration asks for it, before
     * it is written, for records that are accepted from now on; those that were on their way say in
     * their answers whether they are encrypted. Calls of the API decide of any other stream.
     *
     * @throws IOException when the disk does not take a key: nothing has changed
     * @throws DefinitionRefusedException when there is no master key
     */
    synchronized void prepare(StreamDefinition next) throws IOException {
        if (isSwitchedBy(next) && next.encryption().isPresent()) {
            EncryptionSettings settings = next.encryption().get();
            write(withKeyOf(required(settings), in(EncryptionState.ENABLED, settings)));
            inForce();
        }
    }

    /**
     * Encrypts no more if the definition in force, which is written, does not ask for it; whether
     * {@link #prepare} had begun to, for one that was refused, or the one before asked for it. A
     * start goes by the definition, so this holds also when the disk does not take it now.
     */
    synchronized void follow(StreamDefinition inForce) {
        if (isSwitchedBy(inForce) && inForce.encryption().isEmpty()) {
            file = in(EncryptionState.DISABLED, EncryptionSettings.DEFAULT);
            inDoubt = true;
            inForce();
            settle();
        }
    }

    private boolean isSwitchedBy(StreamDefinition definition) {
        return home.origin() == Origin.YAML
                && definition.encryption().isPresent() != file.state().encrypts();
    }

    private StreamKeyFile in(EncryptionState state, EncryptionSettings settings) {
        return new StreamKeyFile(state, settings, file.callsMillis(), file.keys());
    }

    /** {@link #start} with these settings; without any, {@link #stop}. */
    EncryptionStatus call(Optional<EncryptionSettings> settings) throws IOException {
        if (settings.isPresent()) {
            start(settings.get());
        } else {
            stop();
        }
        return status;
    }

    /**
     * Has what is written from now on encrypted with a new key. Durable at return, in force soon
     * after.
     *
     * @throws RegistryRefusal when it is being switched, there were too many calls, or there is no
     *     master key
     * @throws IOException when the disk does not take it
     */
    synchronized void start(EncryptionSettings settings) throws IOException {
        List<Long> calls = oneMoreCall();
        MasterKey master =
                find(settings)
                        .orElseThrow(
                                () ->
                                        new RegistryRefusal(
                                                RegistryRefusal.Why.NO_MASTER_KEY,
                                                StreamDataKeys.whyNoKey(home.name(), settings)));
        StreamKeyFile next =
                new StreamKeyFile(EncryptionState.ENABLING, settings, calls, file.keys());
        write(withOneMore(master, wrappedAnew(master, next)));
        status = new EncryptionStatus(file.state(), settings);
    }

    /**
     * Has what is written from now on not encrypted. Durable at return, in force soon after.
     *
     * @throws RegistryRefusal when it is not encrypted, is being switched, or there were too many
     *     calls
     * @throws IOException when the disk does not take it
     */
    synchronized void stop() throws IOException {
        if (file.state() == EncryptionState.DISABLED) {
            throw refusedFor(file.state());
        }
        List<Long> calls = oneMoreCall();
        write(
                new Next(
                        new StreamKeyFile(
                                EncryptionState.DISABLING, file.settings(), calls, file.keys()),
                        newest));
        status = new EncryptionStatus(file.state(), file.settings());
    }

    /** The times of the calls of the last day, with this one. */
    private List<Long> oneMoreCall() {
        if (!file.isSettled()) {
            throw refusedFor(file.state());
        }
        long now = engine.world().clock().millis();
        List<Long> calls =
                new ArrayList<>(
                        file.callsMillis().stream()
                                .filter(call -> now - call < DAY.toMillis())
                                .toList());
        if (calls.size() >= MOST_CALLS_A_DAY) {
            throw new RegistryRefusal(
                    RegistryRefusal.Why.TOO_MANY_CALLS,
                    "encryption of stream %s was started and stopped %d times in the last 24 hours, more is not allowed"
                            .formatted(home.name(), calls.size()));
        }
        calls.add(now);
        return calls;
    }

    private RegistryRefusal refusedFor(EncryptionState state) {
        return new RegistryRefusal(
                RegistryRefusal.Why.WRONG_PHASE,
                "encryption of stream %s is %s".formatted(home.name(), state));
    }

    private void write(Next next) throws IOException {
        StreamKeyFile found = StreamDataKeys.readAgain(engine, home, keys);
        StreamKeyFile merged = next.file().withKeysOf(found);
        inDoubt = true;
        home.keys(merged);
        inDoubt = false;
        file = merged;
        newest = next.newest();
    }

    /** Writes what is in force; keys that were put back meanwhile stay. */
    private void writeFile() throws IOException {
        file = file.withKeysOf(StreamDataKeys.readAgain(engine, home, keys));
        home.keys(file);
        inDoubt = false;
    }

    /**
     * Somebody has looked for a key that is not known here: it may have been put back, in a file
     * that lacks what this process has written since. Keys that only this process has would be lost
     * with it, and the next start would go by a state that calls have changed.
     */
    private void readAgain() {
        try {
            StreamKeyFile found = StreamDataKeys.readAgain(engine, home, keys);
            file = file.withKeysOf(found);
            inDoubt |= !file.equals(found);
            reading.worked();
        } catch (IOException failed) {
            reading.failed(failed);
        }
    }

    /** Whether {@link #settle} has nothing to do. */
    synchronized boolean isSettled() {
        return file.isSettled() && !inDoubt;
    }

    /**
     * Finishes what a call has begun, writes again what may not be on the disk, and looks for keys
     * that were missed; to be called from time to time.
     */
    synchronized void settle() {
        if (keys.takeMissed()) {
            readAgain();
        }
        if (!file.isSettled()) {
            file = file.settled();
            use();
            inDoubt = true;
        }
        if (!inDoubt || home.isDeleted()) {
            return;
        }
        try {
            writeFile();
            inForce();
            writing.worked();
        } catch (IOException failed) {
            writing.failed(failed);
        }
    }

    private void inForce() {
        use();
        status = new EncryptionStatus(file.state(), file.settings());
    }

    private void use() {
        if (file.state().encrypts()) {
            keys.encryptWith(newest);
        } else {
            keys.encryptNoMore();
        }
    }
}
