package io.delivery.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** What kind of catalog it is, and how its tables are read. */
public sealed interface CatalogDefinition {
    /** What comes of it, by the kind that it is. */
    <R, E extends Exception> R choose(Choice<Files, R, E> files, Choice<Glue, R, E> glue) throws E;

    /**
     * Reports what is wrong with it, without looking at any file and without asking anybody.
     *
     * @param path of the catalog in the configuration
     */
    void validate(String path, ConfigProblems problems);

    /** A folder of schemas: {@code <directory>/<database>/<table>.yaml} or {@code .avsc}. */
    record Files(Path directory) implements CatalogDefinition {
        @Override
        public <R, E extends Exception> R choose(Choice<Files, R, E> files, Choice<Glue, R, E> glue)
                throws E {
            return files.of(this);
        }

        /** Whether the folder is there is seen by whoever looks. */
        @Override
        public void validate(String path, ConfigProblems problems) {}
    }

    /**
     * AWS Glue Data Catalog, or a service that speaks its API.
     *
     * @param endpoint absent: AWS, by region
     * @param credentials absent: the SDK's default chain
     * @param catalogId whose catalog it is; absent: that of the account of the credentials (API
     *     reference, GetTable, CatalogId)
     * @param refresh how old a schema becomes before Glue is asked for it again
     * @param staleIfError for how long after Glue gave it a schema stays in force while Glue does
     *     not give one; RFC 5861 has the word
     */
    record Glue(
            Optional<URI> endpoint,
            String region,
            Optional<AccessKey> credentials,
            Optional<String> catalogId,
            Duration refresh,
            Duration staleIfError)
            implements CatalogDefinition {
        public static final String DEFAULT_REGION = "us-east-1"; // as that of stores
        public static final Duration DEFAULT_REFRESH = Duration.ofMinutes(5);
        public static final Duration DEFAULT_STALE_IF_ERROR = Duration.ofHours(24);

        /** Ours: Glue takes some tens of requests per second from one account. */
        public static final Duration MIN_REFRESH = Duration.ofSeconds(1);

        public static final Duration MAX_REFRESH = Duration.ofHours(24);
        public static final Duration MAX_STALE_IF_ERROR = Duration.ofDays(365);

        /**
         * An account of AWS, and behind it a catalog of that account which has one of its own, such
         * as {@code 111122223333:s3tablescatalog/bucket} (Glue user guide, multi-catalog
         * hierarchy).
         */
        private static final Pattern CATALOG_OF_AWS =
                Pattern.compile("\\d{12}(:[^\\s\\p{Cntrl}]{1,242})?");

        /** API reference, GetTable: catalog id string, 1 to 255 characters on one line. */
        private static final Pattern CATALOG_ELSEWHERE = Pattern.compile("[^\\s\\p{Cntrl}]{1,255}");

        @Override
        public <R, E extends Exception> R choose(Choice<Files, R, E> files, Choice<Glue, R, E> glue)
                throws E {
            return glue.of(this);
        }

        @Override
        public void validate(String path, ConfigProblems problems) {
            String at = path + ".glue";
            credentials.ifPresent(c -> c.validate(at + ".credentials", problems));
            RegionRule.check(at + ".region", region, endpoint, problems);
            Pattern rule = endpoint.isPresent() ? CATALOG_ELSEWHERE : CATALOG_OF_AWS;
            catalogId
                    .filter(id -> !rule.matcher(id).matches())
                    .ifPresent(
                            id ->
                                    problems.add(
                                            at + ".catalogId",
                                            "must be the number of an account, such as"
                                                    + " '111122223333', or a catalog of it, such"
                                                    + " as '111122223333:name', was "
                                                    + id));
            if (refresh.compareTo(MIN_REFRESH) < 0 || refresh.compareTo(MAX_REFRESH) > 0) {
                problems.add(
                        at + ".refresh", "must be between 1s and 24h, was " + seconds(refresh));
            } else if (staleIfError.compareTo(refresh) < 0
                    || staleIfError.compareTo(MAX_STALE_IF_ERROR) > 0) {
                problems.add(
                        at + ".staleIfError",
                        "must be between refresh (%s) and 8760h, was %s"
                                .formatted(seconds(refresh), seconds(staleIfError)));
            }
        }

        private static String seconds(Duration duration) {
            return duration.toMillis() % 1000 == 0
                    ? duration.toSeconds() + "s"
                    : duration.toMillis() + "ms";
        }
    }
}
