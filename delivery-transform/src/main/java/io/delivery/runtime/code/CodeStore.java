package io.delivery.runtime.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The code of functions, unpacked once for each content and shared by all functions that have it.
 * What nobody uses any more is removed. Thread-safe.
 */
public final class CodeStore {
    /** Lambda quotas, deployment package: unzipped, layers included. */
    public static final long MAX_BYTES = 250L << 20;

    private final Path folder;
    private final long maxBytes;
    private final Map<String, Integer> uses = new HashMap<>();

    /**
     * @param folder is emptied
     * @param maxBytes of one function's code, unpacked
     */
    public CodeStore(Path folder, long maxBytes) throws IOException {
        this.folder = folder;
        this.maxBytes = maxBytes;
        // What a process that was killed left may be half written.
        Folders.remove(folder);
        Folders.create(folder);
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

        /** One more user, who gives it back as well. */
        public Lease share() {
            synchronized (CodeStore.this) {
                uses.merge(checksum, 1, Integer::sum);
            }
            return new Lease(checksum);
        }

        /** This user has done with it; behind the last one the folder is removed. */
        public void giveBack() {
            synchronized (CodeStore.this) {
                if (givenBack) {
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
     * @throws IOException when it is missing, broken, too large, changes meanwhile, or has what
     *     must not be
     */
    public synchronized Lease take(Path code) throws IOException {
        String checksum = FunctionCode.checksum(code);
        if (!uses.containsKey(checksum)) {
            Path unpacked = folder.resolve(checksum);
            try {
                Folders.remove(unpacked);
                Folders.create(unpacked);
                try (FunctionCode source = FunctionCode.open(code)) {
                    Unpacking.unpack(source, unpacked, maxBytes);
                }
                if (!FunctionCode.checksum(code).equals(checksum)) {
                    throw new IOException(code + " changed while it was read: try again");
                }
            } catch (IOException | RuntimeException e) {
                Folders.removeOrTell(unpacked);
                throw e;
            }
        }
        uses.merge(checksum, 1, Integer::sum);
        return new Lease(checksum);
    }

    /** Removes everything, whoever uses it. */
    public synchronized void close() {
        uses.clear();
        if (Files.exists(folder)) {
            Folders.removeOrTell(folder);
        }
    }
}
