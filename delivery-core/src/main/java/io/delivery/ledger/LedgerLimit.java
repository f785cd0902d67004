package io.delivery.ledger;

import io.delivery.failure.RepeatedFailure;
import io.delivery.world.DiskFile;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much the ledgers of all lanes of a process may hold together, and for how long. Beyond that
 * limit the oldest files are deleted, whichever lane they belong to, so that all lanes keep about
 * the same days. Thread-safe.
 */
public final class LedgerLimit {
    /** Design §5.6. */
    public static final long DEFAULT_BYTES = 2L << 30;

    /** Design §5.6. */
    public static final Duration KEPT = Duration.ofDays(30);

    private static final int FILES = 16;
    private static final long SMALLEST_FILE = 64 << 10;

    private static final Logger log = LoggerFactory.getLogger(LedgerLimit.class);

    private final long bytes;
    private final TreeMap<Entry, Long> files = new TreeMap<>();
    private final Set<Entry> written = new HashSet<>();
    private final Set<Path> archived = new HashSet<>();
    private long held;
    private RepeatedFailure deleting;

    private record Entry(LedgerFileName name, Path path) implements Comparable<Entry> {
        private static final Comparator<Entry> OLDEST_FIRST =
                Comparator.comparing(Entry::name).thenComparing(Entry::path);

        @Override
        public int compareTo(Entry other) {
            return OLDEST_FIRST.compare(this, other);
        }
    }

    /**
     * @param bytes of all files together
     */
    public LedgerLimit(long bytes) {
        this.bytes = bytes;
    }

    /** A file that has grown to this goes on in another one: a limit deletes whole files. */
    long fileBytes() {
        return Math.max(SMALLEST_FILE, bytes / FILES);
    }

    /** How many bytes all files hold together. */
    public synchronized long heldBytes() {
        return held;
    }

    /** Counts a file that was found, or that has another length now. */
    synchronized void has(LedgerFileName name, Path path, long length) {
        Long before = files.put(new Entry(name, path), length);
        held += length - (before == null ? 0 : before);
    }

    synchronized void gone(LedgerFileName name, Path path) {
        Long before = files.remove(new Entry(name, path));
        held -= before == null ? 0 : before;
    }

    /** The ledger in this directory is of a deleted stream: its newest file may go as well. */
    synchronized void archived(Path ledger) {
        archived.add(ledger);
    }

    /** From here on until {@link #closed} it is not deleted. */
    synchronized void opened(LedgerFileName name, Path path) {
        written.add(new Entry(name, path));
    }

    synchronized void closed(LedgerFileName name, Path path) {
        written.remove(new Entry(name, path));
    }

    /**
     * Deletes what is too old or too much; of a present lane's newest file the entries only, so
     * that its ledger can be told from one that somebody removed. What cannot be deleted is tried
     * again.
     */
    synchronized void trim(World world) {
        if (deleting == null) {
            deleting =
                    RepeatedFailure.of(log, "deleting a file of a ledger", world.clock()::nanoTime);
        }
        Map<Path, Entry> newest = new HashMap<>();
        files.keySet().forEach(file -> newest.put(file.path().getParent(), file));
        newest.keySet().removeAll(archived);
        LocalDate oldest = LedgerFileName.dayOf(world.clock().millis()).minusDays(KEPT.toDays());
        List<Entry> deleted = new ArrayList<>();
        for (Entry file : files.keySet()) {
            boolean old = file.name().day().isBefore(oldest);
            if (!old && held <= bytes) {
                break;
            }
            boolean last = file.equals(newest.get(file.path().getParent()));
            if (written.contains(file) || last && files.get(file) == 0) {
                continue;
            }
            try {
                if (last) {
                    empty(file, world);
                } else {
                    world.disk().delete(file.path());
                }
                deleting.worked();
            } catch (IOException failed) {
                deleting.failed(failed, "file", file.path());
                continue;
            }
            held -= files.get(file);
            if (last) {
                files.put(file, 0L);
            } else {
                deleted.add(file);
            }
            log.info("ledger file deleted: file={} reason={}", file.path(), old ? "age" : "limit");
        }
        deleted.forEach(files::remove);
    }

    private static void empty(Entry file, World world) throws IOException {
        try (DiskFile open = world.disk().open(file.path())) {
            open.truncate(0);
        }
    }
}
