package io.delivery.api.signing;

import java.util.ArrayDeque;

/** The path of a request as it is signed. */
public final class CanonicalPath {
    private CanonicalPath() {}

    /**
     * A path without empty, {@code .} and {@code ..} segments, as every service but S3 has it
     * signed (IAM user guide, "Create a canonical request": normalized according to RFC 3986).
     */
    public static String of(String path) {
        ArrayDeque<String> segments = new ArrayDeque<>();
        for (String segment : path.split("/")) {
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        String joined = "/" + String.join("/", segments);
        return path.endsWith("/") && !segments.isEmpty() ? joined + "/" : joined;
    }
}
