package io.delivery.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The API and the admin server.
 *
 * @param region of ARNs and signatures
 * @param account of ARNs, 12 digits
 * @param adminToken without it the admin server changes nothing but for callers on this machine
 * @param credentials none: signatures are not checked
 * @param tls of the API; empty: plain HTTP
 * @param adminTls of the admin server; empty: plain HTTP
 * @param maxConnections of the API, open at once
 * @param idleTimeout how long a connection of the API may wait for its next request
 * @param cors origins whose pages may call the API from a browser, {@code *} for any
 * @param adminNames names under which the admin server may be asked, beside addresses and names
 *     that nobody can register
 * @param files secrets that are read again when they change
 * @param testing only of a server for tests
 * @param reloadOnChange whether another content of the configuration file comes into force by
 *     itself
 */
public record ServerSettings(
        ListenAddress api,
        ListenAddress admin,
        Optional<Secret> adminToken,
        String region,
        String account,
        List<ApiCredentials> credentials,
        ShutdownSettings shutdown,
        Optional<TlsSettings> tls,
        Optional<TlsSettings> adminTls,
        int maxConnections,
        Duration idleTimeout,
        List<String> cors,
        List<String> adminNames,
        ServerFiles files,
        Optional<TestingSettings> testing,
        boolean reloadOnChange) {
    public static final ListenAddress DEFAULT_API = new ListenAddress("127.0.0.1", 4573);
    public static final ListenAddress DEFAULT_ADMIN = new ListenAddress("127.0.0.1", 4574);
    public static final String DEFAULT_REGION = "us-east-1";
    public static final String DEFAULT_ACCOUNT = "000000000000";
    public static final int DEFAULT_MAX_CONNECTIONS = 1000;
    public static final int MIN_CONNECTIONS = 10;
    public static final int MAX_CONNECTIONS = 100_000;
    public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(60);
    public static final Duration MIN_IDLE_TIMEOUT = Duration.ofSeconds(1);
    public static final Duration MAX_IDLE_TIMEOUT = Duration.ofHours(24);

    /** When nothing is said. */
    public static final ServerSettings DEFAULTS =
            new ServerSettings(
                    DEFAULT_API,
                    DEFAULT_ADMIN,
                    Optional.empty(),
                    DEFAULT_REGION,
                    DEFAULT_ACCOUNT,
                    List.of(),
                    ShutdownSettings.DEFAULTS,
                    Optional.empty(),
                    Optional.empty(),
                    DEFAULT_MAX_CONNECTIONS,
                    DEFAULT_IDLE_TIMEOUT,
                    List.of(),
                    List.of(),
                    ServerFiles.NONE,
                    Optional.empty(),
                    true);

    private static final Pattern ASCII = Pattern.compile("[ -~]+");
    private static final Pattern REGION = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern ACCOUNT = Pattern.compile("\\d{12}"); // API reference, ARNs

    /** As browsers send it: scheme, host in lower case, and the port unless it is the scheme's. */
    private static final Pattern ORIGIN =
            Pattern.compile("\\*|https?://(?:[a-z0-9.-]+|\\[[0-9a-f:]+\\])(?::\\d{1,5})?");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

    public ServerSettings {
        credentials = List.copyOf(credentials);
        cors = List.copyOf(cors);
        adminNames = List.copyOf(adminNames);
    }

    /** Whether callers of the API must sign. */
    public boolean requiresSignatures() {
        return !credentials.isEmpty() || files.credentials().isPresent();
    }

    /** What is wrong with a token of the admin server; empty when nothing is. */
    public static Optional<String> problemOfAdminToken(Secret token) {
        if (token.value().isBlank()) {
            return Optional.of("must not be empty");
        }
        return token.isOneLine() && ASCII.matcher(token.value()).matches()
                ? Optional.empty()
                : Optional.of(
                        "must be one line of printable ASCII without blanks at its edges, as it goes into a header");
    }

    private void validateFiles(String path, ConfigProblems problems) {
        if (files.credentials().isPresent() && !credentials.isEmpty()) {
            problems.add(
                    path + ".credentialsFile",
                    "must not be given beside %s.credentials: list all callers in one of the two"
                            .formatted(path));
        }
        if (files.adminToken().isPresent() && adminToken.isPresent()) {
            problems.add(
                    path + ".adminTokenFile",
                    "must not be given beside %s.adminToken: give one of the two".formatted(path));
        }
    }

    void validate(String path, ConfigProblems problems) {
        if (!api.loopback() && !requiresSignatures()) {
            problems.add(
                    path + ".api",
                    "must be a loopback address such as %s while %s.credentials lists none, was %s: anybody could write; list credentials to open it"
                            .formatted(DEFAULT_API, path, api));
        }
        if (api.port() != 0 && api.port() == admin.port() && api.host().equals(admin.host())) {
            problems.add(
                    path + ".admin", "must differ from %s.api, both were %s".formatted(path, api));
        }
        adminToken
                .flatMap(ServerSettings::problemOfAdminToken)
                .ifPresent(problem -> problems.add(path + ".adminToken", problem));
        if (!REGION.matcher(region).matches()) {
            problems.add(path + ".region", "must be a region such as us-east-1, was " + region);
        }
        if (!ACCOUNT.matcher(account).matches()) {
            problems.add(path + ".account", "must have 12 digits, was " + account);
        }
        if (maxConnections < MIN_CONNECTIONS || maxConnections > MAX_CONNECTIONS) {
            problems.add(
                    path + ".maxConnections",
                    "must be between %d and %d, was %d"
                            .formatted(MIN_CONNECTIONS, MAX_CONNECTIONS, maxConnections));
        }
        if (idleTimeout.compareTo(MIN_IDLE_TIMEOUT) < 0
                || idleTimeout.compareTo(MAX_IDLE_TIMEOUT) > 0) {
            problems.add(
                    path + ".idleTimeout",
                    "must be between %d s and %d h, was %d ms"
                            .formatted(
                                    MIN_IDLE_TIMEOUT.toSeconds(),
                                    MAX_IDLE_TIMEOUT.toHours(),
                                    idleTimeout.toMillis()));
        }
        for (int i = 0; i < cors.size(); i++) {
            if (!ORIGIN.matcher(cors.get(i)).matches()) {
                problems.add(
                        "%s.cors[%d]".formatted(path, i),
                        "must be an origin as browsers send it, such as https://app.example.com, or *, was "
                                + cors.get(i));
            }
        }
        for (int i = 0; i < adminNames.size(); i++) {
            if (!NAME.matcher(adminNames.get(i)).matches()) {
                problems.add(
                        "%s.adminNames[%d]".formatted(path, i),
                        "must be a host name without a port, was " + adminNames.get(i));
            }
        }
        ApiCredentials.validate(credentials, path + ".credentials", problems);
        validateFiles(path, problems);
        testing.ifPresent(settings -> settings.validate(path + ".testing", problems));
    }
}
