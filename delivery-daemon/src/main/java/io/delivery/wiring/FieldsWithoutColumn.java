package io.delivery.wiring;

import io.delivery.admin.UnknownFieldTally;
import io.delivery.format.UnknownFieldPolicy;
import io.delivery.format.UnknownFields;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the fields of a stream's records that the table has no column for, and writes each name to
 * the log once. Names are the producers' choice, so there is a bound on how many are told and how
 * many are told apart. Thread-safe.
 */
final class FieldsWithoutColumn {
    private static final Logger log = LoggerFactory.getLogger(FieldsWithoutColumn.class);

    private static final int MOST_TOLD = 100;
    private static final int MOST_NAMES = 1000;
    private static final int MOST_FREQUENT = 20;

    private final Metrics metrics;
    private final String stream;
    private final Map<String, Long> times = new HashMap<>();
    private long others;

    FieldsWithoutColumn(Metrics metrics, String stream) {
        this.metrics = metrics;
        this.stream = stream;
    }

    /**
     * What a decoder with this policy reports to.
     *
     * @param policy what has become of the fields, for the log
     */
    UnknownFields under(UnknownFieldPolicy policy) {
        String became =
                policy.accept(
                        new UnknownFieldPolicy.Visitor<>() {
                            @Override
                            public String drop(UnknownFieldPolicy.Drop drop) {
                                return "which is not written";
                            }

                            @Override
                            public String refuse(UnknownFieldPolicy.Refuse refuse) {
                                return "and its record is refused";
                            }

                            @Override
                            public String keep(UnknownFieldPolicy.Keep keep) {
                                return "which is kept in column " + keep.column();
                            }
                        });
        return (field, count) -> seen(field, count, became);
    }

    private void seen(String field, long count, String became) {
        metrics.add(Metric.UNKNOWN_FIELDS, stream, count);
        if (isToBeTold(field, count)) {
            log.info(
                    "the table has no column for a field, {}: stream={} field={}",
                    became,
                    stream,
                    field);
        }
    }

    private synchronized boolean isToBeTold(String field, long count) {
        if (field.equals(UnknownFields.OTHERS)
                || times.size() >= MOST_NAMES && !times.containsKey(field)) {
            others += count;
            return false;
        }
        boolean isNew = times.merge(field, count, Long::sum) == count;
        return isNew && times.size() <= MOST_TOLD;
    }

    /** What was seen so far. */
    synchronized UnknownFieldTally tally() {
        List<UnknownFieldTally.Field> all =
                times.entrySet().stream()
                        .map(seen -> new UnknownFieldTally.Field(seen.getKey(), seen.getValue()))
                        .sorted(
                                Comparator.comparingLong(UnknownFieldTally.Field::times)
                                        .reversed()
                                        .thenComparing(UnknownFieldTally.Field::name))
                        .toList();
        int shown = Math.min(MOST_FREQUENT, all.size());
        long rest =
                all.subList(shown, all.size()).stream()
                        .mapToLong(UnknownFieldTally.Field::times)
                        .sum();
        return new UnknownFieldTally(all.subList(0, shown), others + rest);
    }
}
