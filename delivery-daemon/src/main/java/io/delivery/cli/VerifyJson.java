package io.delivery.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.lane.Books;
import io.delivery.verify.Finding;
import io.delivery.verify.LaneReport;
import io.delivery.verify.PlaceReport;
import io.delivery.verify.Report;
import java.time.Instant;
import java.util.Locale;

/** What {@code verify} found, for programs. */
final class VerifyJson {
    private VerifyJson() {}

    static String of(Report report) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("result", report.result().name().toLowerCase(Locale.ROOT));
        ArrayNode lanes = root.putArray("lanes");
        report.lanes().forEach(lane -> lane(lane, lanes.addObject()));
        ArrayNode places = root.putArray("buckets");
        report.places().forEach(place -> place(place, places.addObject()));
        ObjectNode counts = root.putObject("counts");
        for (Finding.Kind kind : Finding.Kind.values()) {
            counts.put(VerifyText.word(kind), report.findings().count(kind));
        }
        ArrayNode findings = root.putArray("findings");
        for (Finding finding : report.findings().kept()) {
            findings.addObject()
                    .put("kind", VerifyText.word(finding.kind()))
                    .put("warning", finding.kind().isWarning())
                    .put("stream", finding.stream())
                    .put("lane", finding.lane())
                    .put("subject", finding.subject())
                    .put("text", finding.text());
        }
        return root.toPrettyString() + "\n";
    }

    private static void lane(LaneReport lane, ObjectNode out) {
        out.put("stream", lane.stream()).put("lane", lane.lane());
        Books books = lane.books();
        out.putObject("books")
                .put("accepted", books.accepted())
                .put("split", books.split())
                .put("landed", books.landed())
                .put("dropped", books.dropped())
                .put("errorOutput", books.errorOutput())
                .put("damaged", books.damaged())
                .put("discarded", books.discarded())
                .put("buffered", books.buffered())
                .put("balanced", books.balanced());
        ObjectNode from = out.putObject("speaksFrom");
        from.put("sequence", lane.speaksFrom()).put("wholeHistory", lane.wholeHistory());
        lane.speaksFromMillis()
                .ifPresent(millis -> from.put("at", Instant.ofEpochMilli(millis).toString()));
        out.put("ranges", lane.ranges())
                .put("objects", lane.objects())
                .put("records", lane.records())
                .put("bytes", lane.bytes())
                .put("waitingObjects", lane.waitingObjects());
    }

    private static void place(PlaceReport place, ObjectNode out) {
        out.put("store", place.store())
                .put("bucket", place.bucket())
                .put("keys", place.listed())
                .put("keysOfOurForm", place.ours())
                .put("recorded", place.known())
                .put("older", place.older())
                .put("foreign", place.foreign())
                .put("objectsLookedAt", place.looked())
                .put("objectsNotCompared", place.notCompared())
                .put("uploadsOfOthers", place.uploadsOfOthers())
                .put("uploadsEnded", place.uploadsEnded());
        place.uploadsUnseen().ifPresent(why -> out.put("uploadsUnseen", why));
    }
}
