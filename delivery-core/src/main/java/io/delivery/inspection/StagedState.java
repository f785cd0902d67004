package io.delivery.inspection;

import io.delivery.staging.DamagedStagingException;
import io.delivery.staging.LocalStaging;
import io.delivery.staging.SealedObject;
import io.delivery.staging.StagedBytes;
import io.delivery.staging.StagingSeal;
import io.delivery.world.Disk;
import io.delivery.world.DiskFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Whether the bytes that an object is to be landed from are there. */
public enum StagedState {
    WHOLE("are there and fit their checksum"),
    MISSING("are missing: there is no such file"),
    CUT_SHORT("are not all there: the file ends before"),
    DIFFERENT("do not fit their checksum"),
    UNREADABLE("cannot be read"),
    /** Nobody has given the key that they are encrypted with. */
    ENCRYPTED("are there, encrypted with a key that was not given"),
    /** The state says that the object has been seen in the store, whatever is on the disk. */
    NOT_NEEDED("are not needed any more: the object has landed");

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
            case WHOLE, NOT_NEEDED, ENCRYPTED -> false;
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

    static StagedState of(StagedBytes staged, Path directory, Disk disk, StagingSeal seal) {
        Optional<Path> path = file(staged, directory);
        if (path.isEmpty()) {
            return MISSING;
        }
        try (DiskFile file = disk.openReadOnly(path.get())) {
            long length = file.length();
            if (staged.offset() < 0
                    || staged.length() < 0
                    || staged.length() > length
                    || staged.offset() > length - SealedObject.storedLength(staged)) {
                return CUT_SHORT;
            }
        } catch (NoSuchFileException missing) {
            return MISSING;
        } catch (IOException failed) {
            return UNREADABLE;
        }
        int key = SealedObject.keyOf(staged.file());
        if (key > 0 && seal.keys().find(key) == null) {
            return ENCRYPTED;
        }
        try (InputStream bytes = LocalStaging.look(directory, disk, staged, seal).open()) {
            bytes.transferTo(OutputStream.nullOutputStream());
            return WHOLE;
        } catch (DamagedStagingException different) {
            return DIFFERENT;
        } catch (NoSuchFileException missing) {
            return MISSING;
        } catch (IOException failed) {
            return UNREADABLE;
        }
    }
}
