package io.delivery.verify;

import io.delivery.crypt.MasterKeys;
import io.delivery.inspection.StreamInspection;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Verifies a data directory, and the stores that its records name. Changes nothing, unless it is
 * asked to end what was left behind in a store, and works beside the process that owns the
 * directory: what looks wrong is looked at again, until it looks the same twice.
 */
public final class Verification {
    /** A busy owner may change what is looked at every time. */
    private static final int MOST_LOOKS = 5;

    private final World world;
    private final Path dataDirectory;
    private final MasterKeys masters;
    private final Watcher watcher;

    public Verification(World world, Path dataDirectory, Watcher watcher) {
        this(world, dataDirectory, MasterKeys.NONE, watcher);
    }

    /**
     * The same, which also looks into what these keys open.
     *
     * @param masters what is encrypted with others is believed by its checksums
     */
    public Verification(World world, Path dataDirectory, MasterKeys masters, Watcher watcher) {
        this.masters = masters;
        this.world = world;
        this.dataDirectory = dataDirectory;
        this.watcher = watcher;
    }

    /** Names of the streams that have a directory. */
    public List<String> streams() throws IOException {
        List<String> names = new ArrayList<>();
        for (Path directory : StreamInspection.directories(dataDirectory, world.disk())) {
            names.add(StreamInspection.identify(directory, world.disk()).name());
        }
        return names;
    }

    /** The books only. */
    public Report run() throws IOException {
        return run(Scope.BOOKS, name -> Optional.empty(), List.of());
    }

    /**
     * @param stores to look into, unless the scope is the books
     * @param configured buckets that streams write to, listed even if no object is recorded there
     * @throws IOException when the data directory cannot be read
     */
    public Report run(Scope scope, ListedStores stores, Collection<Place> configured)
            throws IOException {
        List<StreamCheck> all = new ArrayList<>();
        List<LaneReport> lanes = new ArrayList<>();
        Findings findings = new Findings();
        for (Path directory : StreamInspection.directories(dataDirectory, world.disk())) {
            StreamCheck check = looksTheSameTwice(directory);
            all.add(check);
            if (scope.includesStream(check.stream().name())) {
                lanes.addAll(check.lanes());
                findings.addAll(check.findings());
                watcher.streamChecked(check.stream().name(), check.lanes());
            }
        }
        List<PlaceReport> places =
                scope.depth() == Scope.Depth.BOOKS
                        ? List.of()
                        : new ObjectCheck(all, scope, stores, watcher, world, findings)
                                .run(configured);
        return new Report(lanes, places, findings);
    }

    private StreamCheck looksTheSameTwice(Path directory) throws IOException {
        StreamCheck check = StreamCheck.of(directory, world.disk(), masters);
        for (int look = 1; look < MOST_LOOKS && !check.findings().none(); look++) {
            StreamCheck again = StreamCheck.of(directory, world.disk(), masters);
            boolean same = again.findings().kept().equals(check.findings().kept());
            check = again;
            if (same) {
                break;
            }
        }
        return check;
    }
}
