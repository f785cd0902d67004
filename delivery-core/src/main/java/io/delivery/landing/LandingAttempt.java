package io.delivery.landing;

import static io.delivery.landing.LandingEvidence.APART;

import io.delivery.failure.FailureText;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.ObjectStore.Found;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.record.Amount;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One object on its way: what is asked of the store next, and what an answer means. Decides and
 * does nothing else.
 *
 * <pre>
 *  SEND ── success ─────────────► landed
 *   │ ├─── first success of store ► LOOK_WHAT_IS_KEPT ── ours ─► landed
 *   │ │                              ├ absent ─► LOOK   └ other ─► doubt, LOOK (reads the bytes)
 *   │ ├─── 412 ─► LOOK_WHO_IS_THERE ── ours ─► landed
 *   │ └─── no answer ─► LOOK ── ours ─► landed
 *   ◄───────── absent ───┘
 *   └─── staged bytes damaged ─► nothing was ever sent ─► given up
 *                              └ LOOK_BEFORE_GIVING_UP ── ours ─► landed
 *                                 └ absent, twice, and no request can be under way ─► given up
 * </pre>
 *
 * <p>Its key is also given up when somebody asks for that ({@link KeyDeparture}), by the same rule.
 *
 * <p>Two answers to a look are believed only when a second look, {@link LandingEvidence#APART}
 * later, gets the same one: that something else is there, since a proxy or a portal in front of the
 * store may have said so, and before a key is given up that nothing is there. Then both looks must
 * be made when no request for it can be under way any more ({@link ObjectStore#requestLife}):
 * docs/protocol/void.md shows what happens otherwise. Belongs to the executor of the landings.
 *
 * <p>The settings of the store may change on the way. A request is made under those of its moment;
 * what an answer means is looked up where it came from, under the settings that it was given under,
 * for as long as that side answers.
 */
final class LandingAttempt {
    /** While a request may still arrive, it is looked for as often as this. */
    private static final Duration MOST_BETWEEN_LOOKS = Duration.ofMinutes(1);

    /** So long nothing is sent that somebody may want to give up when it is possible. */
    private static final Duration TO_ASK_AGAIN = Duration.ofMinutes(10);

    /** What is asked of the store next. */
    enum Step {
        SEND,
        /** It may be there, or not. */
        LOOK,
        /** The store refused to replace what is there. */
        LOOK_WHO_IS_THERE,
        /** It answered success, and nobody has seen what this store makes of our bytes. */
        LOOK_WHAT_IS_KEPT,
        /** The staged bytes are damaged. */
        LOOK_BEFORE_GIVING_UP
    }

    private final LandingTask task;
    private final LandingEvidence evidence;
    private final LandingPause pause = new LandingPause();
    private Step step;
    private boolean doubted;
    private int number;
    private long askedNanos;
    private String reason = "";
    private String said = "";
    private String damage = "";
    private String trouble = "";

    /** Null unless somebody wants the key to be given up. */
    private KeyDeparture departure;

    /** From a request until nobody has to ask about its answer; null when none is held. */
    private ObjectStore.Lease lease;

    /** Whether its last request was certainly refused. */
    private boolean denied;

    LandingAttempt(LandingTask task, long nowNanos) {
        this.task = task;
        this.evidence = new LandingEvidence(task);
        switch (task.before()) {
            case NOTHING_WAS_SENT -> step = Step.SEND;
            case SOMETHING_MAY_HAVE_BEEN_SENT -> step = Step.LOOK;
            case ANSWER_WAS_DOUBTED -> {
                step = Step.LOOK;
                doubted = true;
            }
        }
        if (step == Step.LOOK) {
            // When the earlier process sent its last request nobody has noted: not after this.
            evidence.requestMayBeUnderWay(nowNanos);
        }
    }

    LandingTask task() {
        return task;
    }

    boolean isOf(LandingTask.Listener lane, String object) {
        return task.listener() == lane && task.object().id().equals(object);
    }

    LandingPause pause() {
        return pause;
    }

    Step step() {
        return step;
    }

    /** Whether looks must read the bytes: doubt is not cured by what the store says of them. */
    boolean readsBack() {
        return doubted;
    }

    // --- whom it asks ---

    /** The store that is asked next, or that was asked last: the same until {@link #letGo}. */
    ObjectStore asked() {
        if (lease == null) {
            lease = task.store().lease();
        }
        return lease.store();
    }

    /** An answer was understood: what follows is asked under the settings of then. */
    void understood(Verdict verdict) {
        boolean goesOn = verdict instanceof Verdict.GoOn || verdict instanceof Verdict.LookAgain;
        // Somebody may have asked for its key in the middle of that: the answer is the same.
        boolean intoAnAnswer = looksIntoAnAnswer() && (goesOn || verdict instanceof Verdict.Stays);
        if (!intoAnAnswer && !(goesOn && isLeaving())) {
            letGo();
        }
    }

    private boolean looksIntoAnAnswer() {
        return switch (step) {
            case LOOK_WHAT_IS_KEPT, LOOK_WHO_IS_THERE -> true;
            case SEND, LOOK, LOOK_BEFORE_GIVING_UP -> false;
        };
    }

    /** Asks nothing more of the store that it has asked. */
    void letGo() {
        if (lease != null) {
            lease.close();
            lease = null;
        }
    }

    /** When its last request was made. */
    long askedNanos() {
        return askedNanos;
    }

    /** A look is about to be made. */
    void looking(long nowNanos) {
        askedNanos = nowNanos;
    }

    /**
     * A request with its bytes is about to be sent.
     *
     * @return how many there were with it since the start
     */
    int sending(long nowNanos) {
        askedNanos = nowNanos;
        return ++number;
    }

    // --- answers to what was sent ---

    /**
     * @param firstOfStore whether no object has been seen yet that landed through this store
     */
    Verdict sent(Landing answer, boolean firstOfStore, long nowNanos) {
        if (answer == null) {
            return failed(new IllegalStateException("the store answered nothing"), nowNanos);
        }
        denied = answer instanceof Landing.Denied;
        if (answer instanceof Landing.Denied refusal) {
            return switch (refusal.of()) {
                case THE_KEY -> new Verdict.KeyRefused(refusal);
                case MORE_THAN_THE_KEY -> new Verdict.Refused(refusal.text());
            };
        }
        evidence.requestMayBeUnderWay(nowNanos);
        if (answer instanceof Landing.Landed landed) {
            if (!firstOfStore) {
                return new Verdict.Landed(landed.said());
            }
            said = landed.said();
            step = Step.LOOK_WHAT_IS_KEPT;
            return new Verdict.GoOn();
        }
        if (answer instanceof Landing.Occupied) {
            step = Step.LOOK_WHO_IS_THERE;
            return new Verdict.GoOn();
        }
        if (answer instanceof Landing.Unknown unknown) {
            reason = unknown.reason();
            return open(reason);
        }
        if (answer instanceof Landing.Doubtful doubtful) {
            return doubt(doubtful.said());
        }
        if (answer instanceof Landing.Unreadable unreadable) {
            step = Step.LOOK;
            return new Verdict.Refused(unreadable.text());
        }
        throw new IllegalStateException("an answer that is not known: " + answer);
    }

    /** The staged bytes are not those that were recorded: they are never sent again. */
    Verdict damaged(String what) {
        damage = what;
        if (!evidence.maybeSent()) {
            return new Verdict.GivenUp(damage);
        }
        step = Step.LOOK_BEFORE_GIVING_UP;
        return new Verdict.GoOn();
    }

    /** The call failed in a way that nobody expects. */
    Verdict failed(Throwable failure, long nowNanos) {
        if (step == Step.SEND) {
            evidence.requestMayBeUnderWay(nowNanos);
            denied = false;
        }
        evidence.lookFailed();
        String why = FailureText.of(failure);
        return isLeaving() ? nobodyKnows(why) : open(why);
    }

    private Verdict open(String why) {
        if (step == Step.SEND) {
            step = Step.LOOK;
        }
        return new Verdict.Open(why);
    }

    private Verdict doubt(String what) {
        doubted = true;
        step = Step.LOOK;
        return new Verdict.Doubted(what);
    }

    // --- its key is to be given up, on request ---

    /** Somebody wants its key to be given up; only the first who asks is answered by that. */
    void wantsToLeave(KeyDeparture wanted) {
        if (departure != null) {
            wanted.refuse("somebody has asked for that already");
            return;
        }
        departure = wanted;
    }

    /** Whether somebody has asked, and the answer depends on what comes next. */
    boolean wantsToLeave() {
        return departure != null && !isLeaving();
    }

    /** Whether it is only looked for any more, before its key is given up as somebody asked. */
    boolean isLeaving() {
        return departure != null && step == Step.LOOK_BEFORE_GIVING_UP && damage.isEmpty();
    }

    /**
     * Whether its key can be given up, while no request of this process for it is under way. The
     * rule is that for damaged bytes, but nobody waits: whoever asked asks again.
     */
    Verdict leave(long nowNanos, long nowMillis) {
        if (!damage.isEmpty()) {
            return new Verdict.Stays("its staged bytes are damaged, so that its key is given up");
        }
        if (!evidence.maybeSent()) {
            return new Verdict.Left();
        }
        long nanos = evidence.nanosOfRequests(nowNanos);
        if (nanos > 0) {
            return new Verdict.Stays(
                    "a request for it that was sent before may still bring it there. Ask again at %s"
                            .formatted(Instant.ofEpochMilli(nowMillis + millisUp(nanos))),
                    // Each further request without an answer would put that off for as long again.
                    Optional.of(Duration.ofNanos(nanos).plus(TO_ASK_AGAIN))
                            .filter(quiet -> step == Step.LOOK || step == Step.SEND && !denied));
        }
        step = Step.LOOK_BEFORE_GIVING_UP;
        return new Verdict.GoOn();
    }

    private static long millisUp(long nanos) {
        return (nanos + 999_999) / 1_000_000;
    }

    /** Tells whoever has asked that its key is given up. */
    void left() {
        departure.grant();
        departure = null;
    }

    /** Tells whoever has asked, if anybody has, that its key is not given up. */
    void stays(String reason) {
        if (departure != null) {
            if (isLeaving()) {
                step = Step.LOOK;
            }
            departure.refuse(reason);
            departure = null;
        }
    }

    /** What was seen of an object that is only looked for any more. */
    private Verdict leaving(Found found, boolean twice) {
        return switch (found.presence()) {
            case OURS -> new Verdict.Landed("found");
            case ABSENT -> leavingUnseen(twice);
            case FORBIDDEN ->
                    switch (departure.looks()) {
                        case MAY_BE_FORBIDDEN -> leavingUnseen(twice);
                        case MUST_NOT_SEE_IT ->
                                new Verdict.Stays(
                                        "a request for it was sent before, and whether it is there"
                                                + " may not be looked at. Allow s3:GetObject and"
                                                + " s3:ListBucket on the prefix, or look yourself"
                                                + " and ask with --not-there",
                                        Optional.of(TO_ASK_AGAIN));
                    };
            case STRANGER -> stranger(found.reason(), twice);
            case UNKNOWN -> nobodyKnows(found.reason());
        };
    }

    private static Verdict nobodyKnows(String why) {
        return new Verdict.Stays(
                "a request for it was sent before, and nobody knows whether it is there: " + why);
    }

    private static Verdict leavingUnseen(boolean twice) {
        return twice
                ? new Verdict.Left()
                : new Verdict.LookAgain(
                        APART, "its key is given up when a second look does not see it, either");
    }

    // --- answers to looks ---

    /**
     * @param nowMillis the same moment by the wall clock
     */
    Verdict looked(Found found, long nowNanos, long nowMillis) {
        if (found == null) {
            return failed(new IllegalStateException("the store answered nothing"), nowNanos);
        }
        boolean twice = evidence.seenTwice(found, askedNanos, nowNanos);
        if (isLeaving()) {
            return leaving(found, twice);
        }
        return switch (found.presence()) {
            case OURS -> new Verdict.Landed(step == Step.LOOK_WHAT_IS_KEPT ? said : "found");
            case STRANGER -> stranger(found.reason(), twice);
            case ABSENT -> absent(twice, nowNanos, nowMillis);
            case FORBIDDEN -> forbidden();
            case UNKNOWN ->
                    open(
                            reason.isEmpty()
                                    ? "not known whether it is there: " + found.reason()
                                    : withLook(found.reason()));
        };
    }

    /** The same twice is said once: then it is no new cause either. */
    private String withLook(String look) {
        return reason.contains(look) ? reason : reason + "; and no answer since: " + look;
    }

    private Verdict stranger(String seen, boolean twice) {
        if (step == Step.LOOK_WHAT_IS_KEPT) {
            return doubt("success, and then shows " + seen);
        }
        if (twice) {
            return new Verdict.Stranger(seen);
        }
        return new Verdict.LookAgain(
                APART,
                "something else seems to be visible there: %s. It is looked at again in %d s before that is believed"
                        .formatted(seen, APART.toSeconds()));
    }

    private Verdict absent(boolean twice, long nowNanos, long nowMillis) {
        return switch (step) {
            case LOOK -> {
                step = Step.SEND;
                yield new Verdict.GoOn();
            }
            case LOOK_WHO_IS_THERE -> {
                step = Step.LOOK; // it says both; asked again at once it would say so for ever
                yield open("412, and then not there");
            }
            case LOOK_WHAT_IS_KEPT -> {
                step = Step.LOOK;
                yield open("the store answered success, and then it was not there");
            }
            case LOOK_BEFORE_GIVING_UP ->
                    twice ? new Verdict.GivenUp(damage) : givenUpLater(nowNanos, nowMillis);
            case SEND -> throw new IllegalStateException("a look was answered, and none was made");
        };
    }

    private Verdict givenUpLater(long nowNanos, long nowMillis) {
        OptionalLong confirmed = evidence.nanosToConfirm(nowNanos);
        long nanos = confirmed.orElseGet(() -> evidence.nanosOfRequests(nowNanos));
        Duration next = Duration.ofNanos(Math.max(1, nanos));
        Duration end = confirmed.isPresent() ? next : next.plus(APART);
        return new Verdict.LookAgain(
                next.compareTo(MOST_BETWEEN_LOOKS) < 0 ? next : MOST_BETWEEN_LOOKS,
                "%s, and the store does not have the object. A request that was sent before may still bring it there: its key is given up at %s"
                        .formatted(damage, Instant.ofEpochMilli(nowMillis + end.toMillis())));
    }

    private Verdict forbidden() {
        if (doubted) {
            // That the key is ours does not tell what bytes are there.
            return new Verdict.Withheld(
                    "the store answered success and other content, and the object may not be read"
                            + " back. Allow s3:GetObject on the prefix.");
        }
        return switch (step) {
            case LOOK -> {
                step = Step.SEND;
                yield new Verdict.GoOn();
            }
            // The key carries our salt: nobody else can have made it.
            case LOOK_WHO_IS_THERE -> new Verdict.Landed("occupied, not readable");
            case LOOK_WHAT_IS_KEPT -> new Verdict.Landed(said);
            case LOOK_BEFORE_GIVING_UP ->
                    new Verdict.Withheld(
                            damage
                                    + ", and whether an earlier request has brought the object there"
                                    + " may not be looked at. Allow s3:GetObject and s3:ListBucket"
                                    + " on the prefix.");
            case SEND -> throw new IllegalStateException("a look was answered, and none was made");
        };
    }

    // --- what is told of it ---

    /** What is the matter with it; empty when nothing is. */
    String trouble() {
        return trouble;
    }

    /** Says what is the matter, with the request and how often it was made. */
    String trouble(String why) {
        ObjectRecord object = task.object();
        String records = Amount.of(object.records(), "record");
        String attempts = number == 0 ? "nothing sent since the start" : "attempt " + number;
        trouble =
                "PUT %s/%s (%s, %s): %s"
                        .formatted(object.store(), object.name(), records, attempts, why);
        return trouble;
    }
}
