package io.delivery.engine;

import java.util.Map;
import java.util.TreeMap;

/**
 * What all shares of a disk hold together, where each counts with at least the reserve. The sums
 * follow each change, so the answer costs the same however many shares there are. Not thread-safe.
 */
final class Holds {
    /** How many shares hold so many bytes. Idle streams all hold the same. */
    private final TreeMap<Long, Integer> shares = new TreeMap<>();

    private long reserve;

    /** How many shares hold less than the reserve. */
    private long below;

    /** How much is held by the shares that hold the reserve or more, in bytes. */
    private long aboveBytes;

    /** Each share counts with at least this from now on. */
    void reserve(long bytes) {
        if (bytes > reserve) {
            moveBelow(shares.subMap(reserve, bytes), 1);
        } else {
            moveBelow(shares.subMap(bytes, reserve), -1);
        }
        reserve = bytes;
    }

    private void moveBelow(Map<Long, Integer> moved, int direction) {
        for (Map.Entry<Long, Integer> entry : moved.entrySet()) {
            below += direction * (long) entry.getValue();
            aboveBytes -= direction * entry.getKey() * entry.getValue();
        }
    }

    /** Adds a share that holds this much. */
    void add(long held) {
        shares.merge(held, 1, Integer::sum);
        if (held < reserve) {
            below++;
        } else {
            aboveBytes += held;
        }
    }

    /** Removes a share that held this much. */
    void remove(long held) {
        shares.computeIfPresent(held, (bytes, count) -> count == 1 ? null : count - 1);
        if (held < reserve) {
            below--;
        } else {
            aboveBytes -= held;
        }
    }

    /** The sum over all shares, each of which counts with at least the reserve, in bytes. */
    long bytes() {
        return below * reserve + aboveBytes;
    }
}
