package io.delivery.runtime.code;

import io.delivery.failure.OpenedSoFar;
import io.delivery.world.DiskFullException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The code of functions, unpacked once for each content and shared by all functions that have it.
 * What nobody uses any more is removed. Thread-safe.
 */
public final class CodeStore {
    /** Lambda quotas, deployment package: unzipped, layers included. */
    public static final long MAX_BYTES = 250L << 20;

    /** With less room than this streams give up their reserve. */
    private static final long SPARED_BYTES = 2L << 20;

    /** Of a file system: the last one of a file is taken as a whole. */
    private static final long BLOCK_BYTES = 4096;

    private final Path folder;
    private final long maxBytes;
    private final Room room;
    private final Map<String, Integer> uses = new HashMap<>();

    /** The checksums of codes that the last look found no room for, by path. */
    private final Map<Path, String> withoutRoom = new HashMap<>();

    /** How much room there is for code. */
    @FunctionalInterface
    public interface Room {
        /**
         * @return empty where nobody can tell
         */
        OptionalLong usableBytes() throws IOException;
    }

    /**
     * @param folder is emptied, and made when the first code is taken
     * @param maxBytes of one function's code, unpacked
     */
    public CodeStore(Path folder, long maxBytes, Room room) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.room = room;
        // What a process that was killed left may be half written.
        Folders.removeOrTell(folder);
    }

    /** A folder with code. Whoever has taken it gives it back when its processes are gone. */
    public final class Lease {
        private final String checksum;
        private boolean givenBack;

        private Lease(String checksum) {
            this.checksum = checksum;
        }

        /** Where it is. */
        public Path root() {
            return folder.resolve(checksum);
        }

        /**
         * One more user, who gives it back as well.
         *
         * @throws IOException when the last user has given it back: the code is gone
         */
        public Lease share() throws IOException {
            synchronized (CodeStore.this) {
                if (!uses.containsKey(checksum)) {
                    throw new IOException("The function's code is not in use any more");
                }
                uses.merge(checksum, 1, Integer::sum);
            }
            return new Lease(checksum);
        }

        /** This user has done with it; behind the last one the folder is removed. */
        public void giveBack() {
            synchronized (CodeStore.this) {
                if (givenBack || !uses.containsKey(checksum)) {
                    return;
                }
                givenBack = true;
                if (uses.merge(checksum, -1, Integer::sum) == 0) {
                    uses.remove(checksum);
                    Folders.removeOrTell(root());
                }
            }
        }
    }

    /**
     * Unpacks code, unless the same is there.
     *
     * @throws MachineRefusesException when there is no room for it, or the machine lacks something
     *     else for it at present; nothing of it is left
     * @throws IOException when it is missing, broken, too large, changes meanwhile, or has what
     *     must not be
     */
    public synchronized Lease take(Path code) throws IOException {
        try {
            return taken(code);
        } catch (IOException failed) {
            if (MachineRefusesException.isBehind(failed)) {
                throw MachineRefusesException.of(failed);
            }
            throw failed;
        }
    }

    private Lease taken(Path code) throws IOException {
        requireRoomThatLacked(code);
        String checksum = FunctionCode.checksum(code, maxBytes);
        if (!uses.containsKey(checksum)) {
            Path unpacked = folder.resolve(checksum);
            try {
                makeEmpty(unpacked);
                try (FunctionCode source = FunctionCode.open(code)) {
                    withoutRoom.put(code, checksum);
                    requireRoom(source);
                    withoutRoom.remove(code);
                    Unpacking.unpack(source, unpacked, maxBytes);
                }
                if (!FunctionCode.checksum(code, maxBytes).equals(checksum)) {
                    throw new IOException(code + " changed while it was read: try again");
                }
            } catch (Throwable failed) { // also errors
                OpenedSoFar.closeAfter(failed, () -> Folders.removeOrTell(unpacked));
                throw failed;
            }
        }
        uses.merge(checksum, 1, Integer::sum);
        return new Lease(checksum);
    }

    /**
     * Code that had no room is not read as a whole before there is some, unless others have
     * unpacked the same.
     */
    private void requireRoomThatLacked(Path code) throws IOException {
        String checksum = withoutRoom.get(code);
        if (checksum != null && !uses.containsKey(checksum)) {
            try (FunctionCode source = FunctionCode.open(code)) {
                requireRoom(source);
            }
        }
    }

    private static void makeEmpty(Path unpacked) throws MachineRefusesException {
        try {
            Folders.remove(unpacked);
            Folders.create(unpacked);
        } catch (IOException failed) {
            throw MachineRefusesException.of(failed);
        }
    }

    /**
     * Asked before a byte is written: what streams need to land must not be taken, even shortly.
     */
    private void requireRoom(FunctionCode source) throws IOException {
        long bytes = 0;
        for (CodeItem item : source.items()) {
            bytes += Math.max(0, item.entry().bytes()) + BLOCK_BYTES;
            bytes = Math.min(bytes, maxBytes); // whatever a packed one says
        }
        long needed = bytes + SPARED_BYTES;
        OptionalLong usable = room.usableBytes();
        if (usable.isPresent() && usable.getAsLong() < needed) {
            throw new DiskFullException(
                    "no room for the function's code in %s: %d bytes are free, %d are needed"
                            .formatted(folder, usable.getAsLong(), needed),
                    null);
        }
    }

    /** Removes everything, whoever uses it. */
    public synchronized void close() {
        uses.clear();
        if (Files.exists(folder)) {
            Folders.removeOrTell(folder);
        }
    }
}
