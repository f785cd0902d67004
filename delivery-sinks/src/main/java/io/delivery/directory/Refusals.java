package io.delivery.directory;

import io.delivery.failure.FailureText;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.Landing.Denied;
import io.delivery.landing.ObjectStore.Landing.Unknown;
import io.delivery.world.DiskFullException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** What failures of the disk mean for an object of which nothing is visible yet. */
final class Refusals {
    static final String IN_THE_WAY =
            "Choose prefixes so that no key is the beginning of another key's path."
                    + DirectoryStore.KEPT;

    private Refusals() {}

    /**
     * @param bucket what is wrong above it is not of the key
     */
    static Landing meaning(IOException e, Path bucket) {
        if (e instanceof NotOursException) {
            return new Denied(
                    "SymbolicLink",
                    e.getMessage(),
                    "Replace the link by a directory: the store never leaves its folder.");
        }
        if (e instanceof FileInTheWayException inTheWay) {
            return inTheWay.object().startsWith(bucket) && !inTheWay.object().equals(bucket)
                    ? Denied.ofTheKey("KeyBelowObject", e.getMessage(), IN_THE_WAY)
                    : new Denied(
                            "NotADirectory",
                            e.getMessage(),
                            "Move the file away that stands where the lake or the bucket has to be.");
        }
        if (e instanceof NoLinkException noLink) {
            return new Denied(noLink.code(), e.getMessage(), DirectoryStore.NEEDS_LINKS);
        }
        if (e instanceof AccessDeniedException
                || String.valueOf(e.getMessage()).contains("Read-only file system")) {
            return new Denied(
                    "AccessDenied",
                    "not permitted: " + FailureText.of(e),
                    "Give the user of this process the right to write below the lake.");
        }
        if (isTooLong(e)) {
            return Denied.ofTheKey(
                    "KeyTooLongError",
                    FailureText.of(e),
                    "Shorten the prefix or the lake's path." + DirectoryStore.KEPT);
        }
        if (isNoName(e, bucket)) {
            return Denied.ofTheKey(
                    "InvalidKey",
                    "the file system takes no such name: " + FailureText.of(e),
                    "Change the prefix." + DirectoryStore.KEPT);
        }
        if (e instanceof DiskFullException) {
            return new Unknown("disk full: " + FailureText.of(e));
        }
        return new Unknown(FailureText.of(e));
    }

    /** ENAMETOOLONG: a name, or the whole path with the lake's (PATH_MAX). */
    static boolean isTooLong(IOException e) {
        return String.valueOf(e.getMessage()).contains("File name too long");
    }

    /**
     * EINVAL of a name below the bucket: "it contains characters not permitted by the underlying
     * filesystem", mkdir(2), open(2). Our own names have letters, digits and hyphens only.
     */
    static boolean isNoName(IOException e, Path bucket) {
        return e instanceof FileSystemException refused
                && "Invalid argument".equals(refused.getReason())
                && refused.getFile() != null
                && Path.of(refused.getFile()).startsWith(bucket);
    }
}
