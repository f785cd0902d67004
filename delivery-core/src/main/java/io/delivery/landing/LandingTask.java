package io.delivery.landing;

import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.staging.StagedContent;
import java.util.concurrent.Executor;

/**
 * What to land.
 *
 * @param before what an earlier process may have sent for it
 * @param owner runs what the listener is told
 */
public record LandingTask(
        String stream,
        ObjectStore store,
        ObjectRecord object,
        StagedContent content,
        Before before,
        Executor owner,
        Listener listener) {

    /** What may have happened before. */
    public enum Before {
        NOTHING_WAS_SENT,
        /** An earlier process may have sent requests for it: it is looked for before the first. */
        SOMETHING_MAY_HAVE_BEEN_SENT,
        /** As before, and its answer did not match: what is there must be read back. */
        ANSWER_WAS_DOUBTED
    }

    /**
     * Whom to tell, on its own executor. Every object ends with one call of the first three, unless
     * its key is given up ({@link Landings#giveUp}).
     */
    public interface Listener {
        void landed(ObjectRecord object, String said);

        /**
         * Something else is visible under our key: never overwritten, the stream must stop.
         *
         * @param seen what the store shows there
         */
        void stranger(ObjectRecord object, String seen);

        /**
         * The staged bytes are not those that were recorded, the store does not have the object,
         * and no request for it can still be under way, as far as that can be known.
         */
        void damaged(ObjectRecord object, String reason);

        /**
         * The store refuses this very key and takes others. The object waits and is tried again,
         * until somebody gives its key up.
         *
         * @param said by the store: a code, and its words
         */
        void keyRefused(ObjectRecord object, String said);

        /** The store answered something else than what was sent; it is read back next. */
        void doubt(ObjectRecord object, String said);

        void uploadStarted(ObjectRecord object, String uploadId);

        /**
         * What is the matter in this bucket of a store; nothing any more, with any object that has
         * to land there, when the text is empty.
         */
        void trouble(String bucket, String text);
    }

    String bucket() {
        return object.name().bucket();
    }
}
