package io.delivery.lane.range;

import io.delivery.landing.LaneRecord.ObjectRecord;

/**
 * How many records objects hold, by the output that they belong to. Immutable.
 *
 * @param main in objects of the main output
 * @param error in objects of the error output
 */
record RecordSums(long main, long error) {
    static final RecordSums NONE = new RecordSums(0, 0);

    RecordSums plus(ObjectRecord object) {
        return object.kind().isError()
                ? new RecordSums(main, error + object.records())
                : new RecordSums(main + object.records(), error);
    }

    RecordSums plus(Iterable<ObjectRecord> objects) {
        RecordSums sums = this;
        for (ObjectRecord object : objects) {
            sums = sums.plus(object);
        }
        return sums;
    }

    RecordSums plus(RecordSums others) {
        return new RecordSums(main + others.main, error + others.error);
    }

    long all() {
        return main + error;
    }
}
