package io.delivery.wiring;

import io.delivery.failure.FailureText;
import io.delivery.machine.OwnersOnly;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a data directory is a copy: {@code place} names the inode that it has itself, and a
 * copied file has another one. One that was moved or mounted elsewhere keeps it. A copy of the
 * whole file system keeps it, too, and is not noticed; so is one on a file system without inodes.
 */
final class Birthplace {
    private static final Logger log = LoggerFactory.getLogger(Birthplace.class);

    private static final String FORM = "delivery place 1";

    private Birthplace() {}

    /**
     * Looks whether this is a copy, and remembers where it is now. Never fails: a start rests on
     * nothing of it.
     *
     * @return where it was copied from; empty when it stayed, or that cannot be told
     */
    static Optional<String> copiedFrom(Path dataDirectory) {
        Path place = dataDirectory.resolve("place");
        try {
            Optional<String> from = otherPlace(place);
            if (from.isPresent() || !Files.exists(place)) {
                write(place);
            }
            return from;
        } catch (IOException | UnsupportedOperationException untold) {
            log.debug("place not noted: file={} error={}", place, FailureText.of(untold));
            return Optional.empty();
        }
    }

    private static Optional<String> otherPlace(Path place) throws IOException {
        try {
            List<String> lines = Files.readAllLines(place);
            return lines.size() == 3
                            && lines.get(0).equals(FORM)
                            && !lines.get(1).equals(inode(place))
                    ? Optional.of(lines.get(2))
                    : Optional.empty();
        } catch (NoSuchFileException notYet) {
            return Optional.empty();
        }
    }

    /** Whole or not at all: half of it would tell of a copy. */
    private static void write(Path place) throws IOException {
        Path next = place.resolveSibling("place.new");
        Files.deleteIfExists(next);
        try (FileChannel file =
                FileChannel.open(
                        next,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        OwnersOnly.file(next))) {
            String text =
                    String.join(
                                    "\n",
                                    FORM,
                                    inode(next),
                                    place.toAbsolutePath().normalize().getParent().toString())
                            + "\n";
            file.write(StandardCharsets.UTF_8.encode(text));
            file.force(true);
        }
        Files.move(next, place, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String inode(Path file) throws IOException {
        return String.valueOf(Files.getAttribute(file, "unix:ino"));
    }
}
