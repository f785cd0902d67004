package io.delivery.directory;

import io.delivery.landing.ObjectStore.Landing.Denied;
import io.delivery.record.ObjectName;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/** Which names can be files below the lake, and where. */
final class ObjectFile {
    /** NAME_MAX of the usual file systems, in bytes. */
    private static final int LONGEST_SEGMENT = 255;

    private ObjectFile() {}

    /** Only for a name that is fit. */
    static Path path(Path lake, ObjectName name) {
        return lake.resolve(name.bucket()).resolve(name.key());
    }

    /** Null when the name can be a file below the lake. */
    static Denied unfit(ObjectName name) {
        String bucket = name.bucket();
        if (bucket.isEmpty()
                || bucket.contains("/")
                || bucket.contains("\\")
                || bucket.indexOf('\0') >= 0
                || bucket.equals(".")
                || bucket.equals("..")
                // also on file systems that take upper case for lower
                || bucket.toLowerCase(Locale.ROOT).equals(DirectoryStore.WORK)) {
            return new Denied(
                    "InvalidBucketName",
                    "bucket \"" + bucket + "\" cannot be a directory of the lake",
                    "Choose a bucket name of letters, digits, dots and hyphens."
                            + DirectoryStore.KEPT);
        }
        String problem = problem(name.key());
        if (problem != null) {
            return Denied.ofTheKey(
                    "InvalidKey",
                    "key \"" + name.key() + "\" " + problem,
                    "Change the prefix: a key is a relative path of names, without empty, . or .."
                            + " segments."
                            + DirectoryStore.KEPT);
        }
        return null;
    }

    private static String problem(String key) {
        if (key.isEmpty()) {
            return "is empty";
        }
        if (key.startsWith("/")) {
            return "begins with /";
        }
        if (key.endsWith("/")) {
            return "ends with /";
        }
        if (key.indexOf('\0') >= 0) {
            return "holds a NUL";
        }
        for (String segment : key.split("/", -1)) {
            if (segment.isEmpty()) {
                return "has an empty segment";
            }
            if (segment.equals(".") || segment.equals("..")) {
                return "has a segment " + segment;
            }
            if (segment.getBytes(StandardCharsets.UTF_8).length > LONGEST_SEGMENT) {
                return "has a segment of more than " + LONGEST_SEGMENT + " bytes";
            }
        }
        try {
            return Path.of(key).isAbsolute() ? "is absolute" : null;
        } catch (InvalidPathException e) {
            return "is no path here: " + e.getReason();
        }
    }
}
