package io.delivery.directory;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where a directory store keeps its objects. The same as {@code stores.X.directory} in YAML.
 *
 * @param lake the folder; an object is {@code <lake>/<bucket>/<key>}
 * @param createBuckets create a bucket's folder when it is missing
 */
public record DirectorySettings(Path lake, boolean createBuckets) {
    public DirectorySettings {
        Objects.requireNonNull(lake);
    }

    /** Creates buckets: the embedded default. */
    public DirectorySettings(Path lake) {
        this(lake, true);
    }
}
