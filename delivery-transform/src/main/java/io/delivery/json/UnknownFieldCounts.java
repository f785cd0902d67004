package io.delivery.json;

import io.delivery.format.UnknownFields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts the fields that fill no column, under a bounded number of names. */
final class UnknownFieldCounts {
    private static final int MAX_NAMES = 1000;
    private static final int MAX_NAME_LENGTH = 256;

    private final Map<String, Count> counts = new HashMap<>();
    private final Count others = new Count(UnknownFields.OTHERS);
    private final List<Count> ofThisRecord = new ArrayList<>();

    /** How often one name was seen. */
    static final class Count {
        private final String name;
        private long converted;
        private long convertedSuperseded;
        private int pending;
        private int pendingSuperseded;
        private boolean inThisRecord;

        private Count(String name) {
            this.name = name;
        }
    }

    Count of(ColumnPath path) {
        String pattern = path.pattern();
        String name =
                pattern.length() > MAX_NAME_LENGTH
                        ? pattern.substring(0, MAX_NAME_LENGTH)
                        : pattern;
        Count count = counts.get(name);
        if (count != null) {
            return count;
        }
        if (counts.size() >= MAX_NAMES) {
            return others;
        }
        Count first = new Count(name);
        counts.put(name, first);
        return first;
    }

    /** A field without a column. */
    void seen(Count count) {
        count.pending++;
        note(count);
    }

    /** One of those that were seen in this record does not count. */
    void notSeen(Count count) {
        count.pending--;
    }

    /** A field in whose place another one of the record counts. */
    void superseded(Count count) {
        count.pendingSuperseded++;
        note(count);
    }

    private void note(Count count) {
        if (!count.inThisRecord) {
            count.inThisRecord = true;
            ofThisRecord.add(count);
        }
    }

    /** The record has become rows: what was seen in it counts. */
    void keep() {
        for (Count count : ofThisRecord) {
            count.converted += count.pending;
            count.convertedSuperseded += count.pendingSuperseded;
        }
        forget();
    }

    /** The record goes to the error output, with all of its fields. */
    void forget() {
        for (Count count : ofThisRecord) {
            count.pending = 0;
            count.pendingSuperseded = 0;
            count.inThisRecord = false;
        }
        ofThisRecord.clear();
    }

    void report(UnknownFields unknownFields) {
        for (Count count : counts.values()) {
            report(count, unknownFields);
        }
        report(others, unknownFields);
    }

    private static void report(Count count, UnknownFields unknownFields) {
        if (count.converted > 0) {
            unknownFields.seen(count.name, count.converted);
            count.converted = 0;
        }
        if (count.convertedSuperseded > 0) {
            unknownFields.superseded(count.name, count.convertedSuperseded);
            count.convertedSuperseded = 0;
        }
    }
}
