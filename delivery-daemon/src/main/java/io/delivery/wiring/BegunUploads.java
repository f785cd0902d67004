package io.delivery.wiring;

import io.delivery.record.ObjectName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Multipart uploads whose object has not been seen yet, and the generation of the store that began
 * each. That generation knows which of them it could not end; when it is closed, nobody would.
 * Thread-safe.
 */
final class BegunUploads {
    /** Objects that are given up never settle; the oldest are forgotten then. */
    private static final int MOST = 1000;

    private final Map<ObjectName, List<Upload>> begun = new LinkedHashMap<>();

    private record Upload(String id, Object by) {}

    /**
     * @param by the generation that has begun it
     */
    synchronized void begun(ObjectName name, String id, Object by) {
        begun.computeIfAbsent(name, object -> new ArrayList<>()).add(new Upload(id, by));
        if (begun.size() > MOST) {
            begun.remove(begun.keySet().iterator().next());
        }
    }

    /** The object is there, and its generation has ended what it had begun for it. */
    synchronized void settled(ObjectName name) {
        begun.remove(name);
    }

    /** Those of an object that others than this generation have begun; told once. */
    synchronized List<String> takeOthers(ObjectName name, Object than) {
        List<Upload> uploads = begun.get(name);
        if (uploads == null) {
            return List.of();
        }
        List<String> others =
                uploads.stream().filter(upload -> upload.by() != than).map(Upload::id).toList();
        uploads.removeIf(upload -> upload.by() != than);
        if (uploads.isEmpty()) {
            begun.remove(name);
        }
        return others;
    }
}
