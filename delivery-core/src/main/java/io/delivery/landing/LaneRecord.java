package io.delivery.landing;

import io.delivery.record.Failure;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedBytes;
import java.util.List;
import java.util.Optional;

/**
 * One decision of a lane, as it is written to its state. What each one means and when it may be
 * written is the landing protocol (docs/architecture.md); how it looks on disk is
 * docs/formats/lane-state.md.
 */
public sealed interface LaneRecord {
    /** Calls the visitor's method for this type of record. */
    <E extends Exception> void accept(Visitor<E> visitor) throws E;

    /**
     * Knows every type of record: a new type does not compile before each visitor says what it does
     * with it.
     *
     * @param <E> what its methods throw
     */
    interface Visitor<E extends Exception> {
        void own(Own own) throws E;

        void snapshot(Snapshot snapshot) throws E;

        void object(ObjectRecord object) throws E;

        void upload(Upload upload) throws E;

        void seal(Seal seal) throws E;

        void commit(Commit commit) throws E;

        void voided(Voided voided) throws E;

        void redirect(Redirect redirect) throws E;

        void skip(Skip skip) throws E;

        void doubt(Doubt doubt) throws E;

        void end(End end) throws E;

        void landed(Landed landed) throws E;
    }

    /**
     * Names the owner that may append to this state file. It is the first record of the file.
     *
     * @param marked whether the file has a mark: only those of an early program have none
     */
    record Own(String incarnation, long epoch, long salt, String programVersion, boolean marked)
            implements LaneRecord {
        @Override
        public <E extends Exception> void accept(Visitor<E> visitor) throws E {
            visitor.own(this);
        }
    }

    /** What had been committed when this state file was begun. */
    record Snapshot(long begin, long checkpoint, long openStart, Totals totals)
            implements LaneRecord {
        @Override
        public <E extends Exception> void accept(Visitor<E> visitor) throws E {
            visitor.snapshot(this);
        }
    }

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

        /** The same object with the place that this record names. */
        ObjectRecord at(Redirect redirect) {
            return new ObjectRecord(
                    rangeStart,
                    number,
                    kind,
                    definitionVersion,
                    splitter,
                    redirect.store(),
                    redirect.name(),
                    attributes,
                    staged,
                    inputBytes,
                    sequences);
        }

        /** Whether it has its place in the local folder, and not in a store. */
        public boolean isKeptLocally() {
            return store.equals(Redirect.LOCAL_FOLDER);
        }

        @Override
        public <E extends Exception> void accept(Visitor<E> visitor) throws E {
            visitor.object(this);
        }
    }

    /** A multipart upload was begun. The record only helps to clean up. */
    record Upload(long rangeStart, int number, String uploadId) implements LaneRecord {
        @Override
        public <E extends Exception> void accept(Visitor<E> visitor) throws E {
            visitor.upload(this);
        }
    }

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
        /** A seal of a range in which every sequence has a record, as it is in any journal. */
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

        @Override
        public <E extends Exception> void accept(Visitor<E> visitor) throws E {
            visitor.seal(this);
        }

        /** Sequences that were given to a record. */
        public long sequences() {
            return end - start - absent;
        }
    }

    /**
     * Every object of the range has been seen in the store. An entry of the ledger ends with this
     * record.
     */
    record Commit(long start, long end, long atMillis, List<String> said) implements LaneRecord {
        @Override
        public <E extends Exception> void accept(Visitor<E> visitor) throws E {
            visitor.commit(this);
        }
    }

    /** A record that gives an object up: nobody will see it, and its records are read again. */
    sealed interface GivenUp extends LaneRecord permits Voided, Skip {
        long rangeStart();

        int number();

        /** What was the matter with it. */
        String reason();
    }

    /**
     * The staged bytes of an object were found damaged and the store does not have it: its key is
     * never requested again, and its records go into other objects.
     */
    record Voided(long rangeStart, int number, String reason) implements GivenUp {
        @Override
        public <E extends Exception> void accept(Visitor<E> visitor) throws E {
            visitor.voided(this);
        }
    }

    /**
     * The object of the main output will never land: its key is never requested again, and its
     * records have failed for this reason. They go to the error output.
     *
     * @param code of the failure, as it is told in the error output
     */
    record Skip(long rangeStart, int number, String code, String reason) implements GivenUp {
        /** What became of each of its records. */
        public Failure failure() {
            return new Failure(Failure.Kind.PROCESSING_FAILED, code, reason);
        }

        @Override
        public <E extends Exception> void accept(Visitor<E> visitor) throws E {
            visitor.skip(this);
        }
    }

    /**
     * The object has another place from here on, with the same bytes; the one that it had before is
     * never requested again.
     *
     * @param store where it lands; {@link #LOCAL_FOLDER} for the folder of skipped objects below
     *     the data directory
     */
    record Redirect(long rangeStart, int number, String store, ObjectName name, String reason)
            implements LaneRecord {
        /** No configured store has this name. */
        public static final String LOCAL_FOLDER = "";

        @Override
        public <E extends Exception> void accept(Visitor<E> visitor) throws E {
            visitor.redirect(this);
        }
    }

    /** The store's answer did not match what was sent: the object counts once it was read back. */
    record Doubt(long rangeStart, int number, String said) implements LaneRecord {
        @Override
        public <E extends Exception> void accept(Visitor<E> visitor) throws E {
            visitor.doubt(this);
        }
    }

    /**
     * An object has been seen in the store, and its range is not committed yet: nothing is
     * requested for it any more, and its staged bytes may go. Written only when room for staged
     * bytes is short; a commit says the same of all objects of a range.
     *
     * @param said what the store said of it
     */
    record Landed(long rangeStart, int number, String said) implements LaneRecord {
        @Override
        public <E extends Exception> void accept(Visitor<E> visitor) throws E {
            visitor.landed(this);
        }
    }

    /** A lane that was switched off has committed everything below: nothing follows. */
    record End(long position) implements LaneRecord {
        @Override
        public <E extends Exception> void accept(Visitor<E> visitor) throws E {
            visitor.end(this);
        }
    }

    /** Which output an object belongs to. */
    enum Kind {
        MAIN(0, "main"),
        BACKUP(1, "backup"),
        PROCESSING_FAILED(2, Failure.Kind.PROCESSING_FAILED),
        FORMAT_CONVERSION_FAILED(3, Failure.Kind.FORMAT_CONVERSION_FAILED),
        DECOMPRESSION_FAILED(4, Failure.Kind.DECOMPRESSION_FAILED);

        private final int code;
        private final String word;
        private final Optional<Failure.Kind> failure;

        Kind(int code, String word) {
            this.code = code;
            this.word = word;
            this.failure = Optional.empty();
        }

        Kind(int code, Failure.Kind failure) {
            this.code = code;
            this.word = failure.errorOutputType();
            this.failure = Optional.of(failure);
        }

        /** The kind of the objects that hold records which failed like this. */
        public static Kind of(Failure.Kind failure) {
            return switch (failure) {
                case PROCESSING_FAILED -> PROCESSING_FAILED;
                case FORMAT_CONVERSION_FAILED -> FORMAT_CONVERSION_FAILED;
                case DECOMPRESSION_FAILED -> DECOMPRESSION_FAILED;
            };
        }

        /**
         * The kind with this code.
         *
         * @throws UnknownCodeException when there is none
         */
        static Kind ofCode(int code) throws UnknownCodeException {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new UnknownCodeException("an object of kind " + code);
        }

        /** Stands for it on disk; never given twice. */
        int code() {
            return code;
        }

        /** Stands for it in names of lanes, keys and messages. */
        public String word() {
            return word;
        }

        /** Whether its objects hold lines about records that failed, not records. */
        public boolean isError() {
            return failure.isPresent();
        }

        /** Why the records of its objects failed; empty unless they did. */
        public Optional<Failure.Kind> failure() {
            return failure;
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
