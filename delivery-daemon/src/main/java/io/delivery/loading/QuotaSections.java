package io.delivery.loading;

import io.delivery.config.Glob;
import io.delivery.config.Quota;
import io.delivery.config.QuotaRule;
import java.util.List;

/** What producers may put into streams in a second. */
final class QuotaSections {
    private static final String PER_SECOND = "/s";

    private static final Field<Glob> MATCH =
            Field.of("match", Types.PATTERN, "A stream's name, or a pattern: `*` and `?`.")
                    .example("'team-*'");
    private static final Field<Long> RECORDS =
            Field.of("records", rate("a rate such as 100000/s", ""), "Records per second.")
                    .byDefault("no limit")
                    .bounded("1/s to %d/s".formatted(Quota.MOST_PER_SECOND))
                    .example("100000/s");
    private static final Field<Long> BYTES =
            Field.of(
                            "bytes",
                            rate("a rate such as 100MB/s", "MB"),
                            "Bytes of records per second, before base64.")
                    .byDefault("no limit")
                    .bounded("1B/s to 1000000MB/s")
                    .example("100MB/s");
    private static final Field<Long> REQUESTS =
            Field.of(
                            "requests",
                            rate("a rate such as 2000/s", ""),
                            "PutRecord and PutRecordBatch calls per second.")
                    .byDefault("no limit")
                    .bounded("1/s to %d/s".formatted(Quota.MOST_PER_SECOND))
                    .example("2000/s");

    static final ValueType<List<QuotaRule>> QUOTAS =
            Types.listOf(
                    Types.section(
                            Section.of(
                                    "quotas[]",
                                    "What producers may put into each stream of this name, whether it is"
                                            + " defined here or through the API; the first rule that matches"
                                            + " decides. A stream may save up one second's worth. Records"
                                            + " beyond it are refused one by one with `Slow down.`; calls"
                                            + " beyond `requests`, and calls of which no record passes, with"
                                            + " `ServiceUnavailableException` 503.",
                                    MATCH,
                                    RECORDS,
                                    BYTES,
                                    REQUESTS),
                            QuotaSections::rule));

    private QuotaSections() {}

    private static QuotaRule rule(SectionValues in) {
        if (!in.has(RECORDS) && !in.has(BYTES) && !in.has(REQUESTS)) {
            in.reading()
                    .problem(in.path(), "must limit at least one of records, bytes and requests");
        }
        return new QuotaRule(
                in.required(MATCH, Glob.ANY),
                new Quota(in.get(RECORDS), in.get(BYTES), in.get(REQUESTS)));
    }

    /**
     * @param unit of sizes; empty for a rate of things that are counted
     */
    private static ValueType<Long> rate(String words, String unit) {
        return Types.scalar("rate", words, text -> rate(text, words, unit));
    }

    private static long rate(String text, String words, String unit)
            throws InvalidSettingException {
        if (!text.endsWith(PER_SECOND)) {
            boolean meant = text.matches(unit.isEmpty() ? "\\d{1,12}" : "\\d{1,12}[A-Za-z]+");
            throw new InvalidSettingException(
                    "must be %s, was %s%s"
                            .formatted(
                                    words,
                                    text,
                                    meant ? "; did you mean %s/s?".formatted(text) : ""));
        }
        String amount = text.substring(0, text.length() - PER_SECOND.length());
        if (!unit.isEmpty()) {
            return Units.size(amount, unit);
        }
        if (!amount.matches("\\d{1,18}")) {
            throw new InvalidSettingException("must be %s, was %s".formatted(words, text));
        }
        return Long.parseLong(amount);
    }
}
