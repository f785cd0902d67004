package io.delivery.format;

import io.delivery.record.SequencedRecord;
import java.io.IOException;

/** All records of one object, in log order, once. */
public interface RecordSource {
    /** The next record, as a view that is valid until the next call; null behind the last one. */
    SequencedRecord next() throws IOException;
}
