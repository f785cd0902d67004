package io.delivery.proof;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What was found to be wrong. All are counted, the first of each kind are kept. Thread-safe. */
public final class BrokenPromises {
    private static final int KEPT = 20;

    /** Kinds of broken promises. */
    public enum Kind {
        /** Acknowledged, and not there. */
        LOST,
        /** In more than one place. */
        TWICE,
        /** Other bytes than were sent. */
        CHANGED,
        /**
         * In the error output though it is good, in main though it is not, in a wrong partition.
         */
        MISPLACED,
        /** Nobody sent it. */
        UNKNOWN,
        /** Of the records of one call some are there and some are not. */
        CALL_TORN,
        /** An object that was visible has other bytes. */
        OBJECT_CHANGED,
        /** An object that was visible is not there any more. */
        OBJECT_GONE,
        /** A key has more than one version. */
        VERSIONS,
        /** The books do not balance, or say something else than the store. */
        BOOKS,
        /** A good call was refused, or answered wrongly. */
        ANSWER,
        /** The program ended, complained, or did not drain. */
        PROGRAM,
        /** Nothing was there to be judged: a promise that was not tried is not proved. */
        NOT_TRIED
    }

    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final List<String> kept = new ArrayList<>();

    synchronized void add(Kind kind, String what, Object... arguments) {
        if (counts.merge(kind, 1L, Long::sum) <= KEPT) {
            kept.add(kind + ": " + (arguments.length == 0 ? what : what.formatted(arguments)));
        }
    }

    public synchronized boolean none() {
        return counts.isEmpty();
    }

    public synchronized Map<Kind, Long> counts() {
        return new EnumMap<>(counts);
    }

    /** One line each; of every kind the first twenty. */
    public synchronized List<String> kept() {
        return List.copyOf(kept);
    }
}
