package io.delivery.runtime.code;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The names of the files that a function's code has, wherever they are: in a folder or packed. */
public final class CodeListing {
    private final Map<String, CodeEntry> files;

    /**
     * @param files by path from the code's root, with {@code /} between names
     */
    public CodeListing(Map<String, CodeEntry> files) {
        this.files = Map.copyOf(files);
    }

    /** Paths of all files from the code's root, with {@code /} between names. */
    public Set<String> paths() {
        return files.keySet();
    }

    /** Whether there is a file with that path. */
    public boolean has(String path) {
        return files.containsKey(path);
    }

    /** The file with that path; empty when there is none. */
    public Optional<CodeEntry> file(String path) {
        return Optional.ofNullable(files.get(path));
    }
}
