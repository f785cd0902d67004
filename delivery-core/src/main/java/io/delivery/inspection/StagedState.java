package io.delivery.inspection;

import io.delivery.staging.StagedBytes;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;

/** Whether the bytes that an object is to be landed from are there. */
public enum StagedState {
    WHOLE("are there and fit their checksum"),
    MISSING("are missing: there is no such file"),
    CUT_SHORT("are not all there: the file ends before"),
    DIFFERENT("do not fit their checksum"),
    UNREADABLE("cannot be read"),
    /** The state says that the object has been seen in the store, whatever is on the disk. */
    NOT_NEEDED("are not needed any more: the object has landed");

    private static final int BLOCK = 128 << 10;

    private final String text;

    StagedState(String text) {
        this.text = text;
    }

    /** Continues "the staged bytes". */
    public String text() {
        return text;
    }

    /** Whether the object cannot be landed because of that. */
    public boolean isDamage() {
        return switch (this) {
            case WHOLE, NOT_NEEDED -> false;
            case MISSING, CUT_SHORT, DIFFERENT, UNREADABLE -> true;
        };
    }

    /**
     * Where the bytes are to be. The name comes from a state that may hold anything: empty when it
     * could lead elsewhere.
     */
    static Optional<Path> file(StagedBytes staged, Path directory) {
        return staged.file().matches("[0-9a-z-]{1,64}")
                ? Optional.of(directory.resolve(staged.file()))
                : Optional.empty();
    }

    static StagedState of(StagedBytes staged, Path directory, Disk disk) {
        Optional<Path> path = file(staged, directory);
        if (path.isEmpty()) {
            return MISSING;
        }
        try (DiskFile file = disk.openReadOnly(path.get())) {
            long length = file.length();
            if (staged.offset() < 0
                    || staged.length() < 0
                    || staged.offset() > length - staged.length()) {
                return CUT_SHORT;
            }
            return checksum(file, staged) == staged.crc32() ? WHOLE : DIFFERENT;
        } catch (NoSuchFileException missing) {
            return MISSING;
        } catch (IOException failed) {
            return UNREADABLE;
        }
    }

    private static int checksum(DiskFile file, StagedBytes staged) throws IOException {
        CRC32 crc = new CRC32();
        ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK, Math.max(1, staged.length())));
        long end = staged.offset() + staged.length();
        for (long at = staged.offset(); at < end; ) {
            block.clear().limit((int) Math.min(block.capacity(), end - at));
            file.readFully(block, at);
            at += block.position();
            crc.update(block.flip());
        }
        return (int) crc.getValue();
    }
}
