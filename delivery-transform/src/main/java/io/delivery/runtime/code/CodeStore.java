package io.delivery.runtime.code;

import io.delivery.failure.OpenedSoFar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The code of functions, unpacked once for each content and shared by all functions that have it.
 * What nobody uses any more is removed. Thread-safe.
 */
public final class CodeStore {
    /** Lambda quotas, deployment package: unzipped, layers included. */
    public static final long MAX_BYTES = 250L << 20;

    /** Of a file system: the last one of a file is taken as a whole. */
    private static final long BLOCK_BYTES = 4096;

    private final Path folder;
    private final long maxBytes;
    private final CodeRoom room;

    /** Its lock is held for the counts alone: nothing is read or written below it. */
    private final Map<String, Unpacked> codes = new HashMap<>();

    /** The checksums of codes that the last look found no room for, by path. */
    private final Map<Path, String> withoutRoom = new ConcurrentHashMap<>();

    private boolean closed;

    /**
     * One content. Its lock is held while its folder is written or removed, which may take long,
     * and before that of the counts.
     */
    private static final class Unpacked {
        private final String checksum;

        /** Those who have it or wait for it; belongs to the lock of the counts. */
        private int uses;

        /** Whether its folder is there as a whole; changes below both locks. */
        private boolean whole;

        Unpacked(String checksum) {
            this.checksum = checksum;
        }
    }

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
        this.room = new CodeRoom(folder, room::usableBytes);
        // What a process that was killed left may be half written.
        Folders.removeOrTell(folder);
    }

    /** A folder with code. Whoever has taken it gives it back when its processes are gone. */
    public final class Lease {
        private final Unpacked code;
        private boolean givenBack;

        private Lease(Unpacked code) {
            this.code = code;
        }

        /** Where it is. */
        public Path root() {
            return folder.resolve(code.checksum);
        }

        /**
         * One more user, who gives it back as well.
         *
         * @throws IOException when this user has given it back: the code may be gone
         */
        public Lease share() throws IOException {
            synchronized (codes) {
                if (givenBack || closed) {
                    throw new IOException("The function's code is not in use any more");
                }
                code.uses++;
            }
            return new Lease(code);
        }

        /** This user has done with it; behind the last one the folder is removed. */
        public void giveBack() {
            synchronized (codes) {
                if (givenBack) {
                    return;
                }
                givenBack = true;
            }
            doneWith(code);
        }
    }

    /**
     * Unpacks code, unless the same is there. What is unpacked holds up those alone who take the
     * same.
     *
     * @throws MachineRefusesException when there is no room for it, or the machine lacks something
     *     else for it at present; nothing of it is left
     * @throws IOException when it is missing, broken, too large, changes meanwhile, or has what
     *     must not be
     */
    public Lease take(Path code) throws IOException {
        try {
            requireRoomThatLacked(code);
            return taken(code, FunctionCode.checksum(code, maxBytes));
        } catch (IOException failed) {
            if (MachineRefusesException.isBehind(failed)) {
                throw MachineRefusesException.of(failed);
            }
            throw failed;
        }
    }

    private Lease taken(Path path, String checksum) throws IOException {
        Unpacked code;
        synchronized (codes) {
            requireOpen();
            code = codes.computeIfAbsent(checksum, Unpacked::new);
            code.uses++;
        }
        try {
            synchronized (code) {
                if (!code.whole) {
                    requireStillOpen();
                    unpack(path, checksum);
                    setWhole(code, true);
                }
            }
        } catch (Throwable failed) { // also errors
            OpenedSoFar.closeAfter(failed, () -> doneWith(code));
            throw failed;
        }
        return new Lease(code);
    }

    private void setWhole(Unpacked code, boolean whole) {
        synchronized (codes) {
            code.whole = whole;
        }
    }

    private void requireStillOpen() throws IOException {
        synchronized (codes) {
            requireOpen();
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("The code of functions was closed");
        }
    }

    private void doneWith(Unpacked code) {
        synchronized (codes) {
            if (--code.uses > 0) {
                return;
            }
        }
        synchronized (code) {
            synchronized (codes) {
                if (closed || code.uses > 0 || codes.get(code.checksum) != code) {
                    return; // others have come meanwhile, or have removed it
                }
                code.whole = false;
            }
            Folders.removeOrTell(folder.resolve(code.checksum));
            synchronized (codes) {
                if (code.uses == 0) {
                    codes.remove(code.checksum);
                }
            }
        }
    }

    private void unpack(Path path, String checksum) throws IOException {
        Path unpacked = folder.resolve(checksum);
        try {
            makeEmpty(unpacked);
            try (FunctionCode source = FunctionCode.open(path)) {
                withoutRoom.put(path, checksum);
                long needed = bytes(source);
                room.promise(needed);
                withoutRoom.remove(path);
                try {
                    Unpacking.unpack(source, unpacked, maxBytes);
                } finally {
                    room.release(needed);
                }
            }
            if (!FunctionCode.checksum(path, maxBytes).equals(checksum)) {
                throw new IOException(path + " changed while it was read: try again");
            }
        } catch (Throwable failed) { // also errors
            OpenedSoFar.closeAfter(failed, () -> Folders.removeOrTell(unpacked));
            throw failed;
        }
    }

    /**
     * Code that had no room is not read as a whole before there is some, unless others have
     * unpacked the same.
     */
    private void requireRoomThatLacked(Path code) throws IOException {
        String checksum = withoutRoom.get(code);
        if (checksum != null && !isWhole(checksum)) {
            try (FunctionCode source = FunctionCode.open(code)) {
                room.require(bytes(source));
            }
        }
    }

    /** Others may also be trying to unpack it, and find no room either. */
    private boolean isWhole(String checksum) {
        synchronized (codes) {
            Unpacked code = codes.get(checksum);
            return code != null && code.whole;
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

    /** Room that a code needs, as far as it tells that before it is read. */
    private long bytes(FunctionCode source) throws IOException {
        long bytes = 0;
        for (CodeItem item : source.items()) {
            bytes += Math.max(0, item.entry().bytes()) + BLOCK_BYTES;
            bytes = Math.min(bytes, maxBytes); // whatever a packed one says
        }
        return bytes;
    }

    /** Removes everything, whoever uses it, once nothing of it is being written. */
    public void close() {
        List<Unpacked> all;
        synchronized (codes) {
            closed = true;
            all = List.copyOf(codes.values());
        }
        room.close();
        for (Unpacked code : all) {
            synchronized (code) {
                setWhole(code, false);
            }
        }
        if (Files.exists(folder)) {
            Folders.removeOrTell(folder);
        }
    }
}
