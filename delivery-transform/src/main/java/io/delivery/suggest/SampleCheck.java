package io.delivery.suggest;

import io.delivery.format.DecoderOptions;
import io.delivery.format.RecordDecoder;
import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.format.TextCopies;
import io.delivery.record.Failure;
import io.delivery.record.RecordFailedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Converts samples by a table, as a stream would, and counts what becomes of them. */
public final class SampleCheck {
    private static final int MAX_REASONS = 200;
    private static final int MAX_EXAMPLES = 3;
    private static final String OTHERS = "Other reasons";
    private static final Pattern PLACE =
            Pattern.compile(
                    "^(?:Column|Field) (?<first>.+?): .*|.* in column (?<last>.+)$",
                    Pattern.DOTALL);
    private static final Pattern INDEX = Pattern.compile("\\[\\d+]");

    private final RecordDecoder decoder;
    private final RowBuffer row;
    private final Map<String, Reason> reasons = new LinkedHashMap<>();
    private final Map<String, Long> unknown = new TreeMap<>();
    private long samples;
    private long failed;
    private long rows;

    /**
     * Why samples fail, how many, and where the first ones are. What fails at several indexes of an
     * array is one reason: its message has {@code []} where the decoder names the index.
     */
    public static final class Reason {
        private final String code;
        private final String message;
        private final List<String> examples = new ArrayList<>();
        private long count;

        private Reason(String code, String message) {
            this.code = code;
            this.message = message;
        }

        /** As the error output has it, for example {@code DataFormatConversion.MalformedData}. */
        public String code() {
            return code;
        }

        public String message() {
            return message;
        }

        /**
         * The path of the column or field that it is about, without indexes: {@code
         * orders[].price}; empty when it is about the whole record.
         */
        public Optional<String> column() {
            Matcher named = PLACE.matcher(message);
            return named.matches() ? Optional.of(named.group(group(named))) : Optional.empty();
        }

        /** Places of the first samples, at most three. */
        public List<String> examples() {
            return List.copyOf(examples);
        }

        public long count() {
            return count;
        }
    }

    /**
     * @param options how a stream has the records read, or those of nobody
     */
    public SampleCheck(RecordDecoder.Factory decoders, TableSchema schema, DecoderOptions options) {
        this.decoder = decoders.decoder(schema, options);
        this.row = new RowBuffer(TextCopies.of(schema, options).rowBytes());
    }

    /**
     * Converts one.
     *
     * @return false when it fails
     */
    public boolean add(Sample sample) {
        samples++;
        try {
            decoder.decode(sample.asRecord(), row);
            decoder.written();
            rows += row.rowCount();
            return true;
        } catch (RecordFailedException refused) {
            failed++;
            count(sample.place(), refused.failure());
            return false;
        }
    }

    /** Counts one that was no sample at all. */
    public void unreadable(String place, String reason) {
        samples++;
        failed++;
        count(place, new Failure(Failure.Kind.FORMAT_CONVERSION_FAILED, "Unreadable", reason));
    }

    /** A path with {@code []} for each index. */
    static String withoutIndexes(String path) {
        return INDEX.matcher(path).replaceAll("[]");
    }

    private static String group(Matcher named) {
        return named.group("first") == null ? "last" : "first";
    }

    private static String messageWithoutIndexes(String message) {
        Matcher named = PLACE.matcher(message);
        if (!named.matches()) {
            return message;
        }
        String group = group(named);
        return message.substring(0, named.start(group))
                + withoutIndexes(named.group(group))
                + message.substring(named.end(group));
    }

    private void count(String place, Failure failure) {
        String message = messageWithoutIndexes(failure.message());
        String key = failure.code() + " " + message;
        if (!reasons.containsKey(key) && reasons.size() >= MAX_REASONS) {
            key = OTHERS;
        }
        Reason reason =
                key.equals(OTHERS)
                        ? reasons.computeIfAbsent(key, others -> new Reason("", others))
                        : reasons.computeIfAbsent(
                                key, first -> new Reason(failure.code(), message));
        reason.count++;
        if (reason.examples.size() < MAX_EXAMPLES) {
            reason.examples.add(place);
        }
    }

    public long samples() {
        return samples;
    }

    public long failed() {
        return failed;
    }

    /** Rows of all samples that did not fail. */
    public long rows() {
        return rows;
    }

    /** Why samples failed, the most frequent reason first. */
    public Collection<Reason> reasons() {
        return reasons.values().stream()
                .sorted(Comparator.comparingLong(reason -> -reason.count))
                .toList();
    }

    /** Fields that the table does not have, and how often samples that converted have them. */
    public Map<String, Long> unknownFields() {
        decoder.report((field, times) -> unknown.merge(field, times, Long::sum));
        return unknown;
    }
}
