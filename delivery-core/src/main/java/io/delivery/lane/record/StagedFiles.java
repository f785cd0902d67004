package io.delivery.lane.record;

import io.delivery.failure.RepeatedFailure;
import io.delivery.landing.LanePlan;
import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LaneRecord;
import io.delivery.landing.LaneRecord.GivenUp;
import io.delivery.landing.LaneRecord.Landed;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.lane.components.LaneName;
import io.delivery.staging.Staging;
import io.delivery.world.Clock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that hold the staged bytes of a lane's recorded objects, and when they may go. */
final class StagedFiles {
    private static final Logger log = LoggerFactory.getLogger(StagedFiles.class);

    private final Staging staging;
    private final RepeatedFailure deleting;

    StagedFiles(Staging staging, LaneName name, Clock clock) {
        this.staging = staging;
        this.deleting = RepeatedFailure.of(log, "deleting a staged file", clock::nanoTime, name);
    }

    /**
     * Objects that have been seen in the store, of which that is not in the state, and whose files
     * nothing else needs.
     *
     * @param skip so many of the oldest ranges are left out
     */
    static List<ObjectRecord> onlySeen(LanePlan plan, int skip) {
        List<ObjectRecord> seen = new ArrayList<>();
        int left = skip;
        for (RangePlan range : plan.ranges()) {
            if (left-- <= 0) {
                seen.addAll(onlySeen(range));
            }
        }
        return seen;
    }

    /** Objects share files: a file can go when none of them is to be landed. */
    private static List<ObjectRecord> onlySeen(RangePlan range) {
        Map<String, List<ObjectRecord>> byFile = new LinkedHashMap<>();
        Set<String> needed = new HashSet<>();
        for (ObjectRecord object : range.toLand()) {
            String file = object.staged().file();
            if (range.seen(object)) {
                byFile.computeIfAbsent(file, of -> new ArrayList<>(1)).add(object);
            } else {
                needed.add(file);
            }
        }
        byFile.keySet().removeAll(needed);
        List<ObjectRecord> seen = new ArrayList<>();
        byFile.values().forEach(seen::addAll);
        return seen;
    }

    /** What the files of these objects take, void objects in them included. */
    static long bytes(List<ObjectRecord> objects, LanePlan plan) {
        Map<String, Long> byFile = new HashMap<>();
        for (ObjectRecord object : objects) {
            String file = object.staged().file();
            byFile.put(file, plan.rangeAt(object.rangeStart()).stagedBytes(file));
        }
        return byFile.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * The records which say that these objects have landed.
     *
     * @param said what the store said of each, by its id
     */
    static List<LaneRecord> haveLanded(List<ObjectRecord> seen, Map<String, String> said) {
        List<LaneRecord> records = new ArrayList<>();
        for (ObjectRecord object : seen) {
            records.add(new Landed(object.rangeStart(), object.number(), said.get(object.id())));
        }
        return records;
    }

    /**
     * What a commit says of each object of its range.
     *
     * @param said what the store said of those that this process has landed, by their ids
     */
    static List<String> whatWasSaid(RangePlan range, Map<String, String> said) {
        List<String> all = new ArrayList<>();
        for (ObjectRecord object : range.objects()) {
            all.add(
                    range.isVoid(object)
                            ? "void"
                            : range.saidOf(object).orElseGet(() -> said.get(object.id())));
        }
        return all;
    }

    /**
     * These objects are void, and that is durable: files that no other object needs are removed.
     */
    void removeUnneeded(List<GivenUp> gone, LanePlan plan) {
        List<ObjectRecord> unneeded = new ArrayList<>();
        for (GivenUp one : gone) {
            RangePlan range = plan.rangeAt(one.rangeStart());
            ObjectRecord object = range.objects().get(one.number());
            if (!range.needs(object.staged().file())) {
                unneeded.add(object);
            }
        }
        remove(unneeded);
    }

    /** Removes the files of these objects. Nobody needs them any more, and that is durable. */
    void remove(Collection<ObjectRecord> objects) {
        Set<String> files = new HashSet<>();
        objects.forEach(object -> files.add(object.staged().file()));
        for (String file : files) {
            try {
                staging.delete(file);
            } catch (IOException failed) {
                // Found and removed at the next start.
                deleting.failed(failed, "file", file);
            }
        }
    }
}
