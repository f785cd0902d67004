package io.delivery.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What must be there of the streams that callers of the API make, by the answers that they got.
 * What was answered holds. What was not answered, or failed on the disk, is there whole or not at
 * all: several things are possible then, until somebody looks after a restart.
 */
final class ApiOracle {
    /**
     * A stream as a caller sees it.
     *
     * @param incarnation empty when the one who made it was not told
     * @param version 0 when the one who changed it was not told
     * @param tags empty when nobody has given any
     * @param encrypted whether it is, or is about to be, by the call that switched it last
     */
    record Described(
            String incarnation, int version, String document, String tags, boolean encrypted) {
        static Optional<Described> by(RegisteredStream stream) {
            return stream.phase() == StreamPhase.ACTIVE
                    ? Optional.of(
                            new Described(
                                    stream.status().incarnation(),
                                    stream.acceptedVersion(),
                                    stream.document().orElseThrow(),
                                    stream.tags().orElse(""),
                                    stream.encryption().orElseThrow().state().encrypts()))
                    : Optional.empty();
        }

        Described incarnation(String told) {
            return new Described(told, version, document, tags, encrypted);
        }

        Described version(int told) {
            return new Described(incarnation, told, document, tags, encrypted);
        }

        /** It says something else, in a version that nobody was told. */
        Described document(String next) {
            return new Described(incarnation, 0, next, tags, encrypted);
        }

        Described tags(String next) {
            return new Described(incarnation, version, document, next, encrypted);
        }

        Described encrypted(boolean next) {
            return new Described(incarnation, version, document, tags, next);
        }

        private boolean mayBe(Described seen) {
            return (incarnation.isEmpty() || incarnation.equals(seen.incarnation))
                    && (version == 0 || version == seen.version)
                    && document.equals(seen.document)
                    && tags.equals(seen.tags)
                    && encrypted == seen.encrypted;
        }
    }

    /** A change that was asked for: what becomes of a stream that is there, or of none. */
    record Change(String name, UnaryOperator<Optional<Described>> effect) {}

    private static final class History {
        private Set<Optional<Described>> possible = Set.of(Optional.empty());
        private final List<Change> unanswered = new ArrayList<>();

        /** Whether a stream of the name is deleted, and its name is not free yet. */
        private boolean leaving;

        private boolean allow(Optional<Described> seen) {
            return possible.stream().anyMatch(one -> fits(one, seen));
        }

        private static boolean fits(Optional<Described> possible, Optional<Described> seen) {
            return possible.isPresent()
                    ? seen.isPresent() && possible.get().mayBe(seen.get())
                    : seen.isEmpty();
        }

        private void add(UnaryOperator<Optional<Described>> effect) {
            Set<Optional<Described>> more = new LinkedHashSet<>(possible);
            possible.forEach(one -> more.add(effect.apply(one)));
            possible = more;
        }

        @Override
        public String toString() {
            return "one of %s, %d calls without an answer".formatted(possible, unanswered.size());
        }
    }

    private final Map<String, History> histories = new HashMap<>();

    /** Incarnations whose deletion was answered. */
    private final Set<String> gone = new HashSet<>();

    private History history(String name) {
        return histories.computeIfAbsent(name, none -> new History());
    }

    // --- calls and their answers ---

    /** Somebody asks for this; the answer may never come. */
    Change begin(String name, UnaryOperator<Optional<Described>> effect) {
        Change change = new Change(name, effect);
        history(name).unanswered.add(change);
        return change;
    }

    /**
     * It was answered, and is durable.
     *
     * @param before what must have been there
     * @param exact what is there now; the answer may tell more than was asked for
     */
    void succeeded(
            Change change,
            Predicate<Optional<Described>> before,
            UnaryOperator<Optional<Described>> exact) {
        History history = history(change.name());
        history.unanswered.remove(change);
        Set<Optional<Described>> after = new LinkedHashSet<>();
        history.possible.stream()
                .filter(before)
                .forEach(
                        one -> {
                            Optional<Described> result = change.effect().apply(one);
                            after.add(exact.apply(result));
                        });
        assertThat(after)
                .as("answers that fit what is there of %s, %s", change.name(), history)
                .isNotEmpty();
        history.possible = after;
    }

    /** Nothing of it is there. */
    void refused(Change change) {
        history(change.name()).unanswered.remove(change);
    }

    /** The disk failed: a later process may find it all the same. */
    void inDoubt(Change change) {
        History history = history(change.name());
        history.unanswered.remove(change);
        history.add(change.effect());
    }

    /** A deletion was answered: nothing brings that stream back. */
    void deleted(Change deletion) {
        History history = history(deletion.name());
        history.unanswered.remove(deletion);
        for (Optional<Described> one : history.possible) {
            one.map(Described::incarnation).filter(i -> !i.isEmpty()).ifPresent(gone::add);
        }
        history.possible = Set.of(Optional.empty());
        history.leaving = true;
    }

    /** Nothing of a stream that was deleted is left. */
    void left(String name) {
        history(name).leaving = false;
    }

    // --- what is certain ---

    /** Whether a stream of this name could be made. */
    boolean isFree(String name) {
        History history = history(name);
        return history.unanswered.isEmpty()
                && !history.leaving
                && history.possible.equals(Set.of(Optional.empty()));
    }

    /** Whether there is a stream of this name, and nobody changes it. */
    boolean isThere(String name) {
        History history = history(name);
        return history.unanswered.isEmpty()
                && !history.leaving
                && history.possible.stream().allMatch(Optional::isPresent);
    }

    // --- what somebody sees ---

    /** A process sees this; while nobody waits for an answer, it must be what was answered. */
    void seen(String name, Optional<Described> seen) {
        History history = history(name);
        if (history.unanswered.isEmpty()) {
            assertThat(history.allow(seen)).as("%s is %s, not %s", name, history, seen).isTrue();
        }
    }

    /** A process that has just begun sees this: whatever was without an answer is decided. */
    void seenAfterARestart(String name, Optional<Described> seen) {
        History history = history(name);
        List<Change> undecided = List.copyOf(history.unanswered);
        history.unanswered.clear();
        undecided.forEach(change -> history.add(change.effect()));
        assertThat(history.allow(seen))
                .as("after a restart %s is %s, not %s", name, history, seen)
                .isTrue();
        seen.ifPresent(
                stream ->
                        assertThat(gone)
                                .as("deleted streams, and %s", name)
                                .doesNotContain(stream.incarnation()));
        history.possible = Set.of(seen);
        history.leaving = false;
    }
}
