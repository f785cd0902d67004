package io.delivery.config;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a region may be called. */
final class RegionRule {
    /**
     * As AWS's partitions name them: {@code us-east-1}, {@code us-gov-west-1}, {@code
     * eusc-de-east-1} (regionRegex in partitions.json of the AWS SDKs). The host name is made of
     * it.
     */
    private static final Pattern OF_AWS = Pattern.compile("[a-z]{2,4}(-[a-z]+){1,2}-[0-9]{1,2}");

    /** Elsewhere it is only signed. */
    private static final Pattern SIGNED = Pattern.compile("[^\\s,/\\p{Cntrl}]+");

    private RegionRule() {}

    /**
     * Reports a region that there cannot be.
     *
     * @param endpoint where the service is; absent: at AWS, by region
     */
    static void check(String path, String region, Optional<URI> endpoint, ConfigProblems problems) {
        if (endpoint.isPresent() && !SIGNED.matcher(region).matches()) {
            problems.add(path, "must have no blanks, commas or slashes, was " + region);
        }
        if (endpoint.isEmpty() && !OF_AWS.matcher(region).matches()) {
            problems.add(
                    path,
                    "must be a region of AWS such as us-east-1, was %s; a service elsewhere needs its endpoint"
                            .formatted(region));
        }
    }
}
