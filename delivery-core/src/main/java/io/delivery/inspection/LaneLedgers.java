package io.delivery.inspection;

import io.delivery.landing.CommittedRange;
import io.delivery.ledger.LedgerReader;
import io.delivery.world.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads the ledger of a lane, and tells what is damaged in it. */
final class LaneLedgers {
    private LaneLedgers() {}

    /** Is told what is damaged. */
    @FunctionalInterface
    interface OnDamage {
        /**
         * @param place the byte in the file
         */
        void found(Path file, long place, String reason);
    }

    /**
     * @param lane its directory
     * @param begin the first sequence that the lane reads
     * @param durableEnd as the lane's state tells it
     */
    static void read(
            Path lane,
            Disk disk,
            long begin,
            long durableEnd,
            Consumer<CommittedRange> committed,
            OnDamage damaged)
            throws IOException {
        LedgerReader.read(
                lane,
                disk,
                begin,
                durableEnd,
                new LedgerReader.Visitor() {
                    @Override
                    public void committed(CommittedRange range) {
                        committed.accept(range);
                    }

                    @Override
                    public void damaged(Path file, long from, long to, String reason) {
                        damaged.found(file, from, "%s in %d bytes".formatted(reason, to - from));
                    }
                });
    }
}
