package io.delivery.lane;

import io.delivery.failure.RepeatedFailure;
import io.delivery.lane.components.LaneName;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is the matter with a lane at present, one sentence for each cause. The log is told when a
 * trouble begins, when its sentence changes, and when it is over.
 */
final class Troubles {
    private static final Logger log = LoggerFactory.getLogger(Lane.class);

    private final LaneName name;
    private final LongSupplier nanoTime;
    private final Map<Cause, String> sentences = new EnumMap<>(Cause.class);
    private final Map<Cause, RepeatedFailure> told = new EnumMap<>(Cause.class);

    enum Cause {
        RECOVERY("recovery of the lane"),
        REPAIR("repair of a range"),
        SPOOL("reading of spilled records"),
        SPILL("spilling of buffers"),
        ENCODING("encoding"),
        /** Processors tell it themselves; the lane goes on. */
        PROCESSING("processing"),
        /** A write or a read of this process failed and is tried again. */
        RETRY("a step of the lane"),
        /** The lane has stopped where it is; the log is told why. */
        HALTED("the lane");

        private final String work;

        Cause(String work) {
            this.work = work;
        }
    }

    /**
     * @param nanoTime for how long something failed
     */
    Troubles(LaneName name, LongSupplier nanoTime) {
        this.name = name;
        this.nanoTime = nanoTime;
    }

    void put(Cause cause, String sentence) {
        sentences.put(cause, sentence);
        told.computeIfAbsent(cause, this::failure).failed(sentence);
    }

    private RepeatedFailure failure(Cause cause) {
        return RepeatedFailure.of(log, cause.work, nanoTime, name);
    }

    void clear(Cause... causes) {
        for (Cause cause : causes) {
            if (sentences.remove(cause) != null) {
                told.get(cause).worked();
            }
        }
    }

    /** What had it is gone: it is no trouble any more, and nobody is told that it is over. */
    void forget(Cause cause) {
        sentences.remove(cause);
        told.remove(cause);
    }

    List<String> sentences() {
        return List.copyOf(sentences.values());
    }
}
