package io.delivery.loading;

import static io.delivery.loading.Types.ADDRESS;
import static io.delivery.loading.Types.DURATION;
import static io.delivery.loading.Types.FILE;
import static io.delivery.loading.Types.FLAG;
import static io.delivery.loading.Types.PATTERN;
import static io.delivery.loading.Types.SECRET;
import static io.delivery.loading.Types.TEXT;

import io.delivery.config.AccessKey;
import io.delivery.config.ApiCredentials;
import io.delivery.config.Glob;
import io.delivery.config.Limits;
import io.delivery.config.ListenAddress;
import io.delivery.config.LogSettings;
import io.delivery.config.Secret;
import io.delivery.config.ServerFiles;
import io.delivery.config.ServerSettings;
import io.delivery.config.ShutdownSettings;
import io.delivery.config.ShutdownSettings.OpenRanges;
import io.delivery.config.TestingSettings;
import io.delivery.config.TlsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The settings of the process: server, limits, log. */
final class ServerSections {
    static final Secret NO_SECRET = new Secret("");

    static final Field<String> ACCESS_KEY_ID =
            Field.of("accessKeyId", TEXT, "Access key id.").example("AKIDEXAMPLE");
    static final Field<Secret> SECRET_ACCESS_KEY =
            Field.of("secretAccessKey", SECRET, "Secret access key.")
                    .example("'${DELIVERY_SECRET}'");

    private static final Field<Secret> SESSION_TOKEN =
            Field.of(
                            "sessionToken",
                            SECRET,
                            "Session token: requests with this key must carry it as"
                                    + " `X-Amz-Security-Token`, as SDKs do with temporary"
                                    + " credentials.")
                    .byDefault("none: requests must have none")
                    .example("'${DELIVERY_SESSION_TOKEN}'");

    private static final Field<List<Glob>> ACTIONS =
            Field.of(
                            "actions",
                            Types.listOf(PATTERN),
                            "Operations of the API, or patterns of them, with or without `firehose:`"
                                    + " before them.")
                    .byDefault("['*']")
                    .example("[PutRecord*]");
    private static final Field<List<Glob>> STREAMS =
            Field.of(
                            "streams",
                            Types.listOf(PATTERN),
                            "Streams, or patterns of their names. ListDeliveryStreams is about no"
                                    + " stream: whoever may use it sees all names.")
                    .byDefault("['*']")
                    .example("[team-a-*]");
    private static final Section ALLOW =
            Section.of("server.credentials[].allow", "What this caller may do.", ACTIONS, STREAMS);
    private static final Field<Allowed> ALLOWED =
            Field.of(
                            "allow",
                            Types.section(
                                    ALLOW,
                                    in ->
                                            new Allowed(
                                                    in.get(ACTIONS).orElse(Allowed.ALL.actions),
                                                    in.get(STREAMS).orElse(Allowed.ALL.streams))),
                            "What this caller may do.")
                    .byDefault("everything");
    private static final Section CREDENTIALS_SECTION =
            Section.of(
                    "server.credentials[]",
                    "Callers of the API, as a list. While there is none, signatures are not checked,"
                            + " and the API must listen on loopback.",
                    ACCESS_KEY_ID,
                    SECRET_ACCESS_KEY,
                    SESSION_TOKEN,
                    ALLOWED);

    /** Those of a caller; what else a file of callers has in their place may be a secret. */
    static final Set<String> NAMES_OF_CALLERS =
            Stream.of(CREDENTIALS_SECTION, ALLOW)
                    .flatMap(section -> section.names().stream())
                    .collect(Collectors.toUnmodifiableSet());

    /** A list of callers, in the configuration or in a file of their own. */
    static final ValueType<List<ApiCredentials>> CALLERS =
            Types.listOf(Types.section(CREDENTIALS_SECTION, ServerSections::credentials));

    private static final Field<Duration> GRACE =
            Field.of("grace", DURATION, "How long requests and landings may take to finish.")
                    .byDefault(Units.setting(ShutdownSettings.DEFAULTS.grace()))
                    .example("25s");
    private static final Field<Boolean> LAND =
            Field.of(
                            "land",
                            FLAG,
                            "Whether open buffers land at once. Otherwise their records stay in the"
                                    + " journal and land after the next start: no small files at each deploy.")
                    .byDefault(
                            String.valueOf(
                                    ShutdownSettings.DEFAULTS.openRanges() == OpenRanges.LAND));
    private static final Section SHUTDOWN_SECTION =
            Section.of("server.shutdown", "What happens on SIGTERM.", GRACE, LAND);

    private static final Field<Path> CERTIFICATE =
            Field.of("certificate", FILE, "Certificate chain, PEM.").example("tls.crt");
    private static final Field<Path> KEY =
            Field.of("key", FILE, "Private key, PEM (PKCS #8).").example("tls.key");
    private static final Section TLS_SECTION =
            Section.of(
                    "server.tls",
                    "TLS of the API; without it HTTP is spoken. Both files are read again when"
                            + " their contents change: new connections get the new certificate, and"
                            + " those that are open go on. A key that does not belong to the"
                            + " certificate leaves the former pair in force, and status says why.",
                    CERTIFICATE,
                    KEY);

    private static final Section ADMIN_TLS_SECTION =
            Section.of(
                    "server.adminTls",
                    "TLS of the admin server; without it HTTP is spoken. The files may be those of"
                            + " server.tls, and are read again in the same way. The commands that ask"
                            + " the admin server trust this certificate, whatever its name.",
                    CERTIFICATE,
                    KEY);

    private static final Field<Duration> MAX_INTERVAL =
            Field.of(
                            "maxInterval",
                            Types.WHOLE_SECONDS,
                            "No buffer waits for longer, whatever its stream's hints say;"
                                    + " DescribeDeliveryStream shows the hints all the same.")
                    .byDefault(Units.setting(TestingSettings.DEFAULT_MAX_INTERVAL))
                    .bounded("0s to %s".formatted(Units.setting(TestingSettings.LONGEST_INTERVAL)))
                    .example("1s");
    private static final Field<Boolean> TEST_BUCKETS =
            Field.of(
                            "createBuckets",
                            FLAG,
                            "Whether stores create buckets that do not exist, where they do not say it"
                                    + " themselves.")
                    .byDefault(String.valueOf(TestingSettings.DEFAULT_CREATE_BUCKETS));
    private static final Section TESTING_SECTION =
            Section.of(
                    "server.testing",
                    "For tests of applications, and for nothing else: `testing: {}` is enough. What is"
                            + " put lands within a second, any text is the ARN of a role, and that of a"
                            + " bucket may be written with two colons (`arn:aws:s3::bucket`). The log,"
                            + " the status and `delivery_testing_mode` say that it is on.",
                    MAX_INTERVAL,
                    TEST_BUCKETS);
    private static final Field<TestingSettings> TESTING =
            Field.of(
                            "testing",
                            Types.section(
                                    TESTING_SECTION,
                                    in ->
                                            new TestingSettings(
                                                    in.get(MAX_INTERVAL)
                                                            .orElse(
                                                                    TestingSettings
                                                                            .DEFAULT_MAX_INTERVAL),
                                                    in.get(TEST_BUCKETS)
                                                            .orElse(
                                                                    TestingSettings
                                                                            .DEFAULT_CREATE_BUCKETS))),
                            "For tests of applications only.")
                    .byDefault("off");

    private static final Field<ListenAddress> API =
            Field.of("api", ADDRESS, "Where the Firehose API listens; port 0 is any free port.")
                    .byDefault(ServerSettings.DEFAULT_API.toString())
                    .bounded("loopback, unless credentials are listed")
                    .example("0.0.0.0:4573");
    private static final Field<ListenAddress> ADMIN =
            Field.of("admin", ADDRESS, "Where health, metrics and flush listen.")
                    .byDefault(ServerSettings.DEFAULT_ADMIN.toString())
                    .example("127.0.0.1:0");
    private static final Field<Secret> ADMIN_TOKEN =
            Field.of(
                            "adminToken",
                            SECRET,
                            "Bearer token of the admin server. Without it only callers on this"
                                    + " machine may change anything. Another one comes into force"
                                    + " with the configuration.")
                    .byDefault("none")
                    .example("'${file:admin.token}'");
    private static final Field<String> REGION =
            Field.of("region", TEXT, "Region in ARNs and signatures.")
                    .byDefault(ServerSettings.DEFAULT_REGION)
                    .example("eu-central-1");
    private static final Field<String> ACCOUNT =
            Field.of("account", TEXT, "Account in ARNs.")
                    .byDefault('"' + ServerSettings.DEFAULT_ACCOUNT + '"')
                    .bounded("12 digits")
                    .example("\"123456789012\"");
    private static final Field<List<ApiCredentials>> CREDENTIALS =
            Field.of(
                            "credentials",
                            CALLERS,
                            "Callers of the API. Changed ones come into force with the"
                                    + " configuration; whether there are any is decided at the"
                                    + " start.")
                    .byDefault("none: signatures are not checked");
    private static final Field<Path> CREDENTIALS_FILE =
            Field.of(
                            "credentialsFile",
                            FILE,
                            "A file that lists the callers of the API as `credentials` does, for example"
                                    + " of a Kubernetes secret. It is read again when its contents"
                                    + " change, without a restart; one that cannot be used leaves the"
                                    + " former callers in force, and status says why.")
                    .byDefault("none")
                    .example("/etc/delivery/callers.yaml");
    private static final Field<Path> ADMIN_TOKEN_FILE =
            Field.of(
                            "adminTokenFile",
                            FILE,
                            "A file with the bearer token of the admin server and nothing else. It is read"
                                    + " again when its contents change, without a restart.")
                    .byDefault("none")
                    .example("/etc/delivery/admin.token");
    private static final Field<ShutdownSettings> SHUTDOWN =
            Field.of(
                            "shutdown",
                            Types.section(SHUTDOWN_SECTION, ServerSections::shutdown),
                            "What happens on SIGTERM.")
                    .byDefault("land, within 25s");
    private static final Field<TlsSettings> TLS =
            Field.of(
                            "tls",
                            Types.section(TLS_SECTION, ServerSections::tls),
                            "Certificate of the API.")
                    .byDefault("none: plain HTTP");
    private static final Field<TlsSettings> ADMIN_TLS =
            Field.of(
                            "adminTls",
                            Types.section(ADMIN_TLS_SECTION, ServerSections::tls),
                            "Certificate of the admin server.")
                    .byDefault("none: plain HTTP");

    private static final Field<Integer> MAX_CONNECTIONS =
            Field.of(
                            "maxConnections",
                            Types.NUMBER,
                            "Connections of the API that are open at once, half of what `ulimit -n` allows at"
                                    + " most. When all are taken, those that only wait for their next request"
                                    + " are closed, and new ones wait.")
                    .byDefault(String.valueOf(ServerSettings.DEFAULT_MAX_CONNECTIONS))
                    .bounded(
                            "%d to %d"
                                    .formatted(
                                            ServerSettings.MIN_CONNECTIONS,
                                            ServerSettings.MAX_CONNECTIONS))
                    .example("5000");
    private static final Field<Duration> IDLE_TIMEOUT =
            Field.of(
                            "idleTimeout",
                            DURATION,
                            "How long a connection of the API may wait for its next request. A"
                                    + " connection that is used more often stays open for as long as"
                                    + " the client likes.")
                    .byDefault(Units.setting(ServerSettings.DEFAULT_IDLE_TIMEOUT))
                    .bounded("1s to 24h")
                    .example("10m");
    private static final Field<List<String>> CORS =
            Field.of(
                            "cors",
                            Types.listOf(TEXT),
                            "Origins whose pages may call the API from a browser (CORS); `'*'` is any. Calls"
                                    + " are signed all the same.")
                    .byDefault("none")
                    .bounded("scheme, host and port as browsers send them")
                    .example("['https://app.example.com']");
    private static final Field<List<String>> ADMIN_NAMES =
            Field.of(
                            "adminNames",
                            Types.listOf(TEXT),
                            "Names under which the admin server may be asked, without a port. Addresses,"
                                    + " names without a dot, and names in localhost, local, internal,"
                                    + " home.arpa and svc are always right; any other is answered 421,"
                                    + " because a page of the web could have chosen it.")
                    .byDefault("none")
                    .example("[delivery.example.com]");

    private static final Field<Boolean> RELOAD_ON_CHANGE =
            Field.of(
                            "reloadOnChange",
                            FLAG,
                            "Whether another content of this file, or of a file that it names with"
                                    + " `${file:…}`, comes into force by itself within two seconds:"
                                    + " all of it or nothing. Otherwise SIGHUP is needed.")
                    .byDefault(String.valueOf(ServerSettings.DEFAULTS.reloadOnChange()));

    static final Section SERVER =
            Section.of(
                    "server",
                    "The Firehose API and the admin server.",
                    API,
                    ADMIN,
                    ADMIN_TOKEN,
                    ADMIN_TOKEN_FILE,
                    REGION,
                    ACCOUNT,
                    CREDENTIALS,
                    CREDENTIALS_FILE,
                    SHUTDOWN,
                    TLS,
                    ADMIN_TLS,
                    MAX_CONNECTIONS,
                    IDLE_TIMEOUT,
                    CORS,
                    ADMIN_NAMES,
                    TESTING,
                    RELOAD_ON_CHANGE);

    private static final Field<Long> DISK =
            Field.of(
                            "disk",
                            Types.size("GB", Limits.MIN_DISK_BYTES, Long.MAX_VALUE),
                            "Journals, spools, staged objects and lane states of all streams. When it is"
                                    + " full, producers hear 503 and nothing is lost. Where the volume of"
                                    + " `dataDir` is smaller, the volume counts.")
                    .byDefault("10GB")
                    .bounded("at least 64MB")
                    .example("100GiB");
    private static final Field<Long> MEMORY =
            Field.of(
                            "memory",
                            Types.size("MB", Limits.MIN_MEMORY_BYTES, Long.MAX_VALUE),
                            "Requests, buffers, encoding and uploads; `delivery check` prints how it is"
                                    + " divided.")
                    .byDefault("half of the heap, which is 256MB of the launcher's 512MB")
                    .bounded("at least 64MB, at most 60 % of the heap")
                    .example("1GiB");
    private static final Field<Long> REQUEST_BODY =
            Field.of(
                            "requestBody",
                            Types.size(
                                    "MB",
                                    Limits.MIN_REQUEST_BODY_BYTES,
                                    Limits.MAX_REQUEST_BODY_BYTES),
                            "Longest request body; a longer one is answered 413.")
                    .byDefault("16MB, or an eighth of limits.memory if that is less")
                    .bounded("6MB to 64MB, at most an eighth of limits.memory")
                    .example("8MB");
    private static final Field<Long> LEDGER =
            Field.of(
                            "ledger",
                            Types.size("GB", Limits.MIN_LEDGER_BYTES, Long.MAX_VALUE),
                            "What was committed, of all streams, beside limits.disk: `delivery verify` rests"
                                    + " on it. Older entries are deleted beyond it, and after 30 days.")
                    .byDefault("2GB")
                    .bounded("at least 1MB")
                    .example("10GiB");
    static final Section LIMITS =
            Section.of(
                    "limits",
                    "How much of the machine the service may use.",
                    DISK,
                    MEMORY,
                    REQUEST_BODY,
                    LEDGER);

    private static final Field<LogSettings.Format> FORMAT =
            Field.of(
                            "format",
                            Types.oneOf(LogSettings.Format.class),
                            "text is for people; json writes one flat object per line, for programs.")
                    .byDefault("text");
    private static final Field<LogSettings.Level> LEVEL =
            Field.of(
                            "level",
                            Types.oneOf(LogSettings.Level.class),
                            "The least important event that is logged.")
                    .byDefault("info");
    static final Section LOG = Section.of("log", "The program's own log.", FORMAT, LEVEL);

    private ServerSections() {}

    static ServerSettings server(SectionValues in) {
        return new ServerSettings(
                in.get(API).orElse(ServerSettings.DEFAULTS.api()),
                in.get(ADMIN).orElse(ServerSettings.DEFAULTS.admin()),
                in.get(ADMIN_TOKEN),
                in.get(REGION).orElse(ServerSettings.DEFAULTS.region()),
                in.get(ACCOUNT).orElse(ServerSettings.DEFAULTS.account()),
                in.get(CREDENTIALS).orElse(ServerSettings.DEFAULTS.credentials()),
                in.get(SHUTDOWN).orElse(ServerSettings.DEFAULTS.shutdown()),
                in.get(TLS),
                in.get(ADMIN_TLS),
                in.get(MAX_CONNECTIONS).orElse(ServerSettings.DEFAULTS.maxConnections()),
                in.get(IDLE_TIMEOUT).orElse(ServerSettings.DEFAULTS.idleTimeout()),
                in.get(CORS).orElse(ServerSettings.DEFAULTS.cors()),
                in.get(ADMIN_NAMES).orElse(ServerSettings.DEFAULTS.adminNames()),
                new ServerFiles(in.get(CREDENTIALS_FILE), in.get(ADMIN_TOKEN_FILE)),
                in.get(TESTING),
                in.get(RELOAD_ON_CHANGE).orElse(ServerSettings.DEFAULTS.reloadOnChange()));
    }

    private static TlsSettings tls(SectionValues in) {
        return new TlsSettings(
                in.required(CERTIFICATE, Path.of("")), in.required(KEY, Path.of("")));
    }

    static Limits limits(SectionValues in) {
        long memoryBytes =
                in.get(MEMORY).orElseGet(() -> Limits.defaultMemoryBytes(in.reading().heapBytes()));
        return new Limits(
                in.get(DISK).orElse(Limits.DEFAULTS.diskBytes()),
                memoryBytes,
                in.get(REQUEST_BODY).orElse(Limits.defaultRequestBodyBytes(memoryBytes)),
                in.get(LEDGER).orElse(Limits.DEFAULTS.ledgerBytes()));
    }

    static LogSettings log(SectionValues in) {
        return new LogSettings(
                in.get(FORMAT).orElse(LogSettings.DEFAULTS.format()),
                in.get(LEVEL).orElse(LogSettings.DEFAULTS.level()));
    }

    static AccessKey accessKey(SectionValues in) {
        return new AccessKey(
                in.required(ACCESS_KEY_ID, ""), in.required(SECRET_ACCESS_KEY, NO_SECRET));
    }

    private static ApiCredentials credentials(SectionValues in) {
        Allowed allowed = in.get(ALLOWED).orElse(Allowed.ALL);
        return new ApiCredentials(
                accessKey(in), in.get(SESSION_TOKEN), allowed.actions, allowed.streams);
    }

    private static ShutdownSettings shutdown(SectionValues in) {
        return new ShutdownSettings(
                in.get(GRACE).orElse(ShutdownSettings.DEFAULTS.grace()),
                in.get(LAND)
                        .map(land -> land ? OpenRanges.LAND : OpenRanges.KEEP)
                        .orElse(ShutdownSettings.DEFAULTS.openRanges()));
    }

    private record Allowed(List<Glob> actions, List<Glob> streams) {
        static final Allowed ALL =
                new Allowed(ApiCredentials.EVERYTHING, ApiCredentials.EVERYTHING);
    }
}
