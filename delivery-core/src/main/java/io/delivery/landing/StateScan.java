package io.delivery.landing;

import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Reads a state file and decides what to believe: valid frames up to the first bad stretch. If that
 * lies above the highest durable-up-to of any valid frame, also of one behind it, it is a torn
 * tail; otherwise it is damage.
 */
final class StateScan {
    private final List<byte[]> payloads = new ArrayList<>();
    private long believed;
    private long highestDurable;
    private long fileLength;

    private StateScan() {}

    /**
     * @throws LaneDamagedException when the file is damaged where it was once durable
     */
    static StateScan of(DiskFile file, Path path) throws IOException {
        StateScan scan = look(file);
        if (scan.damaged()) {
            throw new LaneDamagedException(
                    "%s is damaged at byte %d, which was durable (up to %d): nothing was changed"
                            .formatted(path, scan.believed, scan.highestDurable));
        }
        return scan;
    }

    /** Reads what can be believed, damaged or not. */
    static StateScan look(DiskFile file) throws IOException {
        StateScan scan = new StateScan();
        scan.fileLength = file.length();
        ByteBuffer bytes =
                ByteBuffer.allocate((int) Math.min(scan.fileLength, Integer.MAX_VALUE - 8))
                        .order(ByteOrder.LITTLE_ENDIAN);
        file.readFully(bytes, 0);
        bytes.flip();
        while (scan.believed < scan.fileLength) {
            Frame frame = frameAt(bytes, (int) scan.believed);
            if (frame == null) {
                break;
            }
            scan.highestDurable = Math.max(scan.highestDurable, frame.durableUpTo);
            scan.payloads.add(frame.payload);
            scan.believed += LaneState.HEADER_BYTES + frame.payload.length;
        }
        for (int at = (int) scan.believed + 1; at + LaneState.HEADER_BYTES <= bytes.limit(); at++) {
            if (bytes.getInt(at) == LaneState.MAGIC) {
                Frame frame = frameAt(bytes, at);
                if (frame != null) {
                    scan.highestDurable = Math.max(scan.highestDurable, frame.durableUpTo);
                }
            }
        }
        return scan;
    }

    /** Whether something was durable that is not believed. */
    boolean damaged() {
        // The file got its name after its first two frames, owner and snapshot, were synced.
        return believed < highestDurable || payloads.size() < 2;
    }

    /** Where the last believed frame ends. */
    long believed() {
        return believed;
    }

    long highestDurable() {
        return highestDurable;
    }

    List<byte[]> payloads() {
        return payloads;
    }

    /** Bytes behind the last believed frame. */
    long cutBytes() {
        return fileLength - believed;
    }

    private record Frame(long durableUpTo, byte[] payload) {}

    /** The frame that begins here, null when no valid one does. */
    private static Frame frameAt(ByteBuffer bytes, int at) {
        if (at + LaneState.HEADER_BYTES > bytes.limit() || bytes.getInt(at) != LaneState.MAGIC) {
            return null;
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), at, LaneState.HEADER_BYTES - Integer.BYTES);
        if (bytes.getInt(at + 36) != (int) crc.getValue() || bytes.getLong(at + 16) != at) {
            return null;
        }
        int length = bytes.getInt(at + 4);
        int from = at + LaneState.HEADER_BYTES;
        if (length < 0 || length > bytes.limit() - from) {
            return null;
        }
        crc.reset();
        crc.update(bytes.array(), from, length);
        if (bytes.getInt(at + 32) != (int) crc.getValue()) {
            return null;
        }
        byte[] payload = new byte[length];
        bytes.get(from, payload);
        return new Frame(bytes.getLong(at + 24), payload);
    }
}
