package io.delivery.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.inspection.StreamInspection;
import io.delivery.inspection.StreamInspection.Damage;
import io.delivery.inspection.StreamInspection.LaneInspection;
import io.delivery.inspection.StreamInspection.StagedObject;
import io.delivery.journal.JournalFile;
import io.delivery.journal.JournalInspection;
import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneStateInspection;
import io.delivery.landing.SequenceFate;
import io.delivery.landing.SequenceFate.Held;
import io.delivery.record.Incarnation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code journal inspect --json} prints. First and last sequences are both meant to be in;
 * where there is none, the two are left out.
 */
final class InspectionJson {
    private InspectionJson() {}

    static ObjectNode of(Path directory, DirectoryOwner owner, List<StreamInspection> streams) {
        ObjectNode document = object();
        document.put("dataDirectory", directory.toString());
        document.put("owner", owner.text());
        document.put("ownerRuns", owner.runs());
        document.put("damaged", streams.stream().anyMatch(one -> !one.damage().isEmpty()));
        ArrayNode all = document.putArray("streams");
        streams.forEach(stream -> all.add(stream(stream)));
        return document;
    }

    private static ObjectNode stream(StreamInspection stream) {
        ObjectNode node = object();
        node.put("name", stream.name());
        node.put("directory", stream.directory().toString());
        node.put("incarnation", stream.incarnation().map(Incarnation::hex).orElse(null));
        if (stream.createdMillis() > 0) {
            node.put("created", time(stream.createdMillis()));
        }
        ArrayNode definitions = node.putArray("definitions");
        for (StreamInspection.Definition definition : stream.definitions()) {
            definitions
                    .addObject()
                    .put("version", definition.version())
                    .put("damaged", definition.damaged());
        }
        node.set("journal", journal(stream.journal()));
        ArrayNode lanes = node.putArray("lanes");
        stream.lanes().forEach(lane -> lanes.add(lane(lane)));
        ArrayNode damage = node.putArray("damage");
        for (Damage one : stream.damage()) {
            ObjectNode bad = damage.addObject();
            bad.put("file", one.file().toString());
            one.place().ifPresent(place -> bad.put("offset", place));
            sequences(bad, one.from(), one.to());
            bad.put("reason", one.reason());
        }
        return node;
    }

    private static ObjectNode journal(JournalInspection journal) {
        ObjectNode node = object();
        sequences(node, journal.begin(), journal.end());
        node.put("durableUpTo", journal.durableUpTo());
        ArrayNode files = node.putArray("files");
        for (JournalFile file : journal.files()) {
            ObjectNode one = files.addObject();
            one.put("file", file.path().getFileName().toString());
            one.put("state", word(file.state()));
            one.put("bytes", file.bytes());
            if (file.generation() > 0) {
                one.put("generation", file.generation());
                one.put("firstSequence", file.firstSequence());
                if (file.end() > file.firstSequence()) {
                    one.put("lastSequence", file.end() - 1);
                }
                one.put("frames", file.frames());
                one.put("records", file.records());
                one.put("usedBytes", file.usedBytes());
                one.put("durableUpTo", file.durableUpTo());
                one.put("deadFrames", file.deadFrames());
            }
        }
        journal.tornTail()
                .ifPresent(
                        tail ->
                                node.putObject("tornTail")
                                        .put("file", tail.file().getFileName().toString())
                                        .put("offset", tail.offset())
                                        .put("sequence", tail.sequence())
                                        .put("wholeFrames", tail.wholeFrames()));
        return node;
    }

    private static ObjectNode lane(LaneInspection lane) {
        LaneStateInspection state = lane.state();
        ObjectNode node = object();
        node.put("name", lane.name());
        node.put("present", state.present());
        node.put("stateBytes", state.bytes());
        state.owner()
                .ifPresent(
                        own ->
                                node.put("epoch", own.epoch())
                                        .put("programVersion", own.programVersion()));
        node.put("tornBytes", state.tornBytes());
        state.damage()
                .ifPresent(
                        bad -> {
                            node.put("damage", word(bad.fault()));
                            bad.place().ifPresent(place -> node.put("damagedAt", place));
                        });
        node.put("begin", state.plan().begin());
        node.put("checkpoint", state.plan().checkpoint());
        node.put("openStart", state.plan().openStart());
        node.put("committedObjects", state.plan().totals().objects());
        node.put("committedRangesInState", state.committed().size());
        ArrayNode ranges = node.putArray("uncommitted");
        for (RangePlan range : state.plan().ranges()) {
            ObjectNode one = ranges.addObject();
            one.put("start", range.start());
            one.put("sealed", range.sealed());
            if (range.sealed()) {
                one.put("lastSequence", range.seal().end() - 1);
                one.put("trigger", range.seal().trigger());
                one.put("dropped", range.seal().dropped());
                one.put("damaged", range.seal().damaged());
            }
            one.put("voidObjects", range.voided().size());
            ArrayNode objects = one.putArray("objects");
            for (StagedObject staged : lane.staged()) {
                if (staged.object().rangeStart() == range.start()) {
                    objects.add(
                            object(staged.object())
                                    .put("stagedFile", staged.object().staged().file())
                                    .put("stagedOffset", staged.object().staged().offset())
                                    .put("staged", word(staged.state()))
                                    .put("doubted", state.plan().doubted(staged.object())));
                }
            }
        }
        return node;
    }

    private static ObjectNode object(ObjectRecord object) {
        return object().put("id", object.id())
                .put("kind", word(object.kind()))
                .put("store", object.store())
                .put("bucket", object.name().bucket())
                .put("key", object.name().key())
                .put("definitionVersion", object.definitionVersion())
                .put("records", object.records())
                .put("bytes", object.staged().length());
    }

    /** What became of one record. */
    static ObjectNode of(String recordId, StreamInspection stream, RecordTrace trace) {
        ObjectNode node = object();
        node.put("recordId", recordId);
        node.put("stream", stream.name());
        node.put("sequence", trace.sequence());
        node.put("known", trace.known());
        trace.place()
                .ifPresent(
                        place -> {
                            ObjectNode journal =
                                    node.putObject("journal")
                                            .put("file", place.file().getFileName().toString())
                                            .put("frameOffset", place.offset())
                                            .put("arrival", time(place.arrivalMillis()));
                            place.bytes().ifPresent(bytes -> journal.put("bytes", bytes));
                        });
        trace.damage()
                .ifPresent(
                        bad ->
                                node.putObject("damage")
                                        .put("file", bad.file().toString())
                                        .put("offset", bad.offset())
                                        .put("reason", bad.reason()));
        ArrayNode lanes = node.putArray("lanes");
        if (trace.known()) {
            trace.lanes().entrySet().forEach(lane -> lanes.add(fate(trace, lane)));
        }
        return node;
    }

    private static ObjectNode fate(RecordTrace trace, Map.Entry<String, LaneStateInspection> lane) {
        SequenceFate fate = trace.fates().get(lane.getKey());
        ObjectNode node = object();
        node.put("lane", lane.getKey());
        node.put("outcome", word(trace.outcome(lane)));
        node.put("checkpoint", lane.getValue().plan().checkpoint());
        ArrayNode objects = node.putArray("objects");
        for (Held held : fate.held()) {
            ObjectNode one = object(held.object());
            ArrayNode parts = one.putArray("parts");
            held.parts().forEach(parts::add);
            one.put("lastPart", held.withLast());
            one.put("landed", held.said().isPresent());
            held.said().ifPresent(said -> one.put("said", said));
            objects.add(one);
        }
        ArrayNode voided = node.putArray("void");
        fate.voided().forEach(object -> voided.add(object(object)));
        ArrayNode skipped = node.putArray("skipped");
        fate.skipped()
                .forEach(
                        skip ->
                                skipped.addObject()
                                        .put("code", skip.code())
                                        .put("reason", skip.reason()));
        return node;
    }

    private static void sequences(ObjectNode node, long from, long to) {
        if (to > from) {
            node.put("firstSequence", from);
            node.put("lastSequence", to - 1);
        }
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
