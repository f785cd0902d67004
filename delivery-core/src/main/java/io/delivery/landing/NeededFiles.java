package io.delivery.landing;

import io.delivery.landing.LaneRecord.ObjectRecord;
import java.util.HashMap;
import java.util.Map;

/**
 * The staged files that objects of one range are to be landed from. Small objects share a file: it
 * is needed until each of them has landed or is void. Not thread-safe.
 */
final class NeededFiles {
    private final Map<String, StagedFile> files = new HashMap<>();
    private long bytes;

    private static final class StagedFile {
        private long bytes;
        private int toLand;
    }

    /** An object was recorded: it is to be landed from its staged bytes. */
    void toLand(ObjectRecord object) {
        StagedFile file = files.computeIfAbsent(object.staged().file(), name -> new StagedFile());
        file.bytes += object.staged().length();
        file.toLand++;
        bytes += object.staged().length();
    }

    /** An object that was to be landed has landed or is void, and that is durable. */
    void notToLand(ObjectRecord object) {
        StagedFile file = files.get(object.staged().file());
        file.toLand--;
        if (file.toLand == 0) {
            bytes -= file.bytes;
            files.remove(object.staged().file()); // no name of a file is given twice
        }
    }

    /** Whether an object is to be landed from this file. */
    boolean needs(String file) {
        return files.containsKey(file);
    }

    /** What this file takes, in bytes: 0 when no object is to be landed from it. */
    long bytes(String file) {
        StagedFile needed = files.get(file);
        return needed == null ? 0 : needed.bytes;
    }

    /** What these files take, in bytes. */
    long bytes() {
        return bytes;
    }
}
