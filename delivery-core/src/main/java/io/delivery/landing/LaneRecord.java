package io.delivery.landing;

import io.delivery.record.ObjectName;
import io.delivery.staging.StagedBytes;
import java.util.List;

/**
 * One decision of a lane, as it is written to its state. What each one means and when it may be
 * written is the landing protocol (docs/architecture.md); how it looks on disk is
 * docs/formats/lane-state.md.
 */
public sealed interface LaneRecord {
    /** Who may append from here on: at the head of a state file. */
    record Own(String incarnation, long epoch, long salt, String programVersion)
            implements LaneRecord {}

    /** What had been committed when this state file was begun. */
    record Snapshot(long begin, long checkpoint, long openStart, Totals totals)
            implements LaneRecord {}

    /** An object is decided: its bytes are durable, its key is fixed. */
    record ObjectRecord(
            long rangeStart,
            int number,
            Kind kind,
            int definitionVersion,
            String splitter,
            String store,
            ObjectName name,
            ObjectAttributes attributes,
            StagedBytes staged,
            long inputBytes,
            SequenceList sequences)
            implements LaneRecord {
        /** Names the object within its lane. */
        public String id() {
            return rangeStart + "/" + number;
        }

        public long records() {
            return attributes.records();
        }
    }

    /** A multipart upload was begun: only helps to clean up. */
    record Upload(long rangeStart, int number, String uploadId) implements LaneRecord {}

    /**
     * Every record of [start, end) is in an object, dropped or damaged. A range whose objects
     * turned out void is sealed again, with new sums.
     *
     * @param objects how many numbers were given, void ones included
     * @param absent sequences that no record has, or not any more: what objects hold of such a
     *     record was settled before the log withdrew it, and the rest is nowhere
     */
    record Seal(
            long start,
            long end,
            String trigger,
            int objects,
            long mainRecords,
            long errorRecords,
            long dropped,
            long damaged,
            long absent)
            implements LaneRecord {
        /** Of a range in which every sequence has a record, as in any journal. */
        public Seal(
                long start,
                long end,
                String trigger,
                int objects,
                long mainRecords,
                long errorRecords,
                long dropped,
                long damaged) {
            this(start, end, trigger, objects, mainRecords, errorRecords, dropped, damaged, 0);
        }

        public long parts() {
            return mainRecords + errorRecords + dropped + damaged;
        }

        /** Sequences that were given to a record. */
        public long sequences() {
            return end - start - absent;
        }
    }

    /** Every object of the range has been seen in the store. The ledger entry. */
    record Commit(long start, long end, long atMillis, List<String> said) implements LaneRecord {}

    /**
     * The staged bytes of an object were found damaged and the store does not have it: its key is
     * never requested again, and its records are in no object by it.
     */
    record Void(long rangeStart, int number, String reason) implements LaneRecord {}

    /** The store's answer did not match what was sent: the object counts once it was read back. */
    record Doubt(long rangeStart, int number, String said) implements LaneRecord {}

    /** A lane that was switched off has committed everything below: nothing follows. */
    record End(long position) implements LaneRecord {}

    /** Which output an object belongs to. */
    enum Kind {
        MAIN,
        BACKUP,
        PROCESSING_FAILED,
        FORMAT_CONVERSION_FAILED,
        DECOMPRESSION_FAILED;

        public boolean isError() {
            return ordinal() >= PROCESSING_FAILED.ordinal();
        }
    }

    /**
     * Sums over the commits of a lane since it began, in records; objects and bytes beside.
     *
     * @param sequences that were given to a record
     * @param absent sequences that no record has
     */
    record Totals(
            long sequences,
            long main,
            long error,
            long dropped,
            long damaged,
            long absent,
            long objects,
            long bytes) {
        public static final Totals ZERO = new Totals(0, 0, 0, 0, 0, 0, 0, 0);

        Totals plus(Seal seal, long newObjects, long newBytes) {
            return new Totals(
                    sequences + seal.sequences(),
                    main + seal.mainRecords(),
                    error + seal.errorRecords(),
                    dropped + seal.dropped(),
                    damaged + seal.damaged(),
                    absent + seal.absent(),
                    objects + newObjects,
                    bytes + newBytes);
        }

        /** Records settled beyond the sequences they came from. */
        public long split() {
            return main + error + dropped + damaged - sequences;
        }
    }
}
