package io.delivery.wiring;

import io.delivery.format.UnknownFields;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the fields of a stream's records that the table has no column for, and writes each name to
 * the log once. Names are the producers' choice, so there is a bound on how many are told.
 */
final class FieldsWithoutColumn implements UnknownFields {
    private static final Logger log = LoggerFactory.getLogger(FieldsWithoutColumn.class);

    private static final int MOST_NAMES = 100;

    private final Metrics metrics;
    private final String stream;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    FieldsWithoutColumn(Metrics metrics, String stream) {
        this.metrics = metrics;
        this.stream = stream;
    }

    @Override
    public void seen(String field, long times) {
        metrics.add(Metric.UNKNOWN_FIELDS, stream, times);
        if (told.size() < MOST_NAMES && told.add(field)) {
            log.info(
                    "the table has no column for a field, which is not written: stream={} field={}",
                    stream,
                    field);
        }
    }
}
