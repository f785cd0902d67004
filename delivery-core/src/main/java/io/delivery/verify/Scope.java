package io.delivery.verify;

import java.util.OptionalLong;
import java.util.Set;

/**
 * What to verify.
 *
 * @param streams names; empty for all
 * @param depth how far
 * @param sinceMillis only objects whose range was committed at or after this; milliseconds since
 *     the epoch. The books are always checked as a whole
 * @param prefix only objects whose key begins with it
 * @param orphans what is done with multipart uploads of ours that nobody will complete
 */
public record Scope(
        Set<String> streams,
        Depth depth,
        OptionalLong sinceMillis,
        String prefix,
        Orphans orphans) {
    /** How far to look. */
    public enum Depth {
        /** The data directory only. */
        BOOKS,
        /** Also what the stores say of each object. */
        STORE,
        /** Also every byte of each object. */
        BYTES
    }

    /** What becomes of what was left behind. */
    public enum Orphans {
        TOLD,
        /** The one thing that changes something in a store. */
        ENDED
    }

    /** All streams, the data directory only. */
    public static final Scope BOOKS = of(Depth.BOOKS);

    /** All streams, everything of them that is so deep. */
    public static Scope of(Depth depth) {
        return new Scope(Set.of(), depth, OptionalLong.empty(), "", Orphans.TOLD);
    }

    boolean includesStream(String name) {
        return streams.isEmpty() || streams.contains(name);
    }

    boolean includesTime(long millis) {
        return sinceMillis.isEmpty() || millis >= sinceMillis.getAsLong();
    }
}
