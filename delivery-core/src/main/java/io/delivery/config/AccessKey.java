package io.delivery.config;

import java.util.regex.Pattern;

/** A pair of AWS credentials. */
public record AccessKey(String accessKeyId, Secret secretAccessKey) {
    private static final Pattern ID = Pattern.compile("[^\\s,/\\p{Cntrl}]+");

    void validate(String path, ConfigProblems problems) {
        if (accessKeyId.isBlank()) {
            problems.add(path + ".accessKeyId", "must not be empty");
        } else if (!ID.matcher(accessKeyId).matches()) {
            // It stands between an equals sign and a slash, and signatures are listed with commas.
            problems.add(path + ".accessKeyId", "must have no blanks, commas or slashes");
        }
        if (secretAccessKey.value().isEmpty()) {
            problems.add(path + ".secretAccessKey", "must not be empty");
        } else if (!secretAccessKey.isOneLine()) {
            problems.add(path + ".secretAccessKey", "must be one line without blanks at its edges");
        }
    }
}
