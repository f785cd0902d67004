package io.delivery.wiring;

import io.delivery.admin.UnknownFieldTally;
import io.delivery.format.UnknownFieldPolicy;
import io.delivery.format.UnknownFields;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the fields of a stream's records that fill no column, and writes each name to the log once
 * for each cause. Names are the producers' choice, so there is a bound on how many are told and how
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
    private final Set<Telling> told = new HashSet<>();
    private long others;

    /** What the log says of a field, once. */
    private record Telling(What what, String field) {}

    /** What has become of a field. */
    private enum What {
        DROPPED,
        KEPT,
        SUPERSEDED
    }

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
        return policy.accept(
                new UnknownFieldPolicy.Visitor<>() {
                    @Override
                    public UnknownFields drop(UnknownFieldPolicy.Drop drop) {
                        return new Reports(What.DROPPED, "");
                    }

                    @Override
                    public UnknownFields refuse(UnknownFieldPolicy.Refuse refuse) {
                        // Their records fail, and the decoder reports the fields of no such record.
                        return UnknownFields.IGNORED;
                    }

                    @Override
                    public UnknownFields keep(UnknownFieldPolicy.Keep keep) {
                        return new Reports(What.KEPT, keep.column());
                    }
                });
    }

    /** What decoders report. */
    private final class Reports implements UnknownFields {
        private final What withoutColumn;
        private final String keptIn;

        /**
         * @param keptIn column that keeps them; empty when none does
         */
        Reports(What withoutColumn, String keptIn) {
            this.withoutColumn = withoutColumn;
            this.keptIn = keptIn;
        }

        @Override
        public void seen(String field, long times) {
            count(withoutColumn, field, keptIn, times);
        }

        @Override
        public void superseded(String field, long times) {
            count(What.SUPERSEDED, field, "", times);
        }
    }

    private void count(What what, String field, String keptIn, long count) {
        metrics.add(Metric.UNKNOWN_FIELDS, stream, count);
        if (isToBeTold(what, field, count)) {
            tell(what, field, keptIn);
        }
    }

    private void tell(What what, String field, String keptIn) {
        switch (what) {
            case DROPPED ->
                    log.info(
                            "the table has no column for a field, which is not written: stream={} field={}",
                            stream,
                            field);
            case KEPT ->
                    log.info(
                            "the table has no column for a field, which is kept in another: stream={} field={} column={}",
                            stream,
                            field,
                            keptIn);
            case SUPERSEDED ->
                    log.info(
                            "another key of the record counts in place of a field, which is not written: stream={} field={}",
                            stream,
                            field);
        }
    }

    private synchronized boolean isToBeTold(What what, String field, long count) {
        if (field.equals(UnknownFields.OTHERS)
                || times.size() >= MOST_NAMES && !times.containsKey(field)) {
            others += count;
            return false;
        }
        times.merge(field, count, Long::sum);
        return told.size() < MOST_TOLD && told.add(new Telling(what, field));
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
