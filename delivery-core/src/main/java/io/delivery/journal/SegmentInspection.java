package io.delivery.journal;

import io.delivery.crypt.StreamKeys;
import io.delivery.record.RecordBatch;
import io.delivery.world.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Walks the frames of one segment for {@link JournalInspection}, over every bad stretch to the next
 * frame. A frame's checksum is seeded with the segment's identity, so one that is found behind a
 * bad stretch is this segment's own and tells which sequences are missing before it.
 */
final class SegmentInspection {
    private final Disk disk;
    private final SegmentId id;
    private final Path path;
    private final JournalVisitor visitor;

    /** Where the next segment begins; {@link Long#MAX_VALUE} for the newest. */
    private final long limit;

    private final FrameHeader header;
    private final FrameOpener opener;
    private final List<JournalDamage> damage = new ArrayList<>();
    private SegmentInput input;
    private long length;

    private long offset = SegmentHeader.BYTES;
    private long sequence;
    private long durableUpTo;

    /** As {@link #durableUpTo}, without what only lanes know, which may lie inside of a frame. */
    private long durableByFrames;

    private long frames;
    private long records;
    private long usedBytes = SegmentHeader.BYTES;
    private long deadFrames;
    private Optional<TornTail> tornTail = Optional.empty();

    /**
     * The highest sequence that the frames from the present place on know to be durable; -1 when
     * they have not been read.
     */
    private long knownDurableBehind = -1;

    private long wholeFramesBehind;

    /** A bad stretch that was read a second time. */
    private long readAgainAt = -1;

    SegmentInspection(
            Disk disk,
            SegmentId id,
            Path path,
            long limit,
            long knownToLanes,
            long markedEnd,
            StreamKeys keys,
            JournalVisitor visitor) {
        this.opener = new FrameOpener(keys);
        this.disk = disk;
        this.id = id;
        this.path = path;
        this.limit = limit;
        this.visitor = visitor;
        this.header = new FrameHeader(id);
        this.sequence = id.firstSequence();
        // A segment's name says that everything below its first sequence is durable.
        this.durableByFrames = Math.min(markedEnd, limit); // a frame ends there
        long known = Math.max(knownToLanes, durableByFrames);
        this.durableUpTo = Math.max(limit == Long.MAX_VALUE ? sequence : limit, known);
        this.durableUpTo = Math.min(durableUpTo, limit);
    }

    /** False when the file is not there any more: its owner gave it back. */
    boolean look() throws IOException {
        try (SegmentInput opened = new SegmentInput()) {
            input = opened;
            input.open(disk, path);
            length = input.length();
            lookAtHeader();
            walk();
            countDeadFrames();
        } catch (GivenBackException gone) {
            return false;
        } catch (IOException unreadable) {
            if (!disk.exists(path)) {
                return false;
            }
            long lost = Math.max(durableUpTo, sequence);
            found(new JournalDamage(path, offset, sequence, lost, "cannot be read: " + unreadable));
            sequence = lost;
        }
        return true;
    }

    /** The segment is no longer part of the journal, and its file perhaps another one's. */
    private static final class GivenBackException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private void lookAtHeader() throws IOException {
        int at = input.find(0, SegmentHeader.BYTES, length);
        boolean headed =
                at >= 0
                        && SegmentHeader.isOf(
                                id,
                                Arrays.copyOfRange(input.window(), at, at + SegmentHeader.BYTES),
                                path.toString());
        if (!headed && (limit != Long.MAX_VALUE || wasDurable())) {
            found(new JournalDamage(path, 0, sequence, sequence, "no valid segment header"));
        }
    }

    private void walk() throws IOException {
        while (sequence < limit) {
            String bad = takeFrame();
            if (bad.isEmpty()) {
                continue;
            }
            if (!wasDurable()) {
                lookAtTail();
                return;
            }
            if (readAgainAt != offset) {
                // The owner may have been writing it, and what is behind it, while it was read.
                readAgainAt = offset;
                knownDurableBehind = -1;
                input.close();
                input.open(disk, path);
                length = input.length();
                continue;
            }
            if (!passBadStretch(bad)) {
                return;
            }
        }
    }

    /**
     * Whether what is bad at the present place was durable once. A start decides the same: it was
     * durable, too, when everything in front of it was and no sequence is missing up to the next
     * valid frame. What is bad is a header then, or a mark without records.
     */
    private boolean wasDurable() throws IOException {
        return sequence < durableUpTo
                || sequence < durableBehind()
                || sequence == durableUpTo && goesOnBehind();
    }

    /** Whether the next valid frame begins with the present sequence. */
    private boolean goesOnBehind() throws IOException {
        FrameWalk behind = new FrameWalk(input, id);
        behind.start(id, offset, sequence);
        return behind.next(length, limit, 0) && behind.header().firstSequence == sequence;
    }

    /**
     * Takes the frame at the present place; answers what is wrong with it, nothing if all is well.
     */
    private String takeFrame() throws IOException {
        int at = input.find(offset, FrameHeader.BYTES, length);
        if (at < 0) {
            return "the file ends";
        }
        if (!isFrame(at)) {
            return "no valid frame";
        }
        if (header.firstSequence != sequence) {
            return "a frame with sequence " + header.firstSequence;
        }
        String bad = payloadProblem();
        if (!bad.isEmpty()) {
            return bad;
        }
        show();
        durableByFrames = Math.max(durableByFrames, Math.min(limit, header.durableUpTo));
        durableUpTo = Math.max(durableUpTo, durableByFrames);
        frames++;
        records += header.count;
        sequence = header.end();
        offset += FrameHeader.frameBytes(header.length);
        usedBytes = Math.min(offset, length);
        return "";
    }

    private void show() throws IOException {
        if (header.kind == FrameHeader.DURABLE_MARK) {
            return;
        }
        if (header.isEncrypted() && !opener.knows(header)) {
            visitor.encrypted(path, offset, sequence, header.count, header.arrivalMillis);
            return;
        }
        int payload = input.find(offset + FrameHeader.BYTES, header.length, length);
        visitor.records(
                path,
                offset,
                sequence,
                new RecordBatch(
                        input.window(),
                        payload,
                        header.recordsLength(),
                        header.count,
                        header.arrivalMillis));
    }

    private boolean isFrame(int at) {
        return header.readFrom(input.window(), at)
                && header.firstSequence >= 0
                && header.end() >= header.firstSequence;
    }

    private String payloadProblem() throws IOException {
        if (header.length > length - offset - FrameHeader.BYTES) {
            return "a frame that reaches over the end of the file";
        }
        if (header.length > Runtime.getRuntime().maxMemory() / 4) {
            return "a frame of %d bytes, more than this process can hold".formatted(header.length);
        }
        int at = input.find(offset + FrameHeader.BYTES, header.length, length);
        if (at < 0
                || FrameHeader.checksum(input.window(), at, header.length)
                        != header.payloadChecksum) {
            return "a payload that does not fit its checksum";
        }
        if (header.isEncrypted()) {
            if (!opener.knows(header)) {
                return "";
            }
            if (!opener.open(id, header, offset, input.window(), at)) {
                return "an encrypted frame that its key does not open: somebody has changed it";
            }
        }
        return layoutHolds(at) ? "" : "records that do not fill their frame";
    }

    /** Whether the records' lengths add up: the code behind this relies on them. */
    private boolean layoutHolds(int payload) {
        ByteBuffer lengths = ByteBuffer.wrap(input.window()).order(ByteOrder.LITTLE_ENDIAN);
        long at = payload;
        long end = payload + (long) header.recordsLength();
        int count = 0;
        while (at + RecordBatch.RECORD_OVERHEAD <= end) {
            int size = lengths.getInt((int) at);
            if (size < 0) {
                return false;
            }
            at += RecordBatch.RECORD_OVERHEAD + (long) size;
            count++;
        }
        return at == end && count == header.count;
    }

    /** The highest sequence that any frame from the present place on knows to be durable. */
    private long durableBehind() throws IOException {
        if (knownDurableBehind < 0) {
            knownDurableBehind = 0;
            wholeFramesBehind = 0;
            for (long at = offset; at <= length - FrameHeader.BYTES; at += FrameHeader.ALIGNMENT) {
                int found = input.find(at, FrameHeader.BYTES, length);
                if (found < 0) {
                    break;
                }
                if (isFrame(found)) {
                    knownDurableBehind =
                            Math.max(knownDurableBehind, Math.min(limit, header.durableUpTo));
                    wholeFramesBehind += at == offset ? 0 : 1;
                }
            }
            durableByFrames = Math.max(durableByFrames, knownDurableBehind);
            durableUpTo = Math.max(durableUpTo, durableByFrames);
        }
        return knownDurableBehind;
    }

    /** Goes on at the next frame behind this bad stretch; false when there is none. */
    private boolean passBadStretch(String reason) throws IOException {
        for (long at = offset; at <= length - FrameHeader.BYTES; at += FrameHeader.ALIGNMENT) {
            int found = input.find(at, FrameHeader.BYTES, length);
            if (found < 0) {
                break;
            }
            if (!isFrame(found) || header.firstSequence < sequence) {
                continue;
            }
            if (at == offset && header.firstSequence == sequence) {
                if (header.count == 0) {
                    continue;
                }
                // Its header is whole: it tells how far the loss reaches.
                long behind = Math.min(limit, header.end());
                long next = at + FrameHeader.frameBytes(header.length);
                damaged(behind, reason);
                sequence = behind;
                offset = next;
                return true;
            }
            if (limit == Long.MAX_VALUE
                    && header.firstSequence > durableUpTo
                    && durableUpTo == durableByFrames) {
                break; // from what is known on, it is a torn tail
            }
            damaged(Math.min(limit, header.firstSequence), reason);
            sequence = Math.min(limit, header.firstSequence);
            offset = at;
            return true;
        }
        damaged(durableUpTo, reason);
        sequence = durableUpTo;
        lookAtTail();
        return false;
    }

    private void lookAtTail() throws IOException {
        int at = input.find(offset, FrameHeader.BYTES, length);
        boolean begun = at >= 0 && header.readFrom(input.window(), at);
        knownDurableBehind = -1;
        durableBehind();
        boolean cutsRecords = begun && header.end() > sequence;
        if (cutsRecords || wholeFramesBehind > 0) {
            tornTail = Optional.of(new TornTail(path, offset, sequence, wholeFramesBehind));
        }
    }

    /** Frames at or behind the next segment's first sequence were never acknowledged. */
    private void countDeadFrames() throws IOException {
        if (limit == Long.MAX_VALUE) {
            return;
        }
        for (long at = offset; at <= length - FrameHeader.BYTES; ) {
            int found = input.find(at, FrameHeader.BYTES, length);
            if (found < 0 || !isFrame(found)) {
                return;
            }
            deadFrames += header.kind == FrameHeader.DURABLE_MARK ? 0 : 1;
            at += FrameHeader.frameBytes(header.length);
        }
    }

    private void damaged(long to, String reason) throws IOException {
        found(new JournalDamage(path, offset, sequence, to, reason));
    }

    private void found(JournalDamage one) throws IOException {
        if (!disk.exists(path)) {
            throw new GivenBackException(); // what looked damaged is another segment's
        }
        damage.add(one);
        visitor.damaged(one);
    }

    JournalFile file() {
        return new JournalFile(
                path,
                records > 0 || !damage.isEmpty() ? JournalFile.State.LIVE : JournalFile.State.EMPTY,
                id.generation(),
                id.firstSequence(),
                sequence,
                frames,
                records,
                length,
                usedBytes,
                Math.min(durableUpTo, limit),
                deadFrames);
    }

    List<JournalDamage> damage() {
        return damage;
    }

    Optional<TornTail> tornTail() {
        return tornTail;
    }

    long end() {
        return sequence;
    }

    long durableUpTo() {
        return durableUpTo;
    }
}
