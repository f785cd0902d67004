package io.delivery.stream;

import io.delivery.journal.Journal;
import io.delivery.lane.Lane;
import java.util.ArrayList;
import java.util.List;

/** What is the matter with a stream that is not being removed. Thread-safe. */
final class StreamTroubles {
    private final Journal journal;
    private final JournalFill fill;
    private final Refusals refusals;
    private final Lanes lanes;

    StreamTroubles(Journal journal, JournalFill fill, Refusals refusals, Lanes lanes) {
        this.journal = journal;
        this.fill = fill;
        this.refusals = refusals;
        this.lanes = lanes;
    }

    /** A sentence for each; none when all is well. */
    List<String> sentences() {
        List<String> troubles = new ArrayList<>();
        troubles.add(journal.trouble());
        troubles.add(fill.trouble());
        troubles.add(fill.refuses() ? "" : refusals.sentence());
        for (Lane lane : lanes.all()) {
            troubles.addAll(lane.snapshot().troubles());
        }
        troubles.removeIf(String::isEmpty);
        return troubles;
    }
}
