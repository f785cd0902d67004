package io.delivery.runtime.code;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The names of the files that a function's code has, wherever they are: in a folder or packed. A
 * symbolic link stands for what it leads to within the code.
 */
public final class CodeListing {
    private static final int MAX_LINKS = 40; // on the way to one file, as Linux

    private final Map<String, CodeEntry> files;
    private final Map<String, String> links;

    /**
     * @param files and links, by path from the code's root, with {@code /} between names
     * @param links where the links among them point, by the same paths
     */
    public CodeListing(Map<String, CodeEntry> files, Map<String, String> links) {
        this.files = Map.copyOf(files);
        this.links = Map.copyOf(links);
    }

    /** Whether there is a file with that path. */
    public boolean has(String path) {
        return file(path).isPresent();
    }

    /** The file with that path; empty when there is none. */
    public Optional<CodeEntry> file(String path) {
        return resolved(path).map(files::get);
    }

    /**
     * The names of what is in a folder, but of its folders.
     *
     * @param folder its path; empty for the code's root
     */
    public List<String> namesIn(String folder) {
        Optional<String> found = resolved(folder);
        if (found.isEmpty()) {
            return List.of();
        }
        String prefix = found.get().isEmpty() ? "" : found.get() + "/";
        return files.keySet().stream()
                .filter(path -> path.startsWith(prefix))
                .map(path -> path.substring(prefix.length()))
                .filter(name -> name.indexOf('/') < 0)
                .toList();
    }

    /** The path without links; empty when it leads out of the code or in a circle. */
    private Optional<String> resolved(String path) {
        List<String> done = new ArrayList<>();
        Deque<String> rest = new ArrayDeque<>(List.of(path.split("/")));
        int followed = 0;
        while (!rest.isEmpty()) {
            String name = rest.removeFirst();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                if (done.isEmpty()) {
                    return Optional.empty();
                }
                done.remove(done.size() - 1);
                continue;
            }
            done.add(name);
            String target = links.get(String.join("/", done));
            if (target != null) {
                if (target.startsWith("/") || ++followed > MAX_LINKS) {
                    return Optional.empty();
                }
                done.remove(done.size() - 1);
                List<String> names = new ArrayList<>(List.of(target.split("/")));
                Collections.reverse(names);
                names.forEach(rest::addFirst);
            }
        }
        return Optional.of(String.join("/", done));
    }
}
