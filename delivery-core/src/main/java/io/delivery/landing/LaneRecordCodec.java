package io.delivery.landing;

import io.delivery.landing.LaneRecord.Commit;
import io.delivery.landing.LaneRecord.Doubt;
import io.delivery.landing.LaneRecord.End;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.Landed;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Own;
import io.delivery.landing.LaneRecord.Redirect;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.landing.LaneRecord.Skip;
import io.delivery.landing.LaneRecord.Snapshot;
import io.delivery.landing.LaneRecord.Totals;
import io.delivery.landing.LaneRecord.Upload;
import io.delivery.landing.LaneRecord.Voided;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedBytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Lane records as bytes: a type byte, then the fields in order (docs/formats/lane-state.md). */
final class LaneRecordCodec {
    private LaneRecordCodec() {}

    static byte[] encode(List<? extends LaneRecord> records) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            Writer writer = new Writer(out);
            for (LaneRecord record : records) {
                record.accept(writer);
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
        try {
            while (in.available() > 0) {
                records.add(read(in));
            }
        } catch (EOFException cutShort) {
            throw new IOException("it ends within a record", cutShort);
        }
        return records;
    }

    private record Writer(DataOutputStream out) implements LaneRecord.Visitor<IOException> {
        private void type(LaneRecordType type) throws IOException {
            out.writeByte(type.code());
        }

        @Override
        public void own(Own own) throws IOException {
            type(own.marked() ? LaneRecordType.OWN_WITH_MARK : LaneRecordType.OWN);
            text(own.incarnation());
            out.writeLong(own.epoch());
            out.writeLong(own.salt());
            text(own.programVersion());
        }

        @Override
        public void snapshot(Snapshot snapshot) throws IOException {
            boolean anyAbsent = snapshot.totals().absent() != 0;
            type(anyAbsent ? LaneRecordType.SNAPSHOT_WITH_ABSENT : LaneRecordType.SNAPSHOT);
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
            if (anyAbsent) {
                out.writeLong(totals.absent());
            }
        }

        @Override
        public void object(ObjectRecord object) throws IOException {
            type(LaneRecordType.OBJECT);
            out.writeLong(object.rangeStart());
            out.writeInt(object.number());
            out.writeByte(object.kind().code());
            out.writeInt(object.definitionVersion());
            text(object.splitter());
            text(object.store());
            text(object.name().bucket());
            text(object.name().key());
            text(object.attributes().mark());
            out.writeLong(object.attributes().records());
            text(object.attributes().contentEncoding());
            text(object.staged().file());
            out.writeLong(object.staged().offset());
            out.writeLong(object.staged().length());
            out.writeInt(object.staged().crc32());
            out.writeLong(object.inputBytes());
            out.writeInt(object.sequences().code().length);
            out.write(object.sequences().code());
        }

        @Override
        public void upload(Upload upload) throws IOException {
            type(LaneRecordType.UPLOAD);
            out.writeLong(upload.rangeStart());
            out.writeInt(upload.number());
            text(upload.uploadId());
        }

        @Override
        public void seal(Seal seal) throws IOException {
            boolean anyAbsent = seal.absent() != 0;
            type(anyAbsent ? LaneRecordType.SEAL_WITH_ABSENT : LaneRecordType.SEAL);
            out.writeLong(seal.start());
            out.writeLong(seal.end());
            text(seal.trigger());
            out.writeInt(seal.objects());
            out.writeLong(seal.mainRecords());
            out.writeLong(seal.errorRecords());
            out.writeLong(seal.dropped());
            out.writeLong(seal.damaged());
            if (anyAbsent) {
                out.writeLong(seal.absent());
            }
        }

        @Override
        public void commit(Commit commit) throws IOException {
            type(LaneRecordType.COMMIT);
            out.writeLong(commit.start());
            out.writeLong(commit.end());
            out.writeLong(commit.atMillis());
            out.writeInt(commit.said().size());
            for (String said : commit.said()) {
                text(said);
            }
        }

        @Override
        public void voided(Voided voided) throws IOException {
            type(LaneRecordType.VOID);
            out.writeLong(voided.rangeStart());
            out.writeInt(voided.number());
            text(voided.reason());
        }

        @Override
        public void redirect(Redirect redirect) throws IOException {
            type(LaneRecordType.REDIRECT);
            out.writeLong(redirect.rangeStart());
            out.writeInt(redirect.number());
            text(redirect.store());
            text(redirect.name().bucket());
            text(redirect.name().key());
            text(redirect.reason());
        }

        @Override
        public void skip(Skip skip) throws IOException {
            type(LaneRecordType.SKIP);
            out.writeLong(skip.rangeStart());
            out.writeInt(skip.number());
            text(skip.code());
            text(skip.reason());
        }

        @Override
        public void doubt(Doubt doubt) throws IOException {
            type(LaneRecordType.DOUBT);
            out.writeLong(doubt.rangeStart());
            out.writeInt(doubt.number());
            text(doubt.said());
        }

        @Override
        public void end(End end) throws IOException {
            type(LaneRecordType.END);
            out.writeLong(end.position());
        }

        @Override
        public void landed(Landed landed) throws IOException {
            type(LaneRecordType.LANDED);
            out.writeLong(landed.rangeStart());
            out.writeInt(landed.number());
            text(landed.said());
        }

        private void text(String value) throws IOException {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }

    private static LaneRecord read(DataInputStream in) throws IOException {
        return switch (LaneRecordType.ofCode(in.readByte())) {
            case OWN -> readOwn(in, false);
            case OWN_WITH_MARK -> readOwn(in, true);
            case SNAPSHOT -> readSnapshot(in, false);
            case SNAPSHOT_WITH_ABSENT -> readSnapshot(in, true);
            case OBJECT -> readObject(in);
            case UPLOAD -> new Upload(in.readLong(), in.readInt(), text(in));
            case SEAL -> readSeal(in, false);
            case SEAL_WITH_ABSENT -> readSeal(in, true);
            case COMMIT -> readCommit(in);
            case VOID -> new Voided(in.readLong(), in.readInt(), text(in));
            case DOUBT -> new Doubt(in.readLong(), in.readInt(), text(in));
            case REDIRECT -> readRedirect(in);
            case SKIP -> new Skip(in.readLong(), in.readInt(), text(in), text(in));
            case END -> new End(in.readLong());
            case LANDED -> new Landed(in.readLong(), in.readInt(), text(in));
        };
    }

    private static Own readOwn(DataInputStream in, boolean marked) throws IOException {
        return new Own(text(in), in.readLong(), in.readLong(), text(in), marked);
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
        Kind kind = Kind.ofCode(in.readByte());
        int version = in.readInt();
        String splitter = text(in);
        String store = text(in);
        ObjectName name = new ObjectName(text(in), text(in));
        ObjectAttributes attributes = new ObjectAttributes(text(in), in.readLong(), text(in));
        StagedBytes staged = new StagedBytes(text(in), in.readLong(), in.readLong(), in.readInt());
        long inputBytes = in.readLong();
        byte[] sequences = bytes(in, "a list of sequences");
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

    private static Redirect readRedirect(DataInputStream in) throws IOException {
        long rangeStart = in.readLong();
        int number = in.readInt();
        String store = text(in);
        ObjectName name = new ObjectName(text(in), text(in));
        return new Redirect(rangeStart, number, store, name, text(in));
    }

    private static Commit readCommit(DataInputStream in) throws IOException {
        long start = in.readLong();
        long end = in.readLong();
        long at = in.readLong();
        int objects = length(in, "a list of answers");
        List<String> said = new ArrayList<>(Math.min(objects, 1 << 16));
        for (int i = 0; i < objects; i++) {
            said.add(text(in));
        }
        return new Commit(start, end, at, said);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(bytes(in, "a text"), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(DataInputStream in, String what) throws IOException {
        return in.readNBytes(length(in, what));
    }

    /** Each element has a byte at least. */
    private static int length(DataInputStream in, String what) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("%s of %d does not fit its record".formatted(what, length));
        }
        return length;
    }
}
