package io.delivery.lane.record;

import io.delivery.landing.LanePlan;
import io.delivery.landing.LaneRecord;
import io.delivery.landing.LaneRecord.Kind;
import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.landing.LaneRecord.Redirect;
import io.delivery.landing.LaneRecord.Seal;
import io.delivery.landing.LaneRecord.Skip;
import io.delivery.lane.range.OpenRange;
import io.delivery.metrics.Metric;
import io.delivery.metrics.Metrics;

/** Counts what a lane has landed, committed and sealed in its stream's metrics. */
public final class LaneMeter {
    private final Metrics metrics;
    private final String stream;
    private final boolean backup;

    /**
     * @param lane kind of the lane: a backup has metrics of its own
     */
    public LaneMeter(Metrics metrics, String stream, Kind lane) {
        this.metrics = metrics;
        this.stream = stream;
        this.backup = lane == Kind.BACKUP;
    }

    void sealed(OpenRange range) {
        if (!range.repairing()) { // its first seal was counted
            metrics.add(Metric.SEALS, stream, range.wanted().label(), 1);
        }
    }

    /** The time that partition keys took. */
    public void keys(long nanos) {
        if (nanos > 0) {
            metrics.observe(Metric.JQ_SECONDS, stream, nanos);
        }
    }

    /** An object does not land where it was to land. */
    void decided(ObjectRecord object, LaneRecord record) {
        if (record instanceof Skip) {
            metrics.add(Metric.SKIPPED_RECORDS, stream, "error-output", object.records());
        } else if (record instanceof Redirect redirect) {
            if (redirect.store().equals(Redirect.LOCAL_FOLDER)) {
                metrics.add(Metric.SKIPPED_RECORDS, stream, "local-folder", object.records());
            } else {
                metrics.add(Metric.REDIRECTED_OBJECTS, stream, 1);
            }
        }
    }

    void landed(ObjectRecord object) {
        metrics.add(backup ? Metric.BACKUP_LANDED_OBJECTS : Metric.LANDED_OBJECTS, stream, 1);
        metrics.add(
                backup ? Metric.BACKUP_LANDED_BYTES : Metric.LANDED_BYTES,
                stream,
                object.staged().length());
    }

    void committed(LanePlan.RangePlan range) {
        long main = 0;
        for (ObjectRecord object : range.live()) {
            if (object.kind().isError()) {
                metrics.add(
                        Metric.ERROR_OUTPUT_RECORDS,
                        stream,
                        object.kind().word(),
                        object.records());
            } else {
                main += object.records();
            }
        }
        if (backup) {
            metrics.add(Metric.BACKUP_LANDED_RECORDS, stream, main);
            return;
        }
        Seal seal = range.seal();
        metrics.add(Metric.LANDED_RECORDS, stream, main);
        metrics.add(Metric.DROPPED_RECORDS, stream, seal.dropped());
        metrics.add(Metric.DAMAGED_RECORDS, stream, seal.damaged());
        metrics.add(Metric.SPLIT_RECORDS, stream, seal.parts() - seal.sequences());
    }
}
