package io.delivery.watching;

import io.delivery.failure.FailureText;
import io.delivery.file.BoundedFile;
import io.delivery.file.FileDigest;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What was in files at one time.
 *
 * @param files those that are looked at, in order
 * @param digests SHA-256 of each, empty for one that could not be read; none when nobody knows
 * @param unreadable why some could not be read; empty when all could
 */
public record FileContents(List<Path> files, List<String> digests, String unreadable) {
    public FileContents {
        files = List.copyOf(files);
        digests = List.copyOf(digests);
    }

    /** What is in them now. */
    public static FileContents of(List<Path> files) {
        return of(files, BoundedFile.OF_SECRETS);
    }

    /** The same of files of that many bytes at the most. */
    public static FileContents of(List<Path> files, int maxBytes) {
        List<String> digests = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        for (Path file : files) {
            String digest = "";
            try {
                digest = FileDigest.of(BoundedFile.readNamed(file, maxBytes));
            } catch (NoSuchFileException gone) {
                unreadable.add(gone.getFile() + " is not there");
            } catch (IOException failed) {
                unreadable.add(FailureText.of(failed));
            }
            digests.add(digest);
        }
        return new FileContents(files, digests, String.join("; ", unreadable));
    }

    /** The same files with contents that nobody knows: whatever is in them is something else. */
    public FileContents inDoubt() {
        return new FileContents(files, List.of(), "");
    }
}
