package io.delivery.lane;

import io.delivery.failure.FailureText;
import io.delivery.lane.Troubles.Cause;
import io.delivery.lane.encode.ClosedBuffers;
import io.delivery.lane.encode.Encoded;
import io.delivery.lane.record.Recorder;
import io.delivery.world.DiskFullException;

/**
 * Has closed buffers encoded, and what did not convert settled, as far as there is room on the
 * disk. When something waits for room, the staged bytes of what has landed make some. Belongs to
 * its lane's executor.
 */
final class Encoding {
    private final ClosedBuffers closed;
    private final Filling filling;
    private final ConversionFailures failures;
    private final Allowance allowance;
    private final Recorder recorder;
    private final Definitions definitions;
    private final Troubles troubles;

    Encoding(
            Filling filling,
            ClosedBuffers closed,
            Allowance allowance,
            Recorder recorder,
            Definitions definitions,
            Troubles troubles) {
        this.troubles = troubles;
        this.definitions = definitions;
        this.filling = filling;
        this.closed = closed;
        this.failures = new ConversionFailures(filling, closed, allowance);
        this.allowance = allowance;
        this.recorder = recorder;
    }

    /**
     * Takes over what became of an attempt to encode. One that fails is made again, unless another
     * definition is in force meanwhile or waits: what fails under the old one, for instance because
     * it names a table that is not there, must not wait for ever.
     *
     * @return whether the attempt has ended; it is made again otherwise
     * @throws ConversionFailures.LostException when its range must be read again
     */
    boolean take(Encoded answer) throws ConversionFailures.LostException {
        if (answer instanceof Encoded.Staged staged) {
            troubles.clear(Cause.ENCODING);
            staged.range().addStaged(staged.result().staged());
            failures.add(staged);
            return true;
        }
        if (answer instanceof Encoded.Failed failed) {
            boolean full = DiskFullException.isBehind(failed.reason());
            if (!full && definitions.overtake(failed.range().components())) {
                throw new ConversionFailures.LostException(
                        failed.range(),
                        Cause.ENCODING,
                        "records are read again under the definition that has been changed: "
                                + FailureText.of(failed.reason()),
                        failed.reason());
            }
            troubles.put(
                    Cause.ENCODING,
                    "objects could not be encoded or staged: " + FailureText.of(failed.reason()));
            if (full) {
                recorder.freeLanded(0); // others have filled the disk: our shares do not tell
            }
            return false;
        }
        if (answer instanceof Encoded.SpoolLost lost) {
            throw new ConversionFailures.LostException(lost.range(), lost.reason());
        }
        if (answer instanceof Encoded.TooLate late) {
            OpenRanges.release(late.range());
            return true;
        }
        throw new IllegalStateException("an answer that is not known: " + answer);
    }

    /** Whether something waits for room. */
    boolean waits() {
        return closed.waiting() || failures.waiting();
    }

    /**
     * Goes on as far as there is room.
     *
     * @return whether all that did not convert of some buffers has been settled: their range may
     *     have nothing left but its error output
     * @throws ConversionFailures.LostException when a range must be read again
     */
    boolean goOn() throws ConversionFailures.LostException {
        int before = failures.groups();
        boolean more = true;
        filling.closeWithoutRoom();
        while (more) {
            boolean piece = failures.settle();
            closed.encodeWhatFits(this::mayBeEncoded);
            more = piece && !closed.waiting() || makeRoom();
        }
        return failures.groups() < before;
    }

    /** Memory for what did not convert is bounded: it is settled before more is encoded. */
    private boolean mayBeEncoded(ClosedBuffers.Group group) {
        return (group.ofErrors() || !failures.waitingBefore(group.range()))
                && allowance.admits(group);
    }

    private boolean makeRoom() {
        if (waits() || allowance.outOfRoom() && filling.mustReadOn()) {
            return recorder.freeLanded(0);
        }
        return allowance.outOfRoom() && recorder.freeLanded(allowance.worthFreeing());
    }

    /** Nothing goes on from now on. */
    void stop() {
        failures.stop();
    }
}
