package io.delivery.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The API and the admin server.
 *
 * @param region of ARNs and signatures
 * @param account of ARNs, 12 digits
 * @param adminToken without it the admin server changes nothing but for callers on this machine
 * @param credentials none: signatures are not checked
 */
public record ServerSettings(
        ListenAddress api,
        ListenAddress admin,
        Optional<Secret> adminToken,
        String region,
        String account,
        List<ApiCredentials> credentials,
        ShutdownSettings shutdown,
        Optional<TlsSettings> tls) {
    public static final ListenAddress DEFAULT_API = new ListenAddress("127.0.0.1", 4573);
    public static final ListenAddress DEFAULT_ADMIN = new ListenAddress("127.0.0.1", 4574);
    public static final String DEFAULT_REGION = "us-east-1";
    public static final String DEFAULT_ACCOUNT = "000000000000";

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
                    Optional.empty());

    private static final Pattern REGION = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern ACCOUNT = Pattern.compile("\\d{12}"); // API reference, ARNs

    public ServerSettings {
        credentials = List.copyOf(credentials);
    }

    void validate(String path, ConfigProblems problems) {
        if (!api.loopback() && credentials.isEmpty()) {
            problems.add(
                    path + ".api",
                    "must be a loopback address such as %s while %s.credentials lists none, was %s: anybody could write; list credentials to open it"
                            .formatted(DEFAULT_API, path, api));
        }
        if (api.port() != 0 && api.port() == admin.port() && api.host().equals(admin.host())) {
            problems.add(
                    path + ".admin", "must differ from %s.api, both were %s".formatted(path, api));
        }
        if (adminToken.isPresent() && adminToken.get().value().isBlank()) {
            problems.add(path + ".adminToken", "must not be empty");
        }
        if (!REGION.matcher(region).matches()) {
            problems.add(path + ".region", "must be a region such as us-east-1, was " + region);
        }
        if (!ACCOUNT.matcher(account).matches()) {
            problems.add(path + ".account", "must have 12 digits, was " + account);
        }
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < credentials.size(); i++) {
            String at = "%s.credentials[%d]".formatted(path, i);
            credentials.get(i).validate(at, problems);
            String id = credentials.get(i).key().accessKeyId();
            Integer before = seen.putIfAbsent(id, i);
            if (before != null) {
                problems.add(
                        at + ".accessKeyId",
                        "must be given once, was %s as in %s.credentials[%d]"
                                .formatted(id, path, before));
            }
        }
    }
}
