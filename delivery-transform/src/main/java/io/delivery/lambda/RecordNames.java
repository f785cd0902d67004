package io.delivery.lambda;

import io.delivery.record.Incarnation;
import io.delivery.record.RecordId;
import io.delivery.record.SequencedRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * What a function calls the records of one stream: the digits of the id that the producer got, and
 * the part behind a dot when the record was split. The same record has the same name each time.
 */
final class RecordNames {
    /** Digits of 28 bytes, a dot, and digits of an int: no name is longer. */
    static final int LONGEST = 68 + 1 + 10;

    private final Incarnation stream;

    RecordNames(Incarnation stream) {
        this.stream = stream;
    }

    List<String> of(List<? extends SequencedRecord> records) {
        List<String> names = new ArrayList<>(records.size());
        for (SequencedRecord record : records) {
            String id = new RecordId(stream, record.sequence()).digits();
            boolean whole = record.part() == 0 && record.lastPart();
            names.add(whole ? id : id + "." + record.part());
        }
        return names;
    }
}
