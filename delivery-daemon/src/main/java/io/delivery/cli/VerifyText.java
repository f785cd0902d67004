package io.delivery.cli;

import io.delivery.config.ByteSize;
import io.delivery.lane.Books;
import io.delivery.record.PrintableText;
import io.delivery.verify.Finding;
import io.delivery.verify.LaneReport;
import io.delivery.verify.PlaceReport;
import io.delivery.verify.Report;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code verify} found, for people. */
final class VerifyText {
    /** Shown of each kind; the rest is a number. */
    private static final int SHOWN = 20;

    private VerifyText() {}

    static String stream(String name, List<LaneReport> lanes) {
        StringBuilder text = new StringBuilder(name).append('\n');
        for (LaneReport lane : lanes) {
            Books books = lane.books();
            text.append(
                    "  %s: accepted %,d + split %,d = landed %,d + dropped %,d + error output %,d + damaged %,d + buffered %,d%n"
                            .formatted(
                                    lane.lane(),
                                    books.accepted(),
                                    books.split(),
                                    books.landed(),
                                    books.dropped(),
                                    books.errorOutput(),
                                    books.damaged(),
                                    books.buffered()));
            text.append("    ").append(history(lane)).append('\n');
        }
        return text.toString();
    }

    private static String history(LaneReport lane) {
        StringBuilder text = new StringBuilder();
        if (lane.ranges() == 0 && lane.wholeHistory()) {
            text.append("nothing was committed yet");
        } else if (lane.ranges() == 0) {
            text.append("nothing is known any more of what was committed before sequence ")
                    .append(lane.speaksFrom());
        } else {
            text.append(
                    "%s, %s, %s, %s added up"
                            .formatted(
                                    count(lane.ranges(), "range"),
                                    count(lane.objects(), "object"),
                                    count(lane.records(), "record"),
                                    ByteSize.text(lane.bytes())));
            text.append(
                    lane.wholeHistory()
                            ? ", from the first record on"
                            : ", from sequence %d on, committed at %s"
                                    .formatted(
                                            lane.speaksFrom(),
                                            time(lane.speaksFromMillis().orElseThrow())));
        }
        if (lane.waitingObjects() > 0) {
            text.append("; ").append(count(lane.waitingObjects(), "object")).append(" on the way");
        }
        return text.toString();
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    static String listed(String place, long keys, long ours) {
        return "%s: %s, %,d of them named as this service names objects%n"
                .formatted(place, count(keys, "key"), ours);
    }

    static String places(Report report, boolean read) {
        StringBuilder text = new StringBuilder();
        for (PlaceReport place : report.places()) {
            text.append(
                    "%s:%s: %s %s; %,d of the %,d keys that this service may have made are recorded"
                            .formatted(
                                    place.store(),
                                    place.bucket(),
                                    count(place.looked(), "landed object"),
                                    read ? "read" : "looked at",
                                    place.known(),
                                    place.ours()));
            if (place.older() > 0) {
                text.append(", ").append(place.older()).append(" older than the ledger goes back");
            }
            if (place.foreign() > 0) {
                text.append(", ").append(place.foreign()).append(" of other data directories");
            }
            text.append('\n');
            if (place.notCompared() > 0) {
                text.append("  the store tells no checksum of ")
                        .append(count(place.notCompared(), "object"))
                        .append(": --read compares their bytes\n");
            }
            if (place.uploadsEnded() > 0) {
                text.append("  ended ")
                        .append(count(place.uploadsEnded(), "multipart upload"))
                        .append(" that nobody would have completed\n");
            }
            if (place.uploadsOfOthers() > 0) {
                text.append("  ")
                        .append(count(place.uploadsOfOthers(), "multipart upload"))
                        .append(
                                " that this service may have begun and no record names:"
                                        + " they belong to another data directory, or are older"
                                        + " than the ledger goes back, and were left alone\n");
            }
            place.uploadsUnseen()
                    .ifPresent(
                            why ->
                                    text.append("  multipart uploads cannot be seen: ")
                                            .append(PrintableText.of(why))
                                            .append('\n'));
        }
        return text.toString();
    }

    static String findings(Report report) {
        StringBuilder text = new StringBuilder();
        Map<Finding.Kind, Integer> shown = new EnumMap<>(Finding.Kind.class);
        for (Finding finding : report.findings().kept()) {
            if (shown.merge(finding.kind(), 1, Integer::sum) <= SHOWN) {
                text.append(PrintableText.of(finding.toString())).append('\n');
            }
        }
        shown.forEach(
                (kind, kept) -> {
                    long more = report.findings().count(kind) - Math.min(kept, SHOWN);
                    if (more > 0) {
                        text.append(
                                "%s: %d more; --json shows up to 1000 of each kind%n"
                                        .formatted(word(kind), more));
                    }
                });
        return text.toString();
    }

    /** The last line. */
    static String result(Report report, boolean booksOnly) {
        return switch (report.result()) {
            case EQUAL ->
                    booksOnly
                            ? "the books are right; --store compares them with what is in the stores\n"
                            : "everything is as it was recorded" + warnings(report) + "\n";
            case MISSING ->
                    "missing: %s; everything else is as it was recorded%s%n"
                            .formatted(
                                    count(report.findings().count(Finding.Kind.MISSING), "object"),
                                    warnings(report));
            case UNEQUAL -> "NOT as it was recorded: " + counts(report) + "\n";
        };
    }

    private static String warnings(Report report) {
        long orphaned = report.findings().count(Finding.Kind.ORPHANED);
        return orphaned == 0
                ? ""
                : "; %s left behind, which takes room and hides nothing"
                        .formatted(count(orphaned, "multipart upload"));
    }

    private static String counts(Report report) {
        StringBuilder text = new StringBuilder();
        for (Finding.Kind kind : Finding.Kind.values()) {
            long count = report.findings().count(kind);
            if (count > 0) {
                text.append(text.isEmpty() ? "" : ", ")
                        .append(count)
                        .append(' ')
                        .append(word(kind));
            }
        }
        return text.toString();
    }

    static String word(Finding.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
