package io.delivery.landing;

import io.delivery.record.ObjectName;
import io.delivery.staging.StagedContent;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A place where objects become visible. Thread-safe. One attempt per call: retrying is the caller's
 * business. Stages complete with an answer; they fail only for defects of the program and for
 * {@link io.delivery.staging.DamagedStagingException}.
 */
public interface ObjectStore extends AutoCloseable {
    /**
     * Makes the object visible under this name, if nothing is there. Never replaces what is visible
     * with other bytes: the condition is asked of every store that knows it.
     *
     * @param uploads told when the store has given a multipart upload id
     */
    CompletionStage<Landing> land(
            StagedContent content,
            ObjectName name,
            ObjectAttributes attributes,
            UploadListener uploads);

    /** Looks whether the object of this name is the one with these attributes and this content. */
    CompletionStage<Found> find(
            ObjectName name, ObjectAttributes attributes, StagedContent content);

    /**
     * As {@link #find}, and reads the visible bytes and compares them: for an answer that was in
     * doubt.
     *
     * @return OURS only when the bytes are those that were staged; STRANGER when they are not
     */
    default CompletionStage<Found> readBack(
            ObjectName name, ObjectAttributes attributes, StagedContent content) {
        return find(name, attributes, content); // a store whose look reads the bytes anyway
    }

    /**
     * Why this store would refuse this name, as far as that is known without asking it: by the
     * rules for names of its kind. Empty when it may take it.
     */
    default Optional<Landing.Denied> refusal(ObjectName name) {
        return Optional.empty();
    }

    /**
     * For how long a request for an object of so many bytes may still make it visible after whoever
     * sent it has died or given it up, as far as that can be known. A key is given up no sooner.
     */
    Duration requestLife(long bytes);

    /**
     * The store as its settings are now, for several calls that belong together. Settings that
     * change meanwhile make another one for whoever comes later; this one stays open until the
     * lease is given back.
     */
    default Lease lease() {
        return new Lease(this, () -> {});
    }

    /** Cleans up a multipart upload of ours that a dead process left; what is gone is fine. */
    CompletionStage<Void> abort(ObjectName name, String uploadId);

    /** The right to ask a store under the same settings for a while. Thread-safe. */
    final class Lease implements AutoCloseable {
        private final ObjectStore store;
        private final AtomicReference<Runnable> giveBack;

        public Lease(ObjectStore store, Runnable giveBack) {
            this.store = store;
            this.giveBack = new AtomicReference<>(giveBack);
        }

        /** Whom to ask: another object for other settings. */
        public ObjectStore store() {
            return store;
        }

        /** Gives it back; once, however often it is called. */
        @Override
        public void close() {
            Runnable once = giveBack.getAndSet(null);
            if (once != null) {
                once.run();
            }
        }
    }

    /** Lands in order to be told a multipart upload id. */
    @FunctionalInterface
    interface UploadListener {
        UploadListener IGNORE = uploadId -> {};

        void started(String uploadId);
    }

    /** What the store answered to a landing. */
    sealed interface Landing {
        /** Calls the visitor's method for this answer. */
        void accept(Visitor visitor);

        /** Knows every answer: a new one does not compile before each visitor knows what to do. */
        interface Visitor {
            void landed(Landed landed);

            void occupied();

            void unknown(Unknown unknown);

            void denied(Denied denied);

            void doubtful(Doubtful doubtful);

            void unreadable(Unreadable unreadable);
        }

        /**
         * Visible.
         *
         * @param said what the store said of it (ETag, version), for the ledger
         */
        record Landed(String said) implements Landing {
            @Override
            public void accept(Visitor visitor) {
                visitor.landed(this);
            }
        }

        /** Something is already there under this name: look. */
        record Occupied() implements Landing {
            @Override
            public void accept(Visitor visitor) {
                visitor.occupied();
            }
        }

        /** It may have landed: look, then try again. */
        record Unknown(String reason) implements Landing {
            @Override
            public void accept(Visitor visitor) {
                visitor.unknown(this);
            }
        }

        /**
         * The store refuses, and would refuse again: wrong rights, no such bucket, a class or key
         * it does not know. Nothing has become visible by this request, and nothing will.
         *
         * @param of what it refuses
         * @param remedy what an operator can do, one sentence
         */
        record Denied(Of of, String code, String message, String remedy) implements Landing {
            /** What a refusal is about. */
            public enum Of {
                /**
                 * This key, whoever asks and whatever the bytes: too long, no name that the store
                 * knows, below another object, or the path of other objects. The store says so only
                 * when it is certain, and takes other keys in the same bucket. The object will not
                 * land unless somebody changes what is in the store.
                 */
                THE_KEY,
                /** The bucket, the caller, the request or the store: or nobody knows. */
                MORE_THAN_THE_KEY
            }

            /** A refusal that is not certainly of this one key. */
            public Denied(String code, String message, String remedy) {
                this(Of.MORE_THAN_THE_KEY, code, message, remedy);
            }

            /** A refusal of this key alone. */
            public static Denied ofTheKey(String code, String message, String remedy) {
                return new Denied(Of.THE_KEY, code, message, remedy);
            }

            /** What was refused, without what can be done about it. */
            public String said() {
                return code + ": " + message;
            }

            /** All three of them, as one text for people. */
            public String text() {
                // Some servers end their sentences with a full stop, and some do not.
                return said() + (message.endsWith(".") ? " " : ". ") + remedy;
            }

            @Override
            public void accept(Visitor visitor) {
                visitor.denied(this);
            }
        }

        /** It answered success and another length or checksum than what was sent. */
        record Doubtful(String said) implements Landing {
            @Override
            public void accept(Visitor visitor) {
                visitor.doubtful(this);
            }
        }

        /**
         * Something is visible under this name, and the store does not let it be read back, so that
         * it does not count. No refusal: whoever hears one may give the key up at once.
         *
         * @param reason in the words of the store
         * @param remedy what an operator can do, one sentence
         */
        record Unreadable(String reason, String remedy) implements Landing {
            /** Both of them, as one text for people. */
            public String text() {
                return reason + ". " + remedy;
            }

            @Override
            public void accept(Visitor visitor) {
                visitor.unreadable(this);
            }
        }
    }

    /**
     * What a look has found.
     *
     * @param reason why nobody knows, in the words of the store, with what an operator can do where
     *     there is something; of a stranger, what is seen of it; otherwise empty
     */
    record Found(Presence presence, String reason) {
        public static final Found OURS = new Found(Presence.OURS, "");
        public static final Found ABSENT = new Found(Presence.ABSENT, "");
        public static final Found FORBIDDEN = new Found(Presence.FORBIDDEN, "");

        /**
         * @param seen what the store says of it: two looks that say the same see the same
         */
        public static Found stranger(String seen) {
            return new Found(Presence.STRANGER, seen);
        }

        public static Found unknown(String reason) {
            return new Found(Presence.UNKNOWN, reason);
        }
    }

    /** What is there. */
    enum Presence {
        /** The object with our mark, length and checksum. */
        OURS,
        ABSENT,
        /** Something else under our name. */
        STRANGER,
        /** We may not look, e.g. a role that may only put. */
        FORBIDDEN,
        /** No answer, or one that tells nothing of the object: never the same as absent. */
        UNKNOWN
    }

    @Override
    void close();
}
