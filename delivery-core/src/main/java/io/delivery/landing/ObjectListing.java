package io.delivery.landing;

import io.delivery.record.ObjectName;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Shows what is in a store to whoever compares it with what was recorded: for {@code verify}.
 * Changes nothing, unless it is told to end an upload. Blocking, up to minutes when the store does
 * not answer; never called by a lane.
 */
public interface ObjectListing {
    /**
     * Looks at objects, several at a time.
     *
     * @return one answer for each name, in their order
     */
    List<Look> look(List<ObjectName> names, Depth depth);

    /** Whether an object carries the mark that it landed with. */
    boolean keepsMarks();

    /**
     * Shows every object whose key begins with the prefix; a bucket that is not there has none.
     *
     * @throws IOException when they could not all be listed; the message says why
     */
    void list(String bucket, String prefix, Consumer<Listed> visitor) throws IOException;

    /** The multipart uploads of keys with this prefix that are neither completed nor aborted. */
    Uploads uploads(String bucket, String prefix);

    /**
     * Ends a multipart upload; one that is gone is fine.
     *
     * @throws IOException when it may still be there; the message says why
     */
    void endUpload(ObjectName name, String uploadId) throws IOException;

    /** How closely to look. */
    enum Depth {
        /** What the store says of the object. */
        ATTRIBUTES,
        /** The same, and every byte is read. */
        BYTES
    }

    /** What is there under one name. */
    sealed interface Look {
        /** Calls the visitor's method for this answer. */
        void accept(Visitor visitor);

        /**
         * Knows every answer: a new one does not compile before each visitor knows what it means.
         */
        interface Visitor {
            void present(Present there);

            void absent();

            void unseen(Unseen none);
        }

        /**
         * An object.
         *
         * @param mark that it carries
         * @param markedCrc32 the checksum beside the mark
         * @param crc32 of the bytes: as read, or as the store tells it, if it does
         */
        record Present(
                long length, Optional<String> mark, OptionalInt markedCrc32, OptionalInt crc32)
                implements Look {
            @Override
            public void accept(Visitor visitor) {
                visitor.present(this);
            }
        }

        record Absent() implements Look {
            @Override
            public void accept(Visitor visitor) {
                visitor.absent();
            }
        }

        /** We may not look, or there was no answer. */
        record Unseen(String reason) implements Look {
            @Override
            public void accept(Visitor visitor) {
                visitor.unseen(this);
            }
        }
    }

    /**
     * An object in a listing.
     *
     * @param modifiedMillis by the store's clock, milliseconds since the epoch; empty when unknown
     */
    record Listed(String key, OptionalLong modifiedMillis) {}

    /** A multipart upload that was begun. */
    record Upload(String key, String id) {}

    /**
     * Uploads.
     *
     * @param unseen why they, or some of them, cannot be seen; empty when all were
     */
    record Uploads(List<Upload> all, Optional<String> unseen) {}
}
