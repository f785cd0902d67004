package io.delivery.verify;

import java.util.Locale;

/**
 * Something that is not as it was recorded.
 *
 * @param stream empty when it is nobody's in particular
 * @param lane empty when it is the stream's
 * @param subject a range, an object or a file
 * @param text what was found, and what should be
 */
public record Finding(Kind kind, String stream, String lane, String subject, String text) {
    /** What it means. */
    public enum Kind {
        /** A file of the data directory that cannot be believed. */
        DAMAGED,
        /** Decisions that do not add up, or contradict each other. */
        UNBALANCED,
        /** An object that landed and is not there. */
        MISSING,
        /** An object that is not the one that landed. */
        CHANGED,
        /** An object with our form of key that was never recorded. */
        UNKNOWN,
        /** An object that was given up and is there: its records are in the store twice. */
        VOID,
        /** A multipart upload of ours that nobody will complete: takes room, hides nothing. */
        ORPHANED,
        /** It could not be looked at, so nothing is proven of it. */
        UNSEEN;

        /** Whether everything is as it was recorded all the same. */
        public boolean isWarning() {
            return this == ORPHANED;
        }
    }

    @Override
    public String toString() {
        return "%s %s%s%s%s: %s"
                .formatted(
                        kind.name().toLowerCase(Locale.ROOT),
                        stream,
                        lane.isEmpty() ? "" : " " + lane,
                        stream.isEmpty() || subject.isEmpty() ? "" : ", ",
                        subject,
                        text);
    }
}
