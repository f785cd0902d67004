package io.delivery.wiring;

import io.delivery.landing.LaneRecord;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore;
import io.delivery.landing.StateFrame;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedContent;
import io.delivery.testkit.ForwardingStore;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.World;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The program, which ends itself at the step that the property {@code delivery.halt.at} names: no
 * hook runs, no buffer is flushed, as with SIGKILL.
 */
public final class HaltingMain {
    /** What it ends with; nothing of the program's own ends so. */
    public static final int HALTED = 42;

    public static final String PROPERTY = "delivery.halt.at";

    private HaltingMain() {}

    public static void main(String[] arguments) {
        CrashStep step = CrashStep.valueOf(System.getProperty(PROPERTY));
        System.exit(Main.commandLine(System.getenv(), new Halting(step)).execute(arguments));
    }

    /** Stands between the program, its disk and its stores. */
    private static final class Halting implements Intervention {
        /** Not the first one: calls are under way, and have been answered, when it comes. */
        private static final int SYNCS_OF_ACCEPT = 30;

        private final CrashStep step;
        private final AtomicInteger acceptSyncs = new AtomicInteger();
        private final AtomicInteger landedAfterSeal = new AtomicInteger();
        private volatile boolean sealed;
        private final AtomicBoolean stateFailed = new AtomicBoolean();
        private volatile boolean committed;
        private volatile boolean commitIsDurable;

        Halting(CrashStep step) {
            this.step = step;
        }

        private void haltAt(CrashStep here) {
            if (here == step) {
                System.err.println("halted: " + step);
                Runtime.getRuntime().halt(HALTED);
            }
        }

        @Override
        public World world(World real) {
            return new World(
                    real.clock(), new HaltingDisk(real.disk()), real.scheduler(), real.entropy());
        }

        @Override
        public ObjectStore store(ObjectStore real) {
            return new HaltingStore(real);
        }

        private enum Room {
            JOURNAL,
            STATE,
            STAGING,
            ELSEWHERE
        }

        private static Room room(Path path) {
            Path parent = path.getParent();
            String folder = parent == null ? "" : String.valueOf(parent.getFileName());
            boolean lane = path.toString().contains("/lanes/");
            if (folder.equals("journal")) {
                return Room.JOURNAL;
            }
            if (lane && folder.equals("staging")) {
                return Room.STAGING;
            }
            return lane && path.getFileName().toString().startsWith("state")
                    ? Room.STATE
                    : Room.ELSEWHERE;
        }

        // --- disk ---

        private final class HaltingDisk extends ForwardingDisk {
            HaltingDisk(Disk real) {
                super(real);
            }

            @Override
            DiskFile written(Path path, DiskFile file) {
                return new HaltingFile(file, room(path));
            }

            @Override
            public DiskFile create(Path path) throws IOException {
                if (room(path) == Room.STAGING) {
                    haltAt(CrashStep.AFTER_200_BEFORE_ANY_CLOSE);
                }
                return super.create(path);
            }

            @Override
            public void rename(Path from, Path to) throws IOException {
                if (stateFailed.get() && room(to) == Room.STATE) {
                    haltAt(CrashStep.AFTER_THE_COMMIT_BEFORE_A_NEW_STATE_TAKES_ITS_PLACE);
                }
                beforeForgetting(from);
                super.rename(from, to);
            }

            @Override
            public void delete(Path path) throws IOException {
                if (committed && room(path) == Room.STAGING) {
                    haltAt(CrashStep.AFTER_THE_COMMIT_BEFORE_STAGED_BYTES_ARE_DELETED);
                }
                beforeForgetting(path);
                super.delete(path);
            }

            /** A segment that nobody needs is deleted, or renamed to be used again. */
            private void beforeForgetting(Path path) {
                boolean segment =
                        room(path) == Room.JOURNAL
                                && !path.getFileName().toString().startsWith("blank-");
                if (committed && segment) {
                    haltAt(CrashStep.AFTER_THE_COMMIT_BEFORE_THE_LOG_IS_TRUNCATED);
                }
            }
        }

        private final class HaltingFile extends ForwardingDisk.ForwardingFile {
            private final Room room;

            /** Of a state: begun because the one before it failed. */
            private final boolean inItsPlace;

            private boolean hasObjects;
            private boolean hasSeal;
            private boolean hasCommit;

            HaltingFile(DiskFile real, Room room) {
                super(real);
                this.room = room;
                this.inItsPlace = room == Room.STATE && stateFailed.get();
            }

            @Override
            public void write(ByteBuffer source, long position) throws IOException {
                if (room == Room.STAGING) {
                    tear(CrashStep.WHILE_STAGING, source, position);
                } else if (inItsPlace) {
                    tear(CrashStep.AFTER_THE_COMMIT_IN_A_TORN_NEW_STATE, source, position);
                } else if (room == Room.STATE) {
                    beforeAppend(StateFrame.of(source), source, position);
                }
                super.write(source, position);
            }

            private void beforeAppend(StateFrame frame, ByteBuffer source, long position)
                    throws IOException {
                if (hasObjects && !hasSeal) {
                    haltAt(CrashStep.AFTER_SOME_OBJECT_RECORDS_BEFORE_THE_SEAL);
                }
                if (frame.has(LaneRecord.ObjectRecord.class)) {
                    haltAt(CrashStep.AFTER_STAGING_BEFORE_THE_OBJECT_RECORD);
                    tear(CrashStep.IN_A_TORN_APPEND_OF_OBJECTS, source, position);
                    hasObjects = true;
                }
                if (frame.has(LaneRecord.Seal.class)) {
                    hasSeal = true;
                }
                if (frame.has(LaneRecord.Commit.class)) {
                    haltAt(CrashStep.AFTER_ALL_UPLOADS_BEFORE_THE_COMMIT);
                    tear(CrashStep.DURING_THE_COMMIT, source, position);
                    committed = true;
                    hasCommit = true;
                }
            }

            /** Writes the first half and halts. */
            private void tear(CrashStep here, ByteBuffer source, long position) throws IOException {
                if (here == step) {
                    ByteBuffer half = source.duplicate();
                    half.limit(half.position() + half.remaining() / 2);
                    super.write(half, position);
                    haltAt(here);
                }
            }

            @Override
            public void sync() throws IOException {
                boolean nth =
                        room == Room.JOURNAL && acceptSyncs.incrementAndGet() == SYNCS_OF_ACCEPT;
                if (nth) {
                    haltAt(CrashStep.BEFORE_THE_FSYNC_OF_ACCEPT);
                }
                if (hasCommit && commitIsDurable && step.failsTheState()) {
                    failOnce();
                }
                super.sync();
                commitIsDurable |= hasCommit;
                if (nth) {
                    haltAt(CrashStep.AFTER_THE_FSYNC_OF_ACCEPT_BEFORE_ITS_ANSWER);
                }
                if (hasSeal) {
                    haltAt(CrashStep.AFTER_THE_SEAL);
                    sealed = true;
                }
            }

            /** As a disk that has lost a block: the file is given up for a new one. */
            private void failOnce() throws IOException {
                if (stateFailed.compareAndSet(false, true)) {
                    throw new IOException("Input/output error");
                }
            }
        }

        // --- stores ---

        private final class HaltingStore extends ForwardingStore {
            HaltingStore(ObjectStore real) {
                super(real);
            }

            @Override
            public CompletionStage<Landing> land(
                    StagedContent content,
                    ObjectName name,
                    ObjectAttributes attributes,
                    UploadListener uploads) {
                haltAt(CrashStep.AFTER_THE_OBJECT_RECORD_BEFORE_ITS_UPLOAD);
                Upload upload = new Upload(uploads);
                return super.land(new HaltingContent(content, upload), name, attributes, upload)
                        .thenApply(
                                answer -> {
                                    answered(answer, upload);
                                    return answer;
                                });
            }

            private void answered(Landing answer, Upload upload) {
                if (!(answer instanceof Landing.Landed)) {
                    return;
                }
                haltAt(CrashStep.AFTER_THE_UPLOAD_WITH_ITS_ANSWER_LOST);
                if (upload.started) {
                    haltAt(CrashStep.AFTER_A_COMPLETED_UPLOAD_WITH_ITS_ANSWER_LOST);
                }
                if (sealed && landedAfterSeal.incrementAndGet() == 2) {
                    haltAt(CrashStep.AFTER_SOME_UPLOADS_OF_A_SEALED_RANGE);
                }
            }
        }

        private final class Upload implements ObjectStore.UploadListener {
            private final ObjectStore.UploadListener real;
            private volatile boolean started;

            Upload(ObjectStore.UploadListener real) {
                this.real = real;
            }

            @Override
            public void started(String uploadId) {
                haltAt(CrashStep.AFTER_CREATE_MULTIPART_UPLOAD_BEFORE_ITS_RECORD);
                real.started(uploadId);
                started = true;
            }
        }

        private final class HaltingContent implements StagedContent {
            private final StagedContent real;
            private final Upload upload;

            HaltingContent(StagedContent real, Upload upload) {
                this.real = real;
                this.upload = upload;
            }

            @Override
            public long length() {
                return real.length();
            }

            @Override
            public int crc32() {
                return real.crc32();
            }

            @Override
            public InputStream open(long offset, long length) throws IOException {
                if (upload.started && offset > 0) {
                    haltAt(CrashStep.AFTER_THE_UPLOAD_RECORD_BETWEEN_PARTS);
                }
                return new HalvedStream(real.open(offset, length));
            }
        }

        /** Ends the process when something of it has been read and more is asked for. */
        private final class HalvedStream extends FilterInputStream {
            private boolean begun;

            HalvedStream(InputStream real) {
                super(real);
            }

            @Override
            public int read() throws IOException {
                reading();
                return in.read();
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                reading();
                return in.read(bytes, from, length);
            }

            private void reading() {
                if (begun) {
                    haltAt(CrashStep.DURING_THE_UPLOAD);
                }
                begun = true;
            }
        }
    }
}
