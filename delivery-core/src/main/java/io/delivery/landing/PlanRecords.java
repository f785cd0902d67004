package io.delivery.landing;

import io.delivery.landing.LanePlan.RangePlan;
import io.delivery.landing.LanePlan.Redirected;
import io.delivery.landing.LaneRecord.End;
import io.delivery.landing.LaneRecord.GivenUp;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Snapshot;
import io.delivery.landing.LaneRecord.Upload;
import java.util.ArrayList;
import java.util.List;

/** A plan as the records that make it again, in an order in which they can be decided again. */
final class PlanRecords {
    private PlanRecords() {}

    /** Everything that must be written into a new state file. */
    static List<LaneRecord> of(LanePlan plan) {
        List<LaneRecord> records = new ArrayList<>();
        records.add(new Snapshot(plan.begin(), plan.checkpoint(), plan.openStart(), plan.totals()));
        for (RangePlan range : plan.ranges()) {
            records.addAll(of(range));
            records.addAll(range.landings());
            for (ObjectRecord object : range.objects()) {
                String upload = plan.uploadOf(object);
                if (upload != null) {
                    records.add(new Upload(object.rangeStart(), object.number(), upload));
                }
            }
        }
        if (plan.ended()) {
            records.add(new End(plan.checkpoint()));
        }
        return records;
    }

    /**
     * What was decided for a range. What has landed before the commit is not in it: the commit says
     * so of every object.
     */
    static List<LaneRecord> of(RangePlan range) {
        List<ObjectRecord> objects = range.objects();
        // A seal counts what was decided before it, so what was decided later is written behind it.
        int sealed = range.sealed() ? range.seal().objects() : objects.size();
        List<GivenUp> voids = range.givenUp();
        List<LaneRecord> records = new ArrayList<>();
        addObjects(records, range, objects.subList(0, sealed));
        if (range.sealed()) {
            int underSeal = voids.size() - range.voidsSinceSeal();
            records.addAll(voids.subList(0, underSeal));
            records.add(range.seal());
            voids = voids.subList(underSeal, voids.size());
        }
        voids.stream().filter(voided -> voided.number() < sealed).forEach(records::add);
        addObjects(records, range, objects.subList(sealed, objects.size()));
        voids.stream().filter(voided -> voided.number() >= sealed).forEach(records::add);
        records.addAll(range.doubts());
        return records;
    }

    /** Objects as they were recorded first, each with the redirects that it has had since. */
    private static void addObjects(
            List<LaneRecord> records, RangePlan range, List<ObjectRecord> objects) {
        for (ObjectRecord object : objects) {
            List<Redirected> moves = range.redirectsOf(object);
            records.add(moves.isEmpty() ? object : moves.get(0).before());
            moves.forEach(moved -> records.add(moved.by()));
        }
    }
}
