package io.delivery.landing;

import io.delivery.landing.ObjectStore.Landing;
import java.time.Duration;
import java.util.Optional;

/** What an answer means. */
sealed interface Verdict {
    /** It is visible. */
    record Landed(String said) implements Verdict {}

    /** The next step follows at once. */
    record GoOn() implements Verdict {}

    /** Nobody knows. The stream goes easy on the store. */
    record Open(String reason) implements Verdict {}

    /** The same, and what the store says it keeps is not what was sent. */
    record Doubted(String said) implements Verdict {}

    /** The store refuses, or withholds what has landed; so it may do with others in that bucket. */
    record Refused(String reason) implements Verdict {}

    /** We may not look. Only this object waits for the right to. */
    record Withheld(String reason) implements Verdict {}

    /** The store refuses this key alone. Only this object waits. */
    record KeyRefused(Landing.Denied refusal) implements Verdict {}

    /** Its key is given up, as somebody has asked. */
    record Left() implements Verdict {}

    /**
     * Its key cannot be given up now: it goes on as if nobody had asked.
     *
     * @param quiet for how long nothing is asked for it before, so that its key can be given up
     *     when somebody asks again; empty when that would not help
     */
    record Stays(String reason, Optional<Duration> quiet) implements Verdict {
        Stays(String reason) {
            this(reason, Optional.empty());
        }
    }

    /** It is looked at again after so long. Only this object waits. */
    record LookAgain(Duration after, String reason) implements Verdict {}

    /** Something else is there. */
    record Stranger(String seen) implements Verdict {}

    /** It is not there, nothing can bring it there, and its bytes are gone. */
    record GivenUp(String reason) implements Verdict {}
}
