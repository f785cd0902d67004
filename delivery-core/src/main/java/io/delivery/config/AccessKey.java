package io.delivery.config;

/** A pair of AWS credentials. */
public record AccessKey(String accessKeyId, Secret secretAccessKey) {
    void validate(String path, ConfigProblems problems) {
        if (accessKeyId.isBlank()) {
            problems.add(path + ".accessKeyId", "must not be empty");
        }
        if (secretAccessKey.value().isEmpty()) {
            problems.add(path + ".secretAccessKey", "must not be empty");
        }
    }
}
