package io.delivery.s3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** What tells a file from the one that was there before. */
record FileState(Object identity, long modifiedMillis, long length) {
    private static final FileState ABSENT = new FileState(null, 0, 0);

    /** Of what a path leads to; a link leads to what it names. */
    static FileState of(Path file) {
        try {
            BasicFileAttributes there = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileState(
                    there.fileKey(), there.lastModifiedTime().toMillis(), there.size());
        } catch (IOException e) {
            return ABSENT;
        }
    }
}
