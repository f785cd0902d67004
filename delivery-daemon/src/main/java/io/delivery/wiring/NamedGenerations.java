package io.delivery.wiring;

import io.delivery.config.ConfigChange;
import io.delivery.failure.OpenedSoFar;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One section of the configuration: what its entries were made into, by their names. An entry that
 * changes is made again, as the next generation of its name; one that stays the same is not. One
 * change at a time; thread-safe otherwise.
 *
 * @param <S> the settings of an entry, equal when nothing has changed
 * @param <T> what is made of them
 */
final class NamedGenerations<S, T> {
    private final String kind;
    private final Maker<S, T> maker;
    private final Consumer<? super T> closing;
    private final Map<String, Made<S, T>> present = new LinkedHashMap<>();

    /** Those that are not closed, whoever has them. */
    private final Set<Generation<T>> open = new HashSet<>();

    /** Makes what settings describe. */
    @FunctionalInterface
    interface Maker<S, T> {
        /**
         * @throws IOException when a file that the settings name cannot be read
         */
        T make(S settings) throws IOException;
    }

    private record Made<S, T>(S settings, Generation<T> generation) {}

    /**
     * @param kind of thing, for the log
     * @param closing closes one of them
     */
    NamedGenerations(String kind, Maker<S, T> maker, Consumer<? super T> closing) {
        this.kind = kind;
        this.maker = maker;
        this.closing = closing;
    }

    /**
     * Makes what another configuration needs and there is not yet. Nothing of that is in force.
     *
     * @param next the entries from then on
     * @throws IOException when one cannot be made; those that were are closed
     */
    Prepared prepare(Map<String, S> next) throws IOException {
        Prepared prepared = new Prepared();
        try {
            for (Map.Entry<String, S> entry : next.entrySet()) {
                prepared.add(entry.getKey(), entry.getValue());
            }
            return prepared;
        } catch (Throwable failed) { // also errors
            OpenedSoFar.closeAfter(failed, prepared::close);
            throw failed;
        }
    }

    private synchronized Generation<T> same(String name, S settings) {
        Made<S, T> made = present.get(name);
        return made != null && made.settings().equals(settings) ? made.generation() : null;
    }

    private Generation<T> make(String name, S settings) throws IOException {
        Generation<T> made = new Generation<>(kind + " " + name, maker.make(settings), closing);
        synchronized (this) {
            open.add(made);
        }
        made.onClosed(() -> forget(made));
        return made;
    }

    private synchronized void forget(Generation<T> closed) {
        open.remove(closed);
    }

    /** Those that no name stands for any more: one change at a time, and this one is in force. */
    private synchronized List<Generation<T>> former() {
        Set<Generation<T>> newest = new HashSet<>();
        present.values().forEach(made -> newest.add(made.generation()));
        return open.stream().filter(generation -> !newest.contains(generation)).toList();
    }

    /** Another configuration of this section: in force as a whole, or not at all. */
    final class Prepared {
        private final Map<String, Made<S, T>> entries = new LinkedHashMap<>();

        /** The names of those that were made for it; nobody else has them before it is in force. */
        private final Set<String> fresh = new LinkedHashSet<>();

        private Prepared() {}

        private void add(String name, S settings) throws IOException {
            Generation<T> same = same(name, settings);
            if (same == null) {
                entries.put(name, new Made<>(settings, make(name, settings)));
                fresh.add(name);
            } else {
                entries.put(name, new Made<>(settings, same));
            }
        }

        /**
         * Leases what this configuration has of this name.
         *
         * @throws IllegalArgumentException when it has nothing of this name
         */
        Generation.Lease<T> lease(String name) {
            return entry(name).generation().lease();
        }

        /**
         * What this configuration says of this name.
         *
         * @throws IllegalArgumentException when it has nothing of this name
         */
        S settings(String name) {
            return entry(name).settings();
        }

        private Made<S, T> entry(String name) {
            Made<S, T> made = entries.get(name);
            if (made == null) {
                throw new IllegalArgumentException("%s %s is not configured".formatted(kind, name));
            }
            return made;
        }

        boolean names(String name) {
            return entries.containsKey(name);
        }

        /** Whether it is made anew. */
        boolean makesAnew(String name) {
            return fresh.contains(name);
        }

        /**
         * What this configuration changes. To be asked for before {@link #takeEffect}: afterwards
         * it is what there is.
         *
         * @param gone whether a name that still stands for something is not configured any more
         * @param changed what an entry is that is made anew
         */
        List<ConfigChange> changes(
                ConfigChange.Part part, Predicate<String> gone, ConfigChange.Kind changed) {
            Map<String, S> before = new LinkedHashMap<>();
            synchronized (NamedGenerations.this) {
                present.forEach((name, made) -> before.put(name, made.settings()));
            }
            before.keySet().removeIf(gone);
            Map<String, S> next = new LinkedHashMap<>();
            entries.forEach((name, made) -> next.put(name, made.settings()));
            return ConfigChange.between(part, before, next, changed);
        }

        /**
         * From now on this is in force. Former generations are retired; those whose name is gone
         * stay until they are taken out ({@link NamedGenerations#remove}).
         *
         * @param newest told what each name stands for, also where that is the same, before the
         *     former generation is retired. What it throws breaks this off: the next change tells
         *     it again
         * @return the names that are gone
         */
        Set<String> takeEffect(BiConsumer<String, Generation<T>> newest) {
            Set<String> gone;
            synchronized (NamedGenerations.this) {
                gone = new LinkedHashSet<>(present.keySet());
                gone.removeAll(entries.keySet());
                present.putAll(entries);
                fresh.clear(); // what is in force is not closed, whatever fails from here on
            }
            entries.forEach((name, made) -> newest.accept(name, made.generation()));
            former().forEach(Generation::retire);
            return gone;
        }

        /** Closes what was made for it, unless it has taken effect. */
        void close() {
            fresh.forEach(name -> entries.get(name).generation().retire());
        }
    }

    /**
     * What a name stands for now.
     *
     * @return a lease; empty when it stands for nothing
     */
    synchronized Optional<Generation.Lease<T>> leaseNow(String name) {
        return Optional.ofNullable(present.get(name)).map(made -> made.generation().lease());
    }

    /** What the present thing of a name was made of; empty when there is none. */
    synchronized Optional<S> settingsNow(String name) {
        return Optional.ofNullable(present.get(name)).map(Made::settings);
    }

    /**
     * A name is gone for good: it is made anew if it comes back.
     *
     * @return what it stood for, to be retired; empty when there is none
     */
    synchronized Optional<Generation<T>> remove(String name) {
        return Optional.ofNullable(present.remove(name)).map(Made::generation);
    }

    /** Closes all of them, whoever works with them: the process ends. */
    void end() {
        List<Generation<T>> all;
        synchronized (this) {
            all = List.copyOf(open);
            present.clear();
        }
        all.forEach(Generation::end);
    }
}
