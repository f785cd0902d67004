package io.delivery.landing;

import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.Doubt;
import io.delivery.landing.LaneRecord.End;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Own;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.landing.LaneRecord.Snapshot;
import io.delivery.landing.LaneRecord.Totals;
import io.delivery.landing.LaneRecord.Upload;
import io.delivery.landing.LaneRecord.Void;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedBytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Lane records as bytes: a type byte, then the fields in order (docs/formats/lane-state.md). */
final class LaneRecordCodec {
    private static final byte OWN = 1;
    private static final byte SNAPSHOT = 2;
    private static final byte OBJECT = 3;
    private static final byte UPLOAD = 4;
    private static final byte SEAL = 5;
    private static final byte COMMIT = 6;
    private static final byte VOID = 7;
    private static final byte DOUBT = 8;
    private static final byte END = 9;
    private static final byte SNAPSHOT_WITH_ABSENT = 10;
    private static final byte SEAL_WITH_ABSENT = 11;

    private static final Kind[] KINDS = Kind.values();

    private LaneRecordCodec() {}

    static byte[] encode(List<? extends LaneRecord> records) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (LaneRecord record : records) {
                write(record, out);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** The records in the first bytes of the array. */
    static List<LaneRecord> decode(byte[] payload, int length) throws IOException {
        List<LaneRecord> records = new ArrayList<>();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload, 0, length));
        while (in.available() > 0) {
            records.add(read(in));
        }
        return records;
    }

    private static void write(LaneRecord record, DataOutputStream out) throws IOException {
        if (record instanceof Own own) {
            out.writeByte(OWN);
            text(own.incarnation(), out);
            out.writeLong(own.epoch());
            out.writeLong(own.salt());
            text(own.programVersion(), out);
        } else if (record instanceof Snapshot snapshot) {
            out.writeByte(snapshot.totals().absent() == 0 ? SNAPSHOT : SNAPSHOT_WITH_ABSENT);
            out.writeLong(snapshot.begin());
            out.writeLong(snapshot.checkpoint());
            out.writeLong(snapshot.openStart());
            Totals totals = snapshot.totals();
            out.writeLong(totals.sequences());
            out.writeLong(totals.main());
            out.writeLong(totals.error());
            out.writeLong(totals.dropped());
            out.writeLong(totals.damaged());
            out.writeLong(totals.objects());
            out.writeLong(totals.bytes());
            if (totals.absent() != 0) {
                out.writeLong(totals.absent());
            }
        } else if (record instanceof ObjectRecord object) {
            out.writeByte(OBJECT);
            writeObject(object, out);
        } else if (record instanceof Upload upload) {
            out.writeByte(UPLOAD);
            out.writeLong(upload.rangeStart());
            out.writeInt(upload.number());
            text(upload.uploadId(), out);
        } else if (record instanceof Seal seal) {
            out.writeByte(seal.absent() == 0 ? SEAL : SEAL_WITH_ABSENT);
            out.writeLong(seal.start());
            out.writeLong(seal.end());
            text(seal.trigger(), out);
            out.writeInt(seal.objects());
            out.writeLong(seal.mainRecords());
            out.writeLong(seal.errorRecords());
            out.writeLong(seal.dropped());
            out.writeLong(seal.damaged());
            if (seal.absent() != 0) {
                out.writeLong(seal.absent());
            }
        } else if (record instanceof Commit commit) {
            out.writeByte(COMMIT);
            out.writeLong(commit.start());
            out.writeLong(commit.end());
            out.writeLong(commit.atMillis());
            out.writeInt(commit.said().size());
            for (String said : commit.said()) {
                text(said, out);
            }
        } else if (record instanceof Void voided) {
            out.writeByte(VOID);
            out.writeLong(voided.rangeStart());
            out.writeInt(voided.number());
            text(voided.reason(), out);
        } else if (record instanceof Doubt doubt) {
            out.writeByte(DOUBT);
            out.writeLong(doubt.rangeStart());
            out.writeInt(doubt.number());
            text(doubt.said(), out);
        } else if (record instanceof End end) {
            out.writeByte(END);
            out.writeLong(end.position());
        }
    }

    private static void writeObject(ObjectRecord object, DataOutputStream out) throws IOException {
        out.writeLong(object.rangeStart());
        out.writeInt(object.number());
        out.writeByte(object.kind().ordinal());
        out.writeInt(object.definitionVersion());
        text(object.splitter(), out);
        text(object.store(), out);
        text(object.name().bucket(), out);
        text(object.name().key(), out);
        text(object.attributes().mark(), out);
        out.writeLong(object.attributes().records());
        text(object.attributes().contentEncoding(), out);
        text(object.staged().file(), out);
        out.writeLong(object.staged().offset());
        out.writeLong(object.staged().length());
        out.writeInt(object.staged().crc32());
        out.writeLong(object.inputBytes());
        out.writeInt(object.sequences().code().length);
        out.write(object.sequences().code());
    }

    private static LaneRecord read(DataInputStream in) throws IOException {
        byte type = in.readByte();
        return switch (type) {
            case OWN -> new Own(text(in), in.readLong(), in.readLong(), text(in));
            case SNAPSHOT, SNAPSHOT_WITH_ABSENT -> readSnapshot(in, type == SNAPSHOT_WITH_ABSENT);
            case OBJECT -> readObject(in);
            case UPLOAD -> new Upload(in.readLong(), in.readInt(), text(in));
            case SEAL, SEAL_WITH_ABSENT -> readSeal(in, type == SEAL_WITH_ABSENT);
            case COMMIT -> readCommit(in);
            case VOID -> new Void(in.readLong(), in.readInt(), text(in));
            case END -> new End(in.readLong());
            case DOUBT -> new Doubt(in.readLong(), in.readInt(), text(in));
            default -> throw unknown("a record of type " + type);
        };
    }

    private static IOException unknown(String what) {
        return new IOException(
                "lane state has %s, which this program does not know: it was written by a newer one"
                        .formatted(what));
    }

    private static Snapshot readSnapshot(DataInputStream in, boolean withAbsent)
            throws IOException {
        long begin = in.readLong();
        long checkpoint = in.readLong();
        long openStart = in.readLong();
        long sequences = in.readLong();
        long main = in.readLong();
        long error = in.readLong();
        long dropped = in.readLong();
        long damaged = in.readLong();
        long objects = in.readLong();
        long bytes = in.readLong();
        long absent = withAbsent ? in.readLong() : 0;
        return new Snapshot(
                begin,
                checkpoint,
                openStart,
                new Totals(sequences, main, error, dropped, damaged, absent, objects, bytes));
    }

    private static Seal readSeal(DataInputStream in, boolean withAbsent) throws IOException {
        long start = in.readLong();
        long end = in.readLong();
        String trigger = text(in);
        int objects = in.readInt();
        long main = in.readLong();
        long error = in.readLong();
        long dropped = in.readLong();
        long damaged = in.readLong();
        long absent = withAbsent ? in.readLong() : 0;
        return new Seal(start, end, trigger, objects, main, error, dropped, damaged, absent);
    }

    private static ObjectRecord readObject(DataInputStream in) throws IOException {
        long rangeStart = in.readLong();
        int number = in.readInt();
        Kind kind = kind(in.readByte());
        int version = in.readInt();
        String splitter = text(in);
        String store = text(in);
        ObjectName name = new ObjectName(text(in), text(in));
        ObjectAttributes attributes = new ObjectAttributes(text(in), in.readLong(), text(in));
        StagedBytes staged = new StagedBytes(text(in), in.readLong(), in.readLong(), in.readInt());
        long inputBytes = in.readLong();
        byte[] sequences = in.readNBytes(in.readInt());
        return new ObjectRecord(
                rangeStart,
                number,
                kind,
                version,
                splitter,
                store,
                name,
                attributes,
                staged,
                inputBytes,
                new SequenceList(sequences));
    }

    private static Kind kind(byte ordinal) throws IOException {
        if (ordinal < 0 || ordinal >= KINDS.length) {
            throw unknown("an object of kind " + ordinal);
        }
        return KINDS[ordinal];
    }

    private static Commit readCommit(DataInputStream in) throws IOException {
        long start = in.readLong();
        long end = in.readLong();
        long at = in.readLong();
        int objects = in.readInt();
        List<String> said = new ArrayList<>(Math.min(objects, 1 << 16));
        for (int i = 0; i < objects; i++) {
            said.add(text(in));
        }
        return new Commit(start, end, at, said);
    }

    private static void text(String value, DataOutputStream out) throws IOException {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a text of " + length + " bytes does not fit its record");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
