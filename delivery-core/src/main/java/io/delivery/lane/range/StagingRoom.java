package io.delivery.lane.range;

import io.delivery.format.EncoderFactory;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Disk room that the objects of a range need beside the spool: those that are not with an encoder
 * yet, those that are, and those that are staged and not recorded. What is recorded counts with the
 * lane's state. In bytes; belongs to its lane's executor.
 *
 * <p>Objects that are not with an encoder need no room all at once: what has landed makes room for
 * the next ones. So they hold room for the largest of them, and beyond it for as much as is to be
 * encoded side by side.
 */
final class StagingRoom {
    /** Of an object of the error output, beside its lines. */
    private static final int BYTES_OF_ERROR_OBJECT = 16;

    private final EncoderFactory encoder;
    private long waitingRecordBytes;
    private long waitingObjects;
    private long waitingErrorBytes;
    private long largestRecordBytes;
    private long largestErrorBytes;
    private long encoding;
    private long staged;

    /** Of those that are with an encoder: what is held for them. */
    private final Map<List<PartitionBuffer>, Long> held = new IdentityHashMap<>();

    StagingRoom(EncoderFactory encoder) {
        this.encoder = encoder;
    }

    /** What the object of this buffer may take. */
    long expected(PartitionBuffer buffer) {
        long bytes = buffer.records().recordBytes();
        return buffer.kind().isError()
                ? bytes + BYTES_OF_ERROR_OBJECT
                : encoder.expectedBytes(bytes);
    }

    /** What the objects of these buffers may take together. */
    long expected(List<PartitionBuffer> buffers) {
        long sum = 0;
        for (PartitionBuffer buffer : buffers) {
            sum += expected(buffer);
        }
        return sum;
    }

    /** Another buffer of records was opened. */
    void opened() {
        waitingObjects++;
    }

    /** So many bytes were added to this buffer. */
    void added(PartitionBuffer buffer, int bytes) {
        long all = buffer.records().recordBytes();
        if (buffer.kind().isError()) {
            waitingErrorBytes += bytes;
            largestErrorBytes = Math.max(largestErrorBytes, all);
        } else {
            waitingRecordBytes += bytes;
            largestRecordBytes = Math.max(largestRecordBytes, all);
        }
    }

    /**
     * These buffers are with an encoder from now on; or again, after one that has failed: what is
     * expected of them has changed when their table is known by now.
     */
    void encodingStarted(List<PartitionBuffer> group) {
        long expected = expected(group);
        Long before = held.put(group, expected);
        if (before == null) {
            noLongerWaiting(group);
            encoding += expected;
        } else {
            encoding += expected - before;
        }
    }

    private void noLongerWaiting(List<PartitionBuffer> group) {
        for (PartitionBuffer buffer : group) {
            if (buffer.kind().isError()) {
                waitingErrorBytes -= buffer.records().recordBytes();
            } else {
                waitingRecordBytes -= buffer.records().recordBytes();
                waitingObjects--;
            }
        }
    }

    /**
     * They are not any more.
     *
     * @param group the list that was given when it started
     */
    void encodingEnded(List<PartitionBuffer> group) {
        encoding -= held.remove(group);
    }

    void staged(StagedGroup group) {
        for (StagedGroup.Member member : group.members()) {
            staged += member.bytes().length();
        }
    }

    /** What was staged is recorded. */
    void recorded() {
        staged = 0;
    }

    /** What is with an encoder, or staged and not recorded. */
    long taken() {
        return encoding + staged;
    }

    /**
     * What is held for objects that are not with an encoder yet.
     *
     * @param sideBySide as much as that is to be encoded at a time
     */
    long reserved(long sideBySide) {
        if (waitingObjects == 0 && waitingErrorBytes == 0) {
            return 0;
        }
        long all =
                waitingErrorBytes
                        + encoder.expectedBytes(waitingRecordBytes)
                        + Math.max(0, waitingObjects - 1) * encoder.expectedBytes(0);
        return Math.max(largest(), Math.min(all, sideBySide));
    }

    private long largest() {
        long error = largestErrorBytes == 0 ? 0 : largestErrorBytes + BYTES_OF_ERROR_OBJECT;
        return largestRecordBytes == 0
                ? error
                : Math.max(error, encoder.expectedBytes(largestRecordBytes));
    }
}
