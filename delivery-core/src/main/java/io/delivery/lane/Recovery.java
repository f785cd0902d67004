package io.delivery.lane;

import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.lane.record.Recorder;
import io.delivery.log.Log;
import java.io.IOException;

/**
 * Takes over what an earlier process, or what was read before spilled or staged bytes were lost,
 * has left. Belongs to its lane's executor.
 */
final class Recovery {
    /**
     * The log forgets less than this with the next commit only, so that an idle lane writes nothing
     * when it starts.
     */
    private static final long FORGET_AT_START_BYTES = 1 << 20;

    private final Log source;
    private final LogPosition position;
    private final OpenRanges ranges;
    private final Filling filling;
    private final Recorder recorder;

    Recovery(
            Log source,
            LogPosition position,
            OpenRanges ranges,
            Filling filling,
            Recorder recorder) {
        this.source = source;
        this.position = position;
        this.ranges = ranges;
        this.filling = filling;
        this.recorder = recorder;
    }

    /** Finishes what an earlier process began, and makes ready to read on. */
    void takeOver() throws IOException {
        ranges.deleteSpools();
        if (recorder.unfinished() || position.durableEnd() > recorder.plan().openStart()) {
            recorder.recover();
        }
        resumeOpenRange();
        recorder.commit();
    }

    /** What objects of the open range hold already is skipped when it is read again. */
    private void resumeOpenRange() {
        RangePlan open = recorder.plan().openRange();
        if (open != null) {
            filling.resume(open);
        }
    }

    /**
     * Begins again with the open range, as after a start.
     *
     * @param before run when nothing of it is read any more
     */
    void readAgain(Recording recording, Runnable before) {
        ranges.forEach(recording::giveUp);
        filling.startOver(recorder.plan().openStart());
        before.run();
        resumeOpenRange();
    }

    /**
     * An earlier process may have died after a commit and before the log forgot.
     *
     * @return whether so much was committed that the log should forget it now
     */
    boolean ownWhatWasCommitted() throws IOException {
        long committed =
                source.durableBytesFrom(source.begin())
                        - source.durableBytesFrom(recorder.plan().checkpoint());
        if (committed <= FORGET_AT_START_BYTES) {
            return false;
        }
        recorder.own(); // what was believed at the start may not have been synced
        return true;
    }

    /**
     * Notes that a lane which was switched off has ended, once it has read and committed
     * everything.
     *
     * @return whether it has ended, and that is durable
     */
    boolean endWhenDrained() throws IOException {
        if (!position.atItsEnd()) {
            return false;
        }
        // A lane that never had anything to read leaves nothing on the disk, not even its end.
        boolean untouched = recorder.plan().begin() == position.next();
        if (!untouched && !recorder.plan().isSettledUpTo(position.next())) {
            return false;
        }
        if (recorder.plan().ended()) {
            recorder.own(); // the end that a dead process wrote may not have been synced
        } else if (!untouched) {
            recorder.end();
        }
        return true;
    }
}
