package io.delivery.staging;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;

/**
 * A lane's staging area: bytes of objects that are durable and that nobody sees. Files may be
 * written by several threads, each file by one.
 *
 * <p><b>Fencing.</b> The area belongs to the owner of the lane's state. What a former owner stages
 * late does no harm: no record can name it any more, and it is removed with the next {@link
 * #deleteAllBut}. What must not happen is that a former owner removes or changes what a later one
 * has staged. So no two owners give a file the same name, a staged file is never written to again,
 * and a place that two processes can reach at once removes only files of the owner that asks and of
 * those before it. {@link LocalStaging} need not tell them apart: the data directory's lock keeps a
 * second process out.
 */
public interface Staging {
    /** Opens a fresh file that belongs to one range. Never reopened after it is staged. */
    StagingFile open() throws IOException;

    /** The bytes of a staged object, to be read any number of times. */
    StagedContent content(StagedBytes staged);

    /** Removes a file none of whose objects will be needed again. */
    void delete(String file) throws IOException;

    /** Names of all files that are there. */
    List<String> files() throws IOException;

    /**
     * Removes every file that is not named: what a dead process left unrecorded. Only the owner of
     * the lane's state asks for it, and only after it has become that.
     */
    default void deleteAllBut(Set<String> named) throws IOException {
        for (String file : files()) {
            if (!named.contains(file)) {
                delete(file);
            }
        }
    }

    /** Bytes on disk at present. */
    long bytes();

    /** A file being written: objects one behind the other. */
    interface StagingFile extends AutoCloseable {
        /**
         * Where the next object's bytes go, from here until {@link #end()} or {@link #discard()}.
         */
        OutputStream begin();

        /** Ends the object. Its bytes are believed only after {@link #stage()}. */
        StagedBytes end() throws IOException;

        /** Takes the object begun back; what it wrote is overwritten by the next one. */
        void discard() throws IOException;

        /** Makes all ended objects and the file's name durable. */
        void stage() throws IOException;

        /** Without {@link #stage()} before it, leaves nothing behind. */
        @Override
        void close() throws IOException;
    }
}
