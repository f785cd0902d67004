package io.delivery.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.proof.BrokenPromises.Kind;
import io.delivery.proof.ProofRecord.Fate;
import io.delivery.proof.ProofRecord.Id;
import io.delivery.proof.ProofRecord.Part;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Reads the objects of one stream and compares each part with what was sent. */
final class LakeReading {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final OracleProducer sent;
    private final RowReader rows;
    private final BrokenPromises violations;
    private final Counts counts = new Counts();

    LakeReading(OracleProducer sent, RowReader rows, BrokenPromises violations) {
        this.sent = sent;
        this.rows = rows;
        this.violations = violations;
    }

    /** What was found. */
    static final class Counts {
        long objects;
        long mainParts;
        long errorParts;
        long backupRecords;

        /** Parts that a function drops, of records that are there. */
        long droppedParts;

        /** Records that are there, and the parts they have beyond one each. */
        long records;

        long split;

        /** Records of calls without an answer that are there. */
        long unansweredThere;

        long unanswered;
    }

    Counts counts() {
        return counts;
    }

    /** An object below {@code main/<stream>/}. */
    void main(String key, byte[] object) {
        counts.objects++;
        switch (sent.stream()) {
            case LINES -> lines(key, object).forEach(line -> mainPart(key, line));
            case CLICKS -> lines(key, unzipped(key, object)).forEach(line -> mainPart(key, line));
            case ROWS, FUNCTIONS -> rows(key, object);
        }
    }

    private void mainPart(String key, byte[] line) {
        Id id = known(key, line);
        if (id == null) {
            return;
        }
        Part part = part(id);
        if (part == null || !Arrays.equals(part.bytes(), line)) {
            violations.add(Kind.CHANGED, "%s in %s", id, key);
            return;
        }
        placed(key, id, part, part.partition());
    }

    private void rows(String key, byte[] object) {
        List<List<String>> found;
        try {
            found = rows.rows(object, sent.stream().columns());
        } catch (IOException unreadable) {
            violations.add(Kind.CHANGED, "%s cannot be read: %s", key, unreadable.getMessage());
            return;
        }
        for (List<String> row : found) {
            String begin = "{\"id\":\"%s\",\"part\":%s,".formatted(row.get(0), row.get(1));
            Id id = known(key, begin.getBytes(StandardCharsets.UTF_8));
            if (id == null) {
                continue;
            }
            Part part = part(id);
            if (part == null || !sent.stream().isRow(part, row)) {
                violations.add(Kind.CHANGED, "%s in %s", id, key);
            } else {
                placed(key, id, part, sent.stream().partition(part, row));
            }
        }
    }

    private void placed(String key, Id id, Part part, String partition) {
        if (!part.fate().mayLand() || !key.contains("/" + partition)) {
            violations.add(Kind.MISPLACED, "%s in %s", id, key);
        }
        if (sent.marks(id.thread()).foundInMain(id.number(), id.part())) {
            counts.mainParts++;
        } else {
            violations.add(Kind.TWICE, "%s, the second time in %s", id, key);
        }
    }

    /** An object below {@code errors/<stream>/}. */
    void error(String key, byte[] object) {
        counts.objects++;
        for (byte[] line : lines(key, object)) {
            byte[] raw;
            try {
                JsonNode said = JSON.readTree(line);
                raw = said.path("rawData").binaryValue();
            } catch (IOException noJson) {
                raw = null;
            }
            if (raw == null) {
                violations.add(Kind.UNKNOWN, "no error record in %s", key);
                continue;
            }
            Id id = known(key, raw);
            if (id == null) {
                continue;
            }
            Part part = part(id);
            if (part == null || !sent.stream().isRaw(part, raw)) {
                violations.add(Kind.CHANGED, "%s in %s", id, key);
                continue;
            }
            if (!part.fate().mayFail()) {
                violations.add(Kind.MISPLACED, "%s does not fail, and is in %s", id, key);
            }
            if (sent.marks(id.thread()).foundInError(id.number(), id.part())) {
                counts.errorParts++;
            } else {
                violations.add(Kind.TWICE, "%s, the second time in %s", id, key);
            }
        }
    }

    /** An object below {@code backup/<stream>/}. */
    void backup(String key, byte[] object) {
        counts.objects++;
        for (byte[] line : lines(key, unzipped(key, object))) {
            Id id = known(key, line);
            if (id == null) {
                continue;
            }
            if (!Arrays.equals(sent.record(id.thread(), id.number()).bytes(), line)) {
                violations.add(Kind.CHANGED, "%s in %s", id, key);
            } else if (sent.marks(id.thread()).foundInBackup(id.number())) {
                counts.backupRecords++;
            } else {
                violations.add(Kind.TWICE, "%s, the second time in %s", id, key);
            }
        }
    }

    private Id known(String key, byte[] bytes) {
        Id id = ProofRecord.idOf(bytes);
        if (id == null
                || id.thread() >= sent.threads()
                || id.number() >= sent.marks(id.thread()).count()) {
            String begin =
                    new String(bytes, 0, Math.min(bytes.length, 100), StandardCharsets.UTF_8);
            violations.add(Kind.UNKNOWN, "nobody sent %s... in %s", begin, key);
            return null;
        }
        return id;
    }

    private Part part(Id id) {
        List<Part> parts = sent.record(id.thread(), id.number()).parts();
        return id.part() < parts.size() ? parts.get(id.part()) : null;
    }

    private byte[] unzipped(String key, byte[] object) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(object))) {
            return in.readAllBytes();
        } catch (IOException damaged) {
            violations.add(Kind.CHANGED, "%s cannot be unzipped: %s", key, damaged.getMessage());
            return new byte[0];
        }
    }

    private List<byte[]> lines(String key, byte[] object) {
        List<byte[]> lines = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < object.length; at++) {
            if (object[at] == '\n') {
                lines.add(Arrays.copyOfRange(object, from, at));
                from = at + 1;
            }
        }
        if (from != object.length) {
            violations.add(Kind.CHANGED, "the last line of %s has no end", key);
        }
        return lines;
    }

    // --- conservation ---

    /** After all objects: whether every record is where it belongs, once. */
    void settle() {
        for (int thread = 0; thread < sent.threads(); thread++) {
            SentRecords marks = sent.marks(thread);
            for (int number = 0; number < marks.count(); number++) {
                settle(thread, number, marks);
            }
            for (OracleProducer.Unanswered call : sent.unanswered(thread)) {
                settle(thread, call, marks);
            }
        }
    }

    private void settle(int thread, int number, SentRecords marks) {
        List<Part> parts = sent.record(thread, number).parts();
        boolean there = there(number, parts.size(), marks);
        if (there) {
            counts.records++;
            counts.split += parts.size() - 1;
        }
        if (!there && marks.acknowledged(number)) {
            violations.add(
                    Kind.LOST,
                    "%s %s: acknowledged, and nowhere",
                    sent.stream().title(),
                    ProofRecord.text(thread, number));
            return;
        }
        if (!there) {
            return;
        }
        if (sent.stream().hasBackup() && !marks.inBackup(number)) {
            violations.add(
                    Kind.LOST,
                    "%s %s: not in the backup",
                    sent.stream().title(),
                    ProofRecord.text(thread, number));
        }
        for (int part = 0; part < parts.size(); part++) {
            boolean main = marks.inMain(number, part);
            boolean error = marks.inError(number, part);
            String name =
                    sent.stream().title() + " " + ProofRecord.text(thread, number) + "/" + part;
            if (main && error) {
                violations.add(Kind.TWICE, "%s: in main and in the error output", name);
            } else if (!main && !error && parts.get(part).fate() == Fate.DROPPED) {
                counts.droppedParts++;
            } else if (!main && !error) {
                violations.add(Kind.LOST, "%s: neither in main nor in the error output", name);
            }
        }
    }

    private static boolean there(int number, int parts, SentRecords marks) {
        boolean there = marks.inBackup(number);
        for (int part = 0; part < parts; part++) {
            there |= marks.inMain(number, part) || marks.inError(number, part);
        }
        return there;
    }

    /** The records of a call are accepted together or not at all. */
    private void settle(int thread, OracleProducer.Unanswered call, SentRecords marks) {
        int there = 0;
        for (int i = 0; i < call.count(); i++) {
            int number = call.first() + i;
            int parts = sent.record(thread, number).parts().size();
            there += there(number, parts, marks) ? 1 : 0;
        }
        counts.unanswered += call.count();
        counts.unansweredThere += there;
        if (there != 0 && there != call.count()) {
            violations.add(
                    Kind.CALL_TORN,
                    "%s: %d of the %d records from %s on, sent in one call that got no answer",
                    sent.stream().title(),
                    there,
                    call.count(),
                    ProofRecord.text(thread, call.first()));
        }
    }
}
