package io.delivery.ledger;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code 2026-11-21.dl}, then {@code 2026-11-21-1.dl} when that has become large. Files of a lane
 * in their order hold its ranges in theirs.
 */
record LedgerFileName(LocalDate day, int part) implements Comparable<LedgerFileName> {
    private static final Pattern NAME =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)(?:-([1-9]\\d{0,8}))?\\.dl");
    private static final Comparator<LedgerFileName> ORDER =
            Comparator.comparing(LedgerFileName::day).thenComparingInt(LedgerFileName::part);

    /** The first file of the day that holds this moment. */
    static LedgerFileName at(long millis) {
        return new LedgerFileName(dayOf(millis), 0);
    }

    static LocalDate dayOf(long millis) {
        return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC).toLocalDate();
    }

    /** Empty when no file of a ledger is called so. */
    static Optional<LedgerFileName> parse(Path path) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        if (!name.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new LedgerFileName(
                            LocalDate.parse(name.group(1)),
                            name.group(2) == null ? 0 : Integer.parseInt(name.group(2))));
        } catch (DateTimeException noSuchDay) {
            return Optional.empty();
        }
    }

    LedgerFileName next() {
        return new LedgerFileName(day, part + 1);
    }

    String text() {
        return day + (part == 0 ? "" : "-" + part) + ".dl";
    }

    @Override
    public int compareTo(LedgerFileName other) {
        return ORDER.compare(this, other);
    }
}
