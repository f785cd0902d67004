package io.delivery.watching;

import io.delivery.failure.FailureText;
import io.delivery.file.BoundedFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What was in files at one time.
 *
 * @param files those that are looked at, in order
 * @param digests SHA-256 of each; none when they could not be read
 * @param unreadable why they could not be read; empty when they could
 */
public record FileContents(List<Path> files, List<String> digests, String unreadable) {
    public FileContents {
        files = List.copyOf(files);
        digests = List.copyOf(digests);
    }

    /** What is in them now. */
    public static FileContents of(List<Path> files) {
        try {
            List<String> digests = new ArrayList<>();
            for (Path file : files) {
                digests.add(digest(file));
            }
            return new FileContents(files, digests, "");
        } catch (NoSuchFileException gone) {
            return new FileContents(files, List.of(), gone.getFile() + " is not there");
        } catch (IOException unreadable) {
            return new FileContents(files, List.of(), FailureText.of(unreadable));
        }
    }

    /** The same files with contents that nobody knows: whatever is in them is something else. */
    public FileContents inDoubt() {
        return new FileContents(files, List.of(), "");
    }

    private static String digest(Path file) throws IOException {
        try {
            byte[] content = BoundedFile.readNamed(file, BoundedFile.OF_SECRETS);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
