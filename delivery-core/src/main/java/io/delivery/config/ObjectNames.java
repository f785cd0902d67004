package io.delivery.config;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names that a kind of store refuses whatever it holds: what is known without asking it. */
public final class ObjectNames {
    /** S3 user guide, object key names: in bytes of UTF-8. */
    private static final int LONGEST_KEY = 1024;

    /** S3 user guide, general purpose bucket naming rules; MinIO and Ceph have the same ones. */
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    private static final Pattern ADDRESS = Pattern.compile("\\d+(\\.\\d+){3}");

    private static final Pattern EXPRESSION = Pattern.compile("!\\{[^}]*}");

    private ObjectNames() {}

    /** What is wrong with a bucket's name at a store that speaks S3; empty when nothing is. */
    public static Optional<String> problemOfS3Bucket(String bucket) {
        if (!BUCKET.matcher(bucket).matches()) {
            return Optional.of(
                    "S3 takes 3 to 63 lower-case letters, digits, dots and hyphens, a letter or a"
                            + " digit at both ends, was "
                            + bucket);
        }
        if (bucket.contains("..")) {
            return Optional.of("S3 takes no two dots in a row, was " + bucket);
        }
        return ADDRESS.matcher(bucket).matches()
                ? Optional.of("S3 takes no name that looks like an address, was " + bucket)
                : Optional.empty();
    }

    /** What is wrong with a key at a store that speaks S3; empty when nothing is. */
    public static Optional<String> problemOfS3Key(String key) {
        for (String step : key.split("/", -1)) {
            if (step.equals(".") || step.equals("..")) {
                return Optional.of(
                        "a step %s is rewritten on the way, was %s".formatted(step, key));
            }
        }
        int bytes = key.getBytes(StandardCharsets.UTF_8).length;
        return bytes > LONGEST_KEY
                ? Optional.of(
                        "S3 takes keys of at most %d bytes, this one has %d"
                                .formatted(LONGEST_KEY, bytes))
                : Optional.empty();
    }

    /**
     * What is wrong with the prefix of keys that become paths of files: no value of an expression
     * makes that good.
     */
    public static Optional<String> problemOfFolders(String prefix) {
        String text = EXPRESSION.matcher(prefix).replaceAll("x");
        if (text.startsWith("/")) {
            return Optional.of(
                    "begins with /, and a directory store refuses such keys, was " + prefix);
        }
        if (text.contains("//")) {
            return Optional.of(
                    "contains //, and a directory store refuses such keys, was " + prefix);
        }
        String[] names = text.split("/", -1);
        for (int i = 0; i < names.length - 1; i++) { // the last one goes on with the object's name
            if (names[i].equals(".") || names[i].equals("..")) {
                return Optional.of(
                        "has a step %s, and a directory store refuses such keys, was %s"
                                .formatted(names[i], prefix));
            }
        }
        return Optional.empty();
    }
}
