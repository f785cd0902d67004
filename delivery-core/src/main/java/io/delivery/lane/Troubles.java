package io.delivery.lane;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/** What is the matter with a lane at present, one sentence for each cause. */
final class Troubles {
    private final Map<Cause, String> sentences = new EnumMap<>(Cause.class);

    enum Cause {
        RECOVERY,
        REPAIR,
        SPOOL,
        SPILL,
        ENCODING,
        /** A write or a read of this process failed and is tried again. */
        RETRY,
        /** The lane has stopped and waits for somebody. */
        HALTED
    }

    void put(Cause cause, String sentence) {
        sentences.put(cause, sentence);
    }

    void clear(Cause cause) {
        sentences.remove(cause);
    }

    Collection<String> sentences() {
        return sentences.values();
    }
}
