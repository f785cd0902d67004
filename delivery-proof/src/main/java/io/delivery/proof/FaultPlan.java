package io.delivery.proof;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Which request meets which fault. A seed repeats the sequence of decisions, per kind of request,
 * and the weather; which request is the n-th of its kind is up to the threads. Thread-safe.
 */
public class FaultPlan {
    private static final int PERCENT = 100;

    private final SplittableRandom weather;
    private final Map<Request, SplittableRandom> decisions = new EnumMap<>(Request.class);
    private final List<Spell> spells = new ArrayList<>();

    public FaultPlan(long seed) {
        SplittableRandom root = new SplittableRandom(seed ^ 0x5DEECE66DL);
        weather = root.split();
        for (Request request : Request.values()) {
            decisions.put(request, root.split());
        }
    }

    /** Kinds of requests, by what may go wrong with them. */
    enum Request {
        PUT,
        COMPLETION,
        OTHER
    }

    /** What holds for all requests for a while. */
    enum Weather {
        FAIR,
        REFUSING,
        STORM,
        SLOW,
        PORTAL
    }

    private record Spell(long endMillis, Weather weather) {}

    /**
     * A decision.
     *
     * @param fault empty: passed on as it is
     * @param delay before it is passed on, or after it for a late one
     * @param before whether a completion is reset before it is passed on
     */
    record Decision(Optional<Fault> fault, Duration delay, boolean before) {
        static final Decision NONE = new Decision(Optional.empty(), Duration.ZERO, false);
    }

    /** The weather at a moment since the begin: a fair spell, another one, and so on. */
    synchronized Weather weather(long millis) {
        long end = spells.isEmpty() ? 0 : spells.get(spells.size() - 1).endMillis();
        while (end <= millis) {
            boolean fair = spells.size() % 2 == 0;
            end += fair ? 1_500 + weather.nextInt(4_000) : 300 + weather.nextInt(2_200);
            Weather next =
                    fair
                            ? Weather.FAIR
                            : Weather.values()[1 + weather.nextInt(Weather.values().length - 1)];
            spells.add(new Spell(end, next));
        }
        int low = 0;
        int high = spells.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (spells.get(middle).endMillis() <= millis) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return spells.get(low).weather();
    }

    /** What the next request of this kind meets in this weather. */
    synchronized Decision next(Request request, Weather now) {
        SplittableRandom random = decisions.get(request);
        int roll = random.nextInt(PERCENT);
        Duration delay = Duration.ofMillis(50 + random.nextInt(1_000));
        boolean before = random.nextBoolean();
        Optional<Fault> fault = Optional.empty();
        if (now == Weather.PORTAL) {
            fault = Optional.of(Fault.PORTAL);
        } else if (now == Weather.STORM && roll < 85) {
            fault = Optional.of(Fault.SLOW_DOWN);
        } else if (now == Weather.SLOW && roll < 70) {
            fault = Optional.of(Fault.DELAYED);
        } else if (request == Request.COMPLETION && roll < 30) {
            fault = Optional.of(Fault.COMPLETION_RESET);
        } else if (request != Request.OTHER) {
            fault = ofPut(roll);
        } else if (roll < 4) {
            fault = Optional.of(roll < 2 ? Fault.RESET_MIDWAY : Fault.DELAYED);
        }
        if (fault.isPresent() && fault.get() == Fault.LATE) {
            delay = delay.multipliedBy(4);
        }
        return new Decision(fault, delay, before);
    }

    /** The upper end, so that a roll that spared a request in a storm does not hit it here. */
    private static Optional<Fault> ofPut(int roll) {
        if (roll < 86) {
            return Optional.empty();
        }
        if (roll < 89) {
            return Optional.of(Fault.RESET_MIDWAY);
        }
        if (roll < 92) {
            return Optional.of(Fault.ANSWER_LOST);
        }
        if (roll < 95) {
            return Optional.of(Fault.ERROR_AFTER_STORED);
        }
        return Optional.of(roll < 97 ? Fault.LATE : Fault.DELAYED);
    }
}
