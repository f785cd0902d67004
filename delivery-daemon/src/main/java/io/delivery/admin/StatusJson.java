package io.delivery.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.config.EncryptionState;
import io.delivery.function.FunctionStatus;
import io.delivery.lane.Books;
import io.delivery.lane.LaneStatus;
import io.delivery.stream.StreamStatus;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** A stream's status as JSON: the form that {@code delivery status --json} prints as well. */
final class StatusJson {
    private StatusJson() {}

    /**
     * @param function that the stream uses
     * @param unknownFields of a stream that converts
     * @param nowMillis milliseconds since the epoch, for ages
     */
    static ObjectNode of(
            StreamStatus status,
            Optional<UsedFunction> function,
            Optional<UnknownFieldTally> unknownFields,
            long nowMillis) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("name", status.name());
        out.put("version", status.version());
        out.put("origin", status.origin().word());
        out.put("phase", status.phase().name().toLowerCase(Locale.ROOT));
        out.put("healthy", status.healthy());
        if (status.refusal().isEmpty()) {
            out.putNull("refusal");
        } else {
            out.put("refusal", status.refusal());
        }
        ArrayNode troubles = out.putArray("troubles");
        status.troubles().forEach(troubles::add);
        out.put("incarnation", status.incarnation());
        putTime(out, "created", status.createdMillis());
        out.put("encryption", status.encryption().map(EncryptionState::word).orElse(null));
        out.put("journalBytes", status.journalBytes());
        out.put("journalLimitBytes", status.journalLimitBytes());
        putAge(out, status.lanes().stream().mapToLong(LaneStatus::oldestMillis), nowMillis);
        function.ifPresentOrElse(
                used -> function(out.putObject("function"), used), () -> out.putNull("function"));
        unknownFields.ifPresentOrElse(
                tally -> unknownFields(out.putObject("unknownFields"), tally),
                () -> out.putNull("unknownFields"));
        ArrayNode lanes = out.putArray("lanes");
        status.lanes().forEach(lane -> lane(lanes.addObject(), lane, nowMillis));
        return out;
    }

    private static void function(ObjectNode out, UsedFunction used) {
        FunctionStatus status = used.status();
        out.put("name", used.name());
        out.put("slots", status.slots());
        out.put("busySlots", status.busySlots());
        out.put("waiting", status.waiting());
        out.put("trouble", status.trouble().orElse(null));
        out.put("lastErrorLine", status.lastErrorLine().orElse(null));
    }

    private static void unknownFields(ObjectNode out, UnknownFieldTally tally) {
        ArrayNode fields = out.putArray("mostFrequent");
        tally.mostFrequent()
                .forEach(
                        field ->
                                fields.addObject()
                                        .put("field", field.name())
                                        .put("times", field.times()));
        out.put("others", tally.others());
    }

    private static void lane(ObjectNode out, LaneStatus lane, long nowMillis) {
        out.put("lane", lane.lane());
        books(out.putObject("books"), lane.books());
        out.put("activePartitions", lane.activePartitions());
        out.put("memoryBytes", lane.memoryBytes());
        out.put("spoolBytes", lane.spoolBytes());
        out.put("stagingBytes", lane.stagingBytes());
        out.put("waitingObjects", lane.waitingObjects());
        out.put("visibleVoidObjects", lane.visibleVoids());
        putTime(out, "oldest", lane.oldestMillis());
        putAge(out, LongStream.of(lane.oldestMillis()), nowMillis);
    }

    private static void books(ObjectNode out, Books books) {
        out.put("accepted", books.accepted());
        out.put("split", books.split());
        out.put("landed", books.landed());
        out.put("dropped", books.dropped());
        out.put("errorOutput", books.errorOutput());
        out.put("damaged", books.damaged());
        out.put("discarded", books.discarded());
        out.put("buffered", books.buffered());
        out.put("balanced", books.balanced());
    }

    /** Seconds since the oldest record arrived that is not committed; null when all are. */
    private static void putAge(ObjectNode out, LongStream arrivals, long nowMillis) {
        OptionalLong oldest = arrivals.filter(millis -> millis != 0).min();
        if (oldest.isEmpty()) {
            out.putNull("oldestSeconds");
        } else {
            out.put("oldestSeconds", Math.max(0, nowMillis - oldest.getAsLong()) / 1000);
        }
    }

    /** ISO 8601 in UTC; null for never. */
    private static void putTime(ObjectNode out, String name, long millis) {
        if (millis == 0) {
            out.putNull(name);
        } else {
            out.put(name, Instant.ofEpochMilli(millis).toString());
        }
    }
}
