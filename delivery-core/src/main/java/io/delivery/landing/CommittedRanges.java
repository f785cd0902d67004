package io.delivery.landing;

import java.io.Closeable;
import java.io.IOException;

/**
 * The ledger as a lane's state sees it: where committed ranges go before the state forgets them.
 * Belongs to the lane's serial executor.
 */
public interface CommittedRanges {
    /** Keeps nothing: for a lane whose history nobody asks for. */
    CommittedRanges FORGOTTEN =
            checkpoint ->
                    new Keeping() {
                        @Override
                        public void add(CommittedRange range) {}

                        @Override
                        public void sync() {}

                        @Override
                        public void close() {}
                    };

    /**
     * Continues the ledger behind a checkpoint. Entries behind it were written for a state file
     * that never replaced the present one. They are cut and written again, so that no range is
     * there twice.
     *
     * @param checkpoint everything below is durable in the ledger, or had left it
     */
    Keeping keepFrom(long checkpoint) throws IOException;

    /** Takes ranges over, the oldest first. */
    interface Keeping extends Closeable {
        void add(CommittedRange range) throws IOException;

        /** Makes everything added durable. From here on the state may forget it. */
        void sync() throws IOException;
    }
}
