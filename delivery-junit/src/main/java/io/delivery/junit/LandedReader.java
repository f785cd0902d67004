package io.delivery.junit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what the child tells of a stream. */
final class LandedReader {
    private LandedReader() {}

    /**
     * @param log where the log is, for people
     */
    static Landed read(String stream, Map<?, ?> landed, String log) {
        List<LandedObject> main = new ArrayList<>();
        List<LandedObject> backup = new ArrayList<>();
        List<LandedObject> errors = new ArrayList<>();
        for (Object told : (List<?>) landed.get("objects")) {
            Map<?, ?> object = (Map<?, ?>) told;
            String role = (String) object.get("role");
            switch (role) {
                case "main" -> main.add(object(object));
                case "backup" -> backup.add(object(object));
                case "error" -> errors.add(object(object));
                default -> throw new IllegalStateException("there is no role " + role);
            }
        }
        List<String> troubles =
                ((List<?>) landed.get("troubles")).stream().map(String::valueOf).toList();
        return new Landed(
                stream,
                main,
                backup,
                errors,
                new Landed.Told(
                        (Long) landed.get("accepted"),
                        (Long) landed.get("dropped"),
                        troubles,
                        log));
    }

    private static LandedObject object(Map<?, ?> object) {
        return new LandedObject(
                (String) object.get("bucket"),
                (String) object.get("key"),
                (Long) object.get("records"),
                (byte[]) object.get("bytes"),
                Optional.ofNullable((byte[]) object.get("text")),
                String.valueOf(object.get("format")),
                Optional.ofNullable((List<?>) object.get("rows")).map(LandedReader::rows));
    }

    private static List<Map<String, Object>> rows(List<?> told) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Object row : told) {
            Map<String, Object> named = new LinkedHashMap<>();
            ((Map<?, ?>) row).forEach((name, value) -> named.put((String) name, value));
            rows.add(Collections.unmodifiableMap(named));
        }
        return List.copyOf(rows);
    }
}
