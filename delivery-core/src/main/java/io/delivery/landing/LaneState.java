package io.delivery.landing;

import io.delivery.world.DiskFullException;
import java.io.IOException;
import java.util.List;

/**
 * The durable decisions of one lane: appended in order, read again after a start. What each one
 * means is {@link LaneRecord}. Belongs to its lane's serial executor.
 *
 * <p><b>Fencing.</b> Every owner has an epoch, higher than those of all owners before it. It
 * becomes the owner when {@link #own()} returns, not by reading. From then on nothing that a lower
 * epoch appends becomes part of the state, whenever that owner began to write it: the append, or
 * the sync that follows, fails with an {@link IOException}, and so does every later {@link #own()}
 * of that owner. Whoever has not heard that an append is durable does nothing that rests on it: he
 * sends no request, deletes no staged bytes and lets no log forget. That is why a former owner that
 * is late does no harm.
 *
 * <p>A place that two processes can reach at once must refuse the lower epoch itself, at the moment
 * of the write; a look at the epoch beforehand is not enough. {@link LocalLaneState} need not: the
 * data directory's lock keeps a second process out.
 */
public interface LaneState {
    /**
     * The decisions that are durable. It changes with each append that becomes durable. What a
     * store has said stays in it even when the append that says so has failed.
     */
    LanePlan plan();

    /** 64 random bits of the present owner: part of every key it gives. */
    long salt();

    /**
     * Whether the plan is known to be durable: this owner has written it again, or the lane was
     * new. What an earlier process wrote and did not sync can be read, and may not survive a power
     * cut.
     */
    boolean confirmed();

    /**
     * Becomes the owner, unless it is the owner already: writes the plan again, under a new epoch
     * and with a new salt. It must be called before anything is done that rests on the plan as it
     * was read.
     *
     * @throws IOException when that failed, or a later owner has taken over
     */
    void own() throws IOException;

    /**
     * Appends the records as one, all of them or none, and makes them durable with all earlier
     * ones. They are in the plan when this returns. Becomes the owner first, unless it is the owner
     * already.
     *
     * @throws DiskFullException when there was no room: nothing was appended, and what was appended
     *     before may still be synced
     * @throws IOException when that failed otherwise, or a later owner has taken over; {@link
     *     #own()} says which of the two
     * @throws IllegalStateException when the records do not continue the plan: nothing was appended
     */
    void append(List<? extends LaneRecord> records) throws IOException;

    /**
     * Appends the records as one; they become durable and part of the plan with the next sync.
     * Fails as {@link #append} does.
     */
    void appendUnsynced(List<? extends LaneRecord> records) throws IOException;

    /** Makes everything appended durable and applies it to the plan. */
    void sync() throws IOException;

    /**
     * How many commits were appended and are not durable yet. An append or a sync that fails
     * discards them.
     */
    int unsyncedCommits();

    /**
     * Makes durable that the lane has ended, with everything that was committed in it, and closes.
     * Nothing is written for a lane that never had anything to read.
     */
    void end() throws IOException;

    /**
     * Closes what it has open, when everything that was begun is committed; the next append becomes
     * the owner again. Nothing happens while something is open.
     */
    void rest();

    /** Bytes that the state takes on the local disk. */
    long bytes();

    /**
     * Gives back what it holds; what was appended and not synced may be durable or not. May be
     * called twice.
     */
    void close();
}
