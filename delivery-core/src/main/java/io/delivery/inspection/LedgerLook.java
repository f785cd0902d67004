package io.delivery.inspection;

import io.delivery.inspection.StreamInspection.Damage;
import io.delivery.landing.CommittedRange;
import io.delivery.ledger.LedgerReader;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Hands on what is found in a lane's ledger. */
record LedgerLook(Consumer<CommittedRange> ranges, Consumer<Damage> damage)
        implements LedgerReader.Visitor {
    @Override
    public void committed(CommittedRange range) {
        ranges.accept(range);
    }

    @Override
    public void damaged(Path file, long from, long to, String reason) {
        damage.accept(new Damage(file, from, 0, 0, "%s in %d bytes".formatted(reason, to - from)));
    }
}
