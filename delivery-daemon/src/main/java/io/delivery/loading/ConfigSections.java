package io.delivery.loading;

import static io.delivery.loading.Types.FOLDER;
import static io.delivery.loading.Types.PATH;

import io.delivery.config.BucketRule;
import io.delivery.config.CatalogSettings;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.FunctionSettings;
import io.delivery.config.Limits;
import io.delivery.config.LogSettings;
import io.delivery.config.MasterKeySettings;
import io.delivery.config.QuotaRule;
import io.delivery.config.ServerSettings;
import io.delivery.config.StoreSettings;
import io.delivery.config.StreamDefinition;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The whole file. */
final class ConfigSections {
    private static final Field<ServerSettings> SERVER =
            Field.of(
                            "server",
                            Types.section(ServerSections.SERVER, ServerSections::server),
                            "The Firehose API and the admin server.")
                    .byDefault("as below");
    private static final Field<Path> DATA_DIR =
            Field.of(
                            "dataDir",
                            PATH,
                            "Journals and everything else that must survive, for the user of the service"
                                    + " only (0700). Relative paths are relative to the YAML file,"
                                    + " here and everywhere.")
                    .byDefault("./" + DeliveryConfig.DEFAULT_DATA_DIR)
                    .example("/var/lib/delivery");
    private static final Field<Limits> LIMITS =
            Field.of(
                            "limits",
                            Types.section(ServerSections.LIMITS, ServerSections::limits),
                            "How much of the machine the service may use.")
                    .byDefault("as below");
    private static final Field<LogSettings> LOG =
            Field.of(
                            "log",
                            Types.section(ServerSections.LOG, ServerSections::log),
                            "The program's own log.")
                    .byDefault("as below");
    private static final Field<List<MasterKeySettings>> ENCRYPTION =
            Field.of(
                            "encryption",
                            EncryptionSections.ENCRYPTION,
                            "Keys for streams that are encrypted on the disk.")
                    .byDefault("none");
    private static final Field<List<StoreSettings>> STORES =
            Field.of("stores", StoreSections.STORES, "Places where objects land.")
                    .byDefault("none");
    private static final Field<List<BucketRule>> BUCKETS =
            Field.of("buckets", StoreSections.BUCKETS, "Which store a bucket of the API means.")
                    .byDefault("none: the only store, else the default one");
    private static final Field<List<FunctionSettings>> FUNCTIONS =
            Field.of(
                            "functions",
                            FunctionSections.FUNCTIONS,
                            "Transformation functions, which streams invoke by their names.")
                    .byDefault("none");
    private static final Field<Path> PLUGINS =
            Field.of(
                            "plugins",
                            FOLDER,
                            "A folder of jars with processors: what `plugin` of a function names is"
                                    + " looked for there.")
                    .byDefault("./" + DeliveryConfig.DEFAULT_PLUGINS);
    private static final Field<List<CatalogSettings>> CATALOGS =
            Field.of("catalogs", CatalogSections.CATALOGS, "Where schemas come from.")
                    .byDefault("none");
    private static final Field<List<QuotaRule>> QUOTAS =
            Field.of(
                            "quotas",
                            QuotaSections.QUOTAS,
                            "What producers may put into streams in a second.")
                    .byDefault("none: nothing is limited");
    private static final Field<List<StreamDefinition>> STREAMS =
            Field.of("streams", StreamSections.STREAMS, "Delivery streams.").byDefault("none");

    static final Section ROOT =
            Section.of(
                    "",
                    "",
                    SERVER,
                    DATA_DIR,
                    LIMITS,
                    LOG,
                    ENCRYPTION,
                    STORES,
                    BUCKETS,
                    FUNCTIONS,
                    PLUGINS,
                    CATALOGS,
                    QUOTAS,
                    STREAMS);

    private ConfigSections() {}

    static Optional<DeliveryConfig> read(YamlValue root) {
        return root.section(ROOT).map(in -> config(in, root.reading()));
    }

    private static DeliveryConfig config(SectionValues in, ConfigReading reading) {
        ServerSettings server = in.get(SERVER).orElse(ServerSettings.DEFAULTS);
        reading.testing(server.testing());
        List<StoreSettings> stores = in.get(STORES).orElse(List.of());
        List<CatalogSettings> catalogs = in.get(CATALOGS).orElse(List.of());
        // Streams come last: what they leave out is said by the stores and catalogs.
        reading.defaults(
                DeliveryConfig.defaultOf(stores).map(StoreSettings::name),
                catalogs.size() == 1 ? Optional.of(catalogs.get(0).name()) : Optional.empty());
        return new DeliveryConfig(
                server,
                in.get(DATA_DIR)
                        .orElse(reading.directory().resolve(DeliveryConfig.DEFAULT_DATA_DIR)),
                in.get(LIMITS).orElseGet(() -> Limits.defaultsFor(reading.heapBytes())),
                in.get(LOG).orElse(LogSettings.DEFAULTS),
                in.get(ENCRYPTION).orElse(List.of()),
                stores,
                in.get(BUCKETS).orElse(List.of()),
                in.get(FUNCTIONS).orElse(List.of()),
                in.get(PLUGINS).orElse(reading.directory().resolve(DeliveryConfig.DEFAULT_PLUGINS)),
                catalogs,
                in.get(QUOTAS).orElse(List.of()),
                in.get(STREAMS).orElse(List.of()));
    }
}
