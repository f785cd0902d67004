package io.delivery.lane;

import io.delivery.failure.FailureText;
import io.delivery.lane.Troubles.Cause;
import io.delivery.lane.encode.ClosedBuffers;
import io.delivery.lane.encode.Encoded;
import io.delivery.lane.encode.GroupEncoder;
import io.delivery.lane.path.Fate;
import io.delivery.lane.range.OpenRange;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Records that did not convert, on their way to the error output: they stay in the buffers that
 * they were encoded from until there is room for their error lines, which take more than they do. A
 * piece of them is settled at a time; it is encoded, landed and freed before the next one when room
 * is short. Belongs to its lane's executor.
 */
final class ConversionFailures {
    private final Filling filling;
    private final ClosedBuffers closed;
    private final Allowance allowance;

    /**
     * Those of older ranges first, since nothing of a range is recorded before its predecessors.
     */
    private final List<Waiting> waiting = new ArrayList<>();

    /** What did not convert of one group of buffers. */
    private static final class Waiting {
        private final Encoded.Staged answer;
        private final Deque<GroupEncoder.Rejects.Reader> readers = new ArrayDeque<>();

        Waiting(Encoded.Staged answer) {
            this.answer = answer;
            answer.result().rejects().forEach(rejects -> readers.add(rejects.reader()));
        }

        /** The next rejected record; null behind the last one. */
        GroupEncoder.Rejects.Reader next() throws IOException {
            while (!readers.isEmpty() && !readers.peekFirst().advance()) {
                readers.removeFirst();
            }
            return readers.peekFirst();
        }
    }

    /** What was read into this range is of no use: it must be read from the log again. */
    static final class LostException extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient OpenRange range;
        private final Cause trouble;

        /** Spilled records could not be read again. */
        LostException(OpenRange range, IOException cause) {
            this(
                    range,
                    Cause.SPOOL,
                    "spilled records were lost and are read again: " + FailureText.of(cause),
                    cause);
        }

        /**
         * @param why a sentence
         */
        LostException(OpenRange range, Cause trouble, String why, Throwable cause) {
            super(why, cause);
            this.range = range;
            this.trouble = trouble;
        }

        /** What it is a trouble of. */
        Cause trouble() {
            return trouble;
        }

        OpenRange range() {
            return range;
        }
    }

    ConversionFailures(Filling filling, ClosedBuffers closed, Allowance allowance) {
        this.filling = filling;
        this.closed = closed;
        this.allowance = allowance;
    }

    /** Takes over the buffers of this answer, and gives them back when all is settled. */
    void add(Encoded.Staged answer) {
        if (answer.rejected() == 0) {
            answer.release();
            return;
        }
        answer.range().rejected(answer.rejected());
        int at = waiting.size();
        while (at > 0 && waiting.get(at - 1).answer.range().start() > answer.range().start()) {
            at--;
        }
        waiting.add(at, new Waiting(answer));
    }

    boolean waiting() {
        return !waiting.isEmpty();
    }

    /** How many groups of buffers have records that are not settled. */
    int groups() {
        return waiting.size();
    }

    /** Whether some of this range, or of an older one, are not settled. */
    boolean waitingBefore(OpenRange range) {
        return waiting() && waiting.get(0).answer.range().start() <= range.start();
    }

    /**
     * Settles as many as there is room for, up to one piece.
     *
     * @return whether a piece was closed: there may be room for another one when it is with an
     *     encoder
     * @throws LostException when a range must be read again; what is left of others goes on later
     */
    boolean settle() throws LostException {
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting next = all.next();
            OpenRange range = next.answer.range();
            if (range.givenUp()) {
                all.remove();
                next.answer.release();
                continue;
            }
            long piece = allowance.errorPiece(range);
            if (piece == 0) {
                return false;
            }
            boolean settled;
            try {
                settled = settle(next, range, piece);
            } catch (IOException lost) {
                throw new LostException(range, lost);
            }
            if (!settled) {
                closed.add(range, range.takeErrors());
                return true;
            }
            all.remove();
            range.rejectedSettled();
            next.answer.release();
        }
        return false;
    }

    /** Whether all of them are settled. */
    private boolean settle(Waiting next, OpenRange range, long piece) throws IOException {
        while (range.errorBytes() < piece) {
            GroupEncoder.Rejects.Reader rejected = next.next();
            if (rejected == null) {
                return true;
            }
            range.rejectedPart();
            filling.settle(range, rejected.record(), new Fate.Failed(rejected.failure()));
        }
        return false;
    }

    /** The lane stops: nothing more is settled. */
    void stop() {
        waiting.forEach(next -> next.answer.release());
        waiting.clear();
    }
}
