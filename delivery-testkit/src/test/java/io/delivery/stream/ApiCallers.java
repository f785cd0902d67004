package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.config.EncryptionSettings;
import io.delivery.config.EncryptionState;
import io.delivery.config.EncryptionStatus;
import io.delivery.home.LaneEntry;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.lane.LaneStatus;
import io.delivery.metrics.Metric;
import io.delivery.stream.ApiOracle.Change;
import io.delivery.stream.ApiOracle.Described;
import io.delivery.testkit.SimEntropy;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Callers of the API who create, update, tag, encrypt and delete streams of a few names at random,
 * several at once and without waiting for each other, and hold every answer against the {@link
 * ApiOracle}.
 */
final class ApiCallers {
    private final RegistryWorld world;
    private final SimEntropy chance;
    private final List<String> names;
    private final PutRecords records;
    private final Consumer<String> story;
    private final ApiOracle oracle = new ApiOracle();

    /**
     * An answer that was wrong; whoever completes a stage does not hear what its callback throws.
     */
    private AssertionError wrong;

    /** Calls that the present process has not answered yet. */
    private final Set<String> unanswered = new LinkedHashSet<>();

    private int calls;
    private int documents;
    private int tags;
    private int deletions;

    /** How often encryption was started or stopped. */
    private int switches;

    /** What deletions of this life were told to have discarded, and what the metric said before. */
    private long discarded;

    private long discardedBefore;

    ApiCallers(
            RegistryWorld world, List<String> names, PutRecords records, Consumer<String> story) {
        this.world = world;
        this.chance = world.sim().chance();
        this.names = names;
        this.records = records;
        this.story = story;
    }

    // --- lives ---

    /** A process has begun. */
    void begun() {
        for (String name : names) {
            oracle.seenAfterARestart(name, described(name));
        }
        unanswered.clear();
        discarded = 0;
        discardedBefore = discardedByTheMetric();
    }

    /** What a process shows, and what it has answered, is right so far. */
    void check() {
        if (wrong != null) {
            throw wrong;
        }
        for (String name : names) {
            oracle.seen(name, described(name));
        }
        assertThat(discardedByTheMetric() - discardedBefore)
                .as("records discarded")
                .isGreaterThanOrEqualTo(discarded);
    }

    /** Deletes all that are left, and waits: then the metric has counted what was told. */
    void deleteAll() {
        for (String name : names) {
            if (oracle.isThere(name)) {
                delete(name);
                world.await(world.registry().delete(name).gone());
            }
        }
        check();
        assertThat(discardedByTheMetric() - discardedBefore)
                .as("records discarded")
                .isEqualTo(discarded);
    }

    private long discardedByTheMetric() {
        return world.counter(Metric.DISCARDED_RECORDS, "");
    }

    private Optional<Described> described(String name) {
        return world.registry().find(name).flatMap(Described::by);
    }

    /** Calls that the present process has not answered yet. */
    Set<String> unanswered() {
        return unanswered;
    }

    int deletions() {
        return deletions;
    }

    int switches() {
        return switches;
    }

    /** A definition that nobody has used. */
    String document() {
        return "document" + ++documents + (chance.chance(0.3) ? " backup" : "");
    }

    private boolean alive() {
        return !world.sim().disk().crashed();
    }

    // --- calls ---

    /** One call, of any kind, about any name. */
    void call() {
        String name = names.get(chance.below(names.size()));
        int dice = chance.below(100);
        if (dice < 35) {
            create(name);
        } else if (dice < 50) {
            update(name);
        } else if (dice < 65) {
            tag(name);
        } else if (dice < 85) {
            encryption(name);
        } else {
            delete(name);
        }
    }

    private void create(String name) {
        boolean encrypted = chance.chance(0.3);
        String document = (encrypted ? "encrypted " : "") + document();
        boolean mustSucceed = oracle.isFree(name);
        story.accept("create %s as %s".formatted(name, document));
        Change change =
                oracle.begin(
                        name,
                        before ->
                                before.isPresent()
                                        ? before
                                        : Optional.of(
                                                new Described("", 1, document, "", encrypted)));
        hear(
                "create " + name,
                world.registry().create(RegistryWorld.stream(name, document)),
                (status, failure) -> {
                    if (failure == null) {
                        story.accept("created " + name);
                        assertThat(status.version()).isEqualTo(1);
                        oracle.succeeded(
                                change,
                                Optional::isEmpty,
                                made -> made.map(one -> one.incarnation(status.incarnation())));
                    } else {
                        failed(change, mustSucceed, failure);
                    }
                });
    }

    private void update(String name) {
        Optional<Described> present = described(name);
        boolean stale = chance.chance(0.1);
        boolean same = !stale && chance.chance(0.2) && present.isPresent();
        int version = present.map(Described::version).orElse(1) + (stale ? 1 : 0);
        String document = same ? present.get().document() : document();
        boolean mustSucceed = oracle.isThere(name) && !stale;
        boolean mustFail = oracle.isThere(name) && stale;
        story.accept("update %s of version %d to %s".formatted(name, version, document));
        UnaryOperator<Optional<Described>> effect =
                before -> before.map(one -> one.document(document));
        Change change = oracle.begin(name, same ? before -> before : effect);
        hear(
                "update " + name,
                world.registry().update(RegistryWorld.stream(name, document), version),
                (next, failure) -> {
                    if (failure != null) {
                        failed(change, mustSucceed, failure);
                        return;
                    }
                    story.accept("updated %s to version %d".formatted(name, next));
                    assertThat(mustFail).as("an update of another version was refused").isFalse();
                    if (same) {
                        assertThat(next).as("no change, no version").isEqualTo(version);
                        oracle.refused(change);
                    } else {
                        assertThat(next).isGreaterThan(version);
                        oracle.succeeded(
                                change,
                                Optional::isPresent,
                                made -> made.map(one -> one.version(next)));
                    }
                });
    }

    private void tag(String name) {
        boolean mustSucceed = oracle.isThere(name);
        UnaryOperator<String> retag = chance.chance(0.7) ? tagged() : ApiCallers::untagged;
        story.accept("tag " + name);
        Change change =
                oracle.begin(name, before -> before.map(one -> one.tags(retag.apply(one.tags()))));
        hear(
                "tag " + name,
                world.registry().tag(name, before -> Optional.of(retag.apply(before.orElse("")))),
                (written, failure) -> {
                    if (failure == null) {
                        story.accept("tagged %s: %s".formatted(name, written));
                        oracle.succeeded(
                                change,
                                before ->
                                        before.map(one -> retag.apply(one.tags()))
                                                .equals(Optional.of(written)),
                                made -> made);
                    } else {
                        failed(change, mustSucceed, failure);
                    }
                });
    }

    private UnaryOperator<String> tagged() {
        String tag = ",t" + ++tags;
        return before -> before + tag;
    }

    /** Without the tag that it has had for longest; a file of no tags is a file as well. */
    private static String untagged(String before) {
        int next = before.indexOf(',', 1);
        return next < 0 ? "," : before.substring(next);
    }

    /** Starts encryption, with another key where it is encrypted, or stops it. */
    private void encryption(String name) {
        Optional<EncryptionState> present =
                world.registry()
                        .find(name)
                        .flatMap(RegisteredStream::encryption)
                        .map(EncryptionStatus::state);
        boolean start = chance.chance(0.6);
        boolean settled = present.filter(state -> state == state.settled()).isPresent();
        boolean possible = start || present.filter(EncryptionState::encrypts).isPresent();
        boolean mustSucceed = oracle.isThere(name) && settled && possible;
        boolean mustFail = oracle.isThere(name) && settled && !possible;
        story.accept("%s encryption of %s".formatted(start ? "start" : "stop", name));
        Change change = oracle.begin(name, before -> before.map(one -> one.encrypted(start)));
        hear(
                "encryption of " + name,
                world.registry()
                        .encryption(
                                name,
                                start ? Optional.of(EncryptionSettings.DEFAULT) : Optional.empty()),
                (status, failure) -> {
                    if (failure != null) {
                        failed(change, mustSucceed, failure);
                        return;
                    }
                    story.accept("encryption of %s is %s".formatted(name, status.state()));
                    switches++;
                    assertThat(mustFail).as("a stop of what is not encrypted").isFalse();
                    assertThat(status.state().encrypts()).isEqualTo(start);
                    oracle.succeeded(change, Optional::isPresent, made -> made);
                });
    }

    private void delete(String name) {
        boolean mustSucceed = oracle.isThere(name);
        story.accept("delete " + name);
        Change change = oracle.begin(name, before -> Optional.empty());
        Deletion deletion = world.registry().delete(name);
        hear(
                "mark " + name,
                deletion.marked(),
                (done, failure) -> {
                    if (failure == null) {
                        story.accept("marked " + name);
                        oracle.deleted(change);
                    } else if (failure instanceof IOException) {
                        oracle.refused(change); // there is certainly no mark
                    } else {
                        failed(change, mustSucceed, failure);
                    }
                });
        hear(
                "delete " + name,
                deletion.gone(),
                (last, failure) -> {
                    if (failure == null) {
                        story.accept("gone " + name);
                        oracle.left(name);
                        ended(last);
                    }
                });
    }

    /** Several callers may have asked for the same deletion, and are told the same. */
    private void ended(StreamStatus last) {
        boolean first = records.discarded(last.incarnation());
        for (LaneStatus lane : last.lanes()) {
            assertThat(lane.books().balanced()).isTrue();
            assertThat(lane.books().buffered()).isZero();
            if (LaneEntry.kindOf(lane.lane()) == Kind.MAIN) {
                records.checkDiscarded(last.incarnation(), lane.books());
                discarded += first ? lane.books().discarded() : 0;
            }
        }
        deletions += first ? 1 : 0;
    }

    // --- answers ---

    /** A process that has died answers nobody. */
    private <T> void hear(String what, CompletionStage<T> answer, BiConsumer<T, Throwable> how) {
        String call = "%s, call %d".formatted(what, ++calls);
        unanswered.add(call);
        answer.whenComplete(
                (value, failure) -> {
                    unanswered.remove(call);
                    if (!alive()) {
                        return;
                    }
                    try {
                        how.accept(value, unwrapped(failure));
                    } catch (AssertionError found) {
                        wrong = wrong == null ? found : wrong;
                    } catch (RuntimeException defect) {
                        AssertionError found =
                                new AssertionError("no answer that makes sense: " + call, defect);
                        wrong = wrong == null ? found : wrong;
                    }
                });
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    private void failed(Change change, boolean mustSucceed, Throwable failure) {
        story.accept("failed for %s: %s".formatted(change.name(), failure));
        if (failure instanceof IOException) {
            oracle.inDoubt(change);
            return;
        }
        assertThat(failure).as("what callers are told").isInstanceOf(RegistryRefusal.class);
        assertThat(mustSucceed)
                .as("nothing stood in the way for %s, and it was refused: %s", change, failure)
                .isFalse();
        oracle.refused(change);
    }
}
