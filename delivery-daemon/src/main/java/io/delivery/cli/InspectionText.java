package io.delivery.cli;

import static io.delivery.cli.InspectionJson.time;
import static io.delivery.cli.InspectionJson.word;

import io.delivery.config.ByteSize;
import io.delivery.inspection.StagedState;
import io.delivery.inspection.StreamInspection;
import io.delivery.inspection.StreamInspection.Damage;
import io.delivery.inspection.StreamInspection.Definition;
import io.delivery.inspection.StreamInspection.LaneInspection;
import io.delivery.inspection.StreamInspection.StagedObject;
import io.delivery.journal.JournalFile;
import io.delivery.journal.JournalInspection;
import io.delivery.landing.LanePlan;
import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.landing.LaneStateInspection;
import io.delivery.landing.SequenceFate;
import io.delivery.landing.SequenceFate.Held;
import io.delivery.landing.SkippedFolder;
import io.delivery.record.Incarnation;
import io.delivery.record.PrintableText;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code journal inspect} prints for a person. */
final class InspectionText {
    /** Of one range: an outage may leave thousands. Those with damage are told in any case. */
    private static final int MOST_OBJECTS = 20;

    private final StringBuilder text = new StringBuilder();

    private InspectionText() {}

    static String of(Path directory, DirectoryOwner owner, List<StreamInspection> streams) {
        InspectionText text = new InspectionText();
        text.line(
                "%s%s",
                directory,
                owner.text().isEmpty()
                        ? ""
                        : owner.runs()
                                ? "  in use by " + owner.text()
                                : "  last used by " + owner.text() + ", which does not run here");
        if (streams.isEmpty()) {
            text.line("no stream has got a record yet");
        }
        streams.forEach(text::stream);
        long damaged = streams.stream().filter(one -> !one.damage().isEmpty()).count();
        if (damaged > 0) {
            text.line("");
            text.line("%d of %d streams DAMAGED", damaged, streams.size());
        }
        return text.text.toString();
    }

    private void line(String format, Object... values) {
        text.append(PrintableText.of(format.formatted(values))).append('\n');
    }

    private void stream(StreamInspection stream) {
        line("");
        line(
                "%s  %s  incarnation %s%s",
                stream.name(),
                definitions(stream.definitions()),
                stream.incarnation().map(Incarnation::hex).orElse("unknown"),
                stream.createdMillis() > 0 ? "  since " + time(stream.createdMillis()) : "");
        line("  %s", stream.directory());
        journal(stream.journal());
        for (LaneInspection lane : stream.lanes()) {
            lane(lane, stream.endOf(lane.name(), lane.state().plan().knownEnd()));
        }
        for (Damage damage : stream.damage()) {
            line(
                    "  DAMAGE %s%s%s: %s",
                    damage.file(),
                    damage.place().isPresent()
                            ? " at byte %d".formatted(damage.place().getAsLong())
                            : "",
                    damage.to() > damage.from()
                            ? ", %s lost".formatted(sequences(damage.from(), damage.to()))
                            : "",
                    damage.reason());
        }
    }

    private static String definitions(List<Definition> definitions) {
        return definitions.isEmpty()
                ? "no definition"
                : "version "
                        + definitions.stream()
                                .map(one -> one.version() + (one.damaged() ? " (damaged)" : ""))
                                .collect(Collectors.joining(", "));
    }

    private void journal(JournalInspection journal) {
        long bytes = journal.files().stream().mapToLong(JournalFile::bytes).sum();
        line(
                "  journal: %s, %s in %s; known durable up to %d",
                sequences(journal.begin(), journal.end()),
                ByteSize.text(bytes),
                count(journal.files().size(), "file"),
                journal.durableUpTo());
        for (JournalFile file : journal.files()) {
            String name = file.path().getFileName().toString();
            if (file.state() != JournalFile.State.LIVE) {
                line("    %s  %s, %s", name, word(file.state()), ByteSize.text(file.bytes()));
                continue;
            }
            line(
                    "    %s  live, generation %d, %s: %s in %s, %s of %s used%s",
                    name,
                    file.generation(),
                    sequences(file.firstSequence(), file.end()),
                    count(file.records(), "record"),
                    count(file.frames(), "frame"),
                    ByteSize.text(file.usedBytes()),
                    ByteSize.text(file.bytes()),
                    file.deadFrames() > 0
                            ? "; behind them %s that never counted"
                                    .formatted(count(file.deadFrames(), "dead frame"))
                            : "");
        }
        journal.tornTail()
                .ifPresent(
                        tail ->
                                line(
                                        "    torn tail at byte %d of %s: sequence %d on, %s behind"
                                                + " it; a start cuts it",
                                        tail.offset(),
                                        tail.file().getFileName(),
                                        tail.sequence(),
                                        count(tail.wholeFrames(), "whole frame")));
    }

    private void lane(LaneInspection lane, long logEnd) {
        LaneStateInspection state = lane.state();
        LanePlan plan = state.plan();
        if (!state.present()) {
            line(
                    state.damage().isPresent()
                            ? "  lane %s: DAMAGED, what it has decided is lost"
                            : "  lane %s: has decided nothing yet",
                    lane.name());
            return;
        }
        line(
                "  lane %s: checkpoint %d, %s committed; the open range starts at %d, %s from there;"
                        + " epoch %s by %s%s",
                lane.name(),
                plan.checkpoint(),
                count(plan.totals().objects(), "object"),
                plan.openStart(),
                count(Math.max(0, logEnd - plan.openStart()), "sequence"),
                state.owner().map(own -> Long.toString(own.epoch())).orElse("unknown"),
                state.owner().map(own -> "version " + own.programVersion()).orElse("unknown"),
                state.tornBytes() > 0
                        ? "; torn tail of %s at byte %d, a start cuts it"
                                .formatted(ByteSize.text(state.tornBytes()), state.believedBytes())
                        : "");
        state.damage().ifPresent(bad -> line("    %s", whatIsKnown(bad)));
        for (RangePlan range : plan.ranges()) {
            line(
                    "    %s: %s, not committed%s",
                    range.sealed()
                            ? "sealed by %s, %s"
                                    .formatted(
                                            range.seal().trigger(),
                                            sequences(range.start(), range.seal().end()))
                            : "open from sequence " + range.start(),
                    count(range.live().size(), "object"),
                    range.voided().isEmpty()
                            ? ""
                            : "; %d void, damaged or skipped%s"
                                    .formatted(
                                            range.voided().size(),
                                            range.broken()
                                                    ? ", their records are read again"
                                                    : ""));
            objects(lane, range.start());
        }
    }

    private static String whatIsKnown(LaneStateInspection.Damage bad) {
        return switch (bad.fault()) {
            case BYTES ->
                    "DAMAGED at byte %d: what it decided from there on is not known"
                            .formatted(bad.offset());
            case END ->
                    "CUT at byte %d: every frame up to there is whole, and what it decided behind"
                                    .formatted(bad.offset())
                            + " them is lost";
            case MARK ->
                    "NOT CONFIRMED: every frame is whole, and whether there were more is not known";
            case FILE -> "DAMAGED: what it has decided is not known";
        };
    }

    private void objects(LaneInspection lane, long rangeStart) {
        int shown = 0;
        int left = 0;
        for (StagedObject staged : lane.staged()) {
            if (staged.object().rangeStart() != rangeStart) {
                continue;
            }
            if (!staged.state().isDamage() && shown >= MOST_OBJECTS) {
                left++;
                continue;
            }
            shown++;
            line(
                    "      %s  %s, %s, %s",
                    name(staged.object()),
                    count(staged.object().records(), "record"),
                    ByteSize.text(staged.object().staged().length()),
                    how(lane, staged));
        }
        if (left > 0) {
            line("      and %d more, all of them staged or landed (--json names them)", left);
        }
    }

    private static String how(LaneInspection lane, StagedObject staged) {
        if (staged.state() == StagedState.NOT_NEEDED) {
            return "landed";
        }
        if (staged.state().isDamage()) {
            return "DAMAGE: its staged bytes " + staged.state().text();
        }
        return lane.state().plan().doubted(staged.object())
                ? "staged; the store's answer is in doubt, it is read back"
                : "staged";
    }

    private static String name(ObjectRecord object) {
        return "%s %s: %s/%s"
                .formatted(
                        word(object.kind()),
                        object.isKeptLocally() ? SkippedFolder.NAME : object.store(),
                        object.name().bucket(),
                        object.name().key());
    }

    // --- one record ---

    static String of(String recordId, StreamInspection stream, RecordTrace trace) {
        InspectionText text = new InspectionText();
        text.line("%s", recordId);
        text.line("  stream %s, sequence %d", stream.name(), trace.sequence());
        if (!trace.known()) {
            text.line("  no record has this sequence: neither the journal nor a lane reaches it");
            return text.text.toString();
        }
        text.place(trace);
        trace.lanes().entrySet().forEach(lane -> text.fate(trace, lane));
        return text.text.toString();
    }

    private void place(RecordTrace trace) {
        if (trace.place().isPresent()) {
            RecordTrace.Place place = trace.place().get();
            line(
                    "  journal: %s, arrived %s, in %s, frame at byte %d",
                    place.bytes().isPresent()
                            ? count(place.bytes().getAsInt(), "byte")
                            : "encrypted",
                    time(place.arrivalMillis()),
                    place.file().getFileName(),
                    place.offset());
        } else if (trace.damage().isPresent()) {
            line(
                    "  journal: DAMAGED, %s at byte %d: %s",
                    trace.damage().get().file(),
                    trace.damage().get().offset(),
                    trace.damage().get().reason());
        } else {
            line("  journal: not there any more, it begins with %d", trace.journalBegin());
        }
    }

    private void fate(RecordTrace trace, Map.Entry<String, LaneStateInspection> lane) {
        SequenceFate fate = trace.fates().get(lane.getKey());
        line("  lane %s: %s", lane.getKey(), outcome(trace, lane, fate));
        for (Held held : fate.held()) {
            line(
                    "    %s  %s%s",
                    name(held.object()),
                    parts(held),
                    held.said()
                            .map(said -> ", landed" + (said.isEmpty() ? "" : ": " + said))
                            .orElse(""));
        }
        fate.voided().forEach(object -> line("    void, not landed: %s", name(object)));
        fate.skipped()
                .forEach(
                        skip ->
                                line(
                                        "    skipped: its records have failed with %s: %s",
                                        skip.code(), skip.reason()));
    }

    private static String outcome(
            RecordTrace trace, Map.Entry<String, LaneStateInspection> lane, SequenceFate fate) {
        LanePlan plan = lane.getValue().plan();
        return switch (trace.outcome(lane)) {
            case BEFORE_THE_LANE -> "not its business, it began with " + plan.begin();
            case COMMITTED ->
                    "settled, as every sequence below %d; what became of it is neither in the state nor in the ledger any more"
                            .formatted(plan.checkpoint());
            case LANDED -> "landed";
            case LANDING ->
                    fate.held().stream().anyMatch(Held::withLast)
                            ? "decided; not known to have landed, for its range is not committed"
                            : "decided in parts, the last one not yet; not known to have landed";
            case DROPPED -> dropped(fate.seal().orElseThrow());
            case WAITING -> "in no object yet: buffered, or not yet read";
            case UNKNOWN -> "unknown, for its state is damaged";
        };
    }

    private static String dropped(Seal seal) {
        String how =
                seal.damaged() == 0
                        ? "dropped by a processor"
                        : seal.dropped() == 0 ? "damaged" : "dropped by a processor, or damaged";
        return "%s: in no object of its range (%s)"
                .formatted(how, sequences(seal.start(), seal.end()));
    }

    private static String parts(Held held) {
        if (held.parts().equals(List.of(0)) && held.withLast()) {
            return "whole";
        }
        return (held.parts().size() == 1 ? "part " : "parts ")
                + held.parts().stream().map(String::valueOf).collect(Collectors.joining(", "))
                + (held.withLast() ? ", the last" : "");
    }

    private static String sequences(long from, long to) {
        return to <= from
                ? "no sequence"
                : to == from + 1
                        ? "sequence " + from
                        : "sequences %d to %d".formatted(from, to - 1);
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
