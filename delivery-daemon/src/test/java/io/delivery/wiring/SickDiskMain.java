package io.delivery.wiring;

import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import io.delivery.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/**
 * The program on a disk that is sick for as long as a file says so, in the folder that the property
 * {@code delivery.sick} names: {@code stalled-STREAM} holds every fsync of that stream's journal,
 * {@code read-only} refuses all changes, as after a remount for errors.
 */
public final class SickDiskMain {
    public static final String PROPERTY = "delivery.sick";
    public static final String READ_ONLY = "read-only";

    private SickDiskMain() {}

    public static void main(String[] arguments) {
        Path signs = Path.of(System.getProperty(PROPERTY));
        Intervention sick =
                new Intervention() {
                    @Override
                    public World world(World real) {
                        return new World(
                                real.clock(),
                                new SickDisk(real.disk(), signs),
                                real.scheduler(),
                                real.entropy());
                    }
                };
        System.exit(Main.commandLine(System.getenv(), sick).execute(arguments));
    }

    /** The file whose presence stalls a stream. */
    public static String stalled(String stream) {
        return "stalled-" + stream;
    }

    private static final class SickDisk extends ForwardingDisk {
        private final Path signs;

        SickDisk(Disk real, Path signs) {
            super(real);
            this.signs = signs;
        }

        private void requireWritable() throws IOException {
            if (Files.exists(signs.resolve(READ_ONLY))) {
                throw new IOException("Read-only file system"); // strerror(3) of EROFS
            }
        }

        /** Waits while this stream's journal is stalled. */
        private void awaitHealth(Path path) throws IOException {
            Path sign = signs.resolve(stalled(stream(path)));
            if (!Files.exists(sign)) {
                return;
            }
            System.err.println("stalled: " + path);
            try (WatchService watch = signs.getFileSystem().newWatchService()) {
                signs.register(watch, StandardWatchEventKinds.ENTRY_DELETE);
                while (Files.exists(sign)) {
                    WatchKey changed = watch.take();
                    changed.reset();
                }
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted in an fsync", ended);
            }
        }

        /** Of {@code streams/NAME~INCARNATION/journal/FILE}; empty for other files. */
        private static String stream(Path path) {
            Path journal = path.getParent();
            if (journal == null || !journal.endsWith("journal")) {
                return "";
            }
            return journal.getParent().getFileName().toString().replaceFirst("~.*", "");
        }

        @Override
        DiskFile written(Path path, DiskFile file) {
            return new ForwardingFile(file) {
                @Override
                public void write(ByteBuffer source, long position) throws IOException {
                    requireWritable();
                    super.write(source, position);
                }

                @Override
                public void sync() throws IOException {
                    awaitHealth(path);
                    super.sync();
                }

                @Override
                public void truncate(long length) throws IOException {
                    requireWritable();
                    super.truncate(length);
                }

                @Override
                public void allocate(long length) throws IOException {
                    requireWritable();
                    super.allocate(length);
                }
            };
        }

        @Override
        public DiskFile create(Path path) throws IOException {
            requireWritable();
            return super.create(path);
        }

        @Override
        public DiskFile open(Path path) throws IOException {
            requireWritable();
            return super.open(path);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            requireWritable();
            super.rename(from, to);
        }

        @Override
        public void link(Path existing, Path name) throws IOException {
            requireWritable();
            super.link(existing, name);
        }

        @Override
        public void delete(Path path) throws IOException {
            requireWritable();
            super.delete(path);
        }

        @Override
        public void createDirectories(Path directory) throws IOException {
            if (!exists(directory)) {
                requireWritable();
            }
            super.createDirectories(directory);
        }
    }
}
