package io.delivery.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a user chose: one configuration file.
 *
 * @param stores in the order of the file, names differ
 * @param masterKeys the first wraps what is wrapped from now on
 * @param buckets the first that matches decides
 * @param plugins the folder of jars that functions of the kind plugin come from
 * @param quotas the first whose pattern matches a stream's name decides
 * @param streams in the order of the file
 */
public record DeliveryConfig(
        ServerSettings server,
        Path dataDir,
        Limits limits,
        LogSettings log,
        List<MasterKeySettings> masterKeys,
        List<StoreSettings> stores,
        List<BucketRule> buckets,
        List<FunctionSettings> functions,
        Path plugins,
        List<CatalogSettings> catalogs,
        List<QuotaRule> quotas,
        List<StreamDefinition> streams) {

    /** Where journals live when nothing is said: beside the file. */
    public static final String DEFAULT_DATA_DIR = "data";

    /** Where plugins are when nothing is said: beside the file. */
    public static final String DEFAULT_PLUGINS = "plugins";

    public DeliveryConfig {
        masterKeys = List.copyOf(masterKeys);
        stores = List.copyOf(stores);
        buckets = List.copyOf(buckets);
        functions = List.copyOf(functions);
        catalogs = List.copyOf(catalogs);
        quotas = List.copyOf(quotas);
        streams = List.copyOf(streams);
    }

    /** The same with these master keys. */
    public DeliveryConfig withMasterKeys(List<MasterKeySettings> others) {
        return new DeliveryConfig(
                server, dataDir, limits, log, others, stores, buckets, functions, plugins, catalogs,
                quotas, streams);
    }

    /** The same with these streams. */
    public DeliveryConfig withStreams(List<StreamDefinition> others) {
        return new DeliveryConfig(
                server,
                dataDir,
                limits,
                log,
                masterKeys,
                stores,
                buckets,
                functions,
                plugins,
                catalogs,
                quotas,
                others);
    }

    public Optional<StoreSettings> store(String name) {
        return stores.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    public Optional<FunctionSettings> function(String name) {
        return functions.stream().filter(f -> f.name().equals(name)).findFirst();
    }

    public Optional<CatalogSettings> catalog(String name) {
        return catalogs.stream().filter(c -> c.name().equals(name)).findFirst();
    }

    public Optional<StreamDefinition> stream(String name) {
        return streams.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    /** The store a stream means when it names none: the default, else the only one. */
    public Optional<StoreSettings> defaultStore() {
        return defaultOf(stores);
    }

    /** The store that a bucket of the API means: by rule, else the default, else the only one. */
    public Optional<StoreSettings> storeOfBucket(String bucket) {
        return buckets.stream()
                .filter(rule -> rule.match().matches(bucket))
                .findFirst()
                .map(rule -> store(rule.store()))
                .orElseGet(this::defaultStore);
    }

    /** {@link #defaultStore()} before there is a configuration. */
    public static Optional<StoreSettings> defaultOf(List<StoreSettings> stores) {
        if (stores.size() == 1) {
            return Optional.of(stores.get(0));
        }
        return stores.stream().filter(StoreSettings::byDefault).findFirst();
    }

    /** Reports everything that is wrong, without looking at any store or at the machine. */
    public void validate(ConfigProblems problems) {
        server.validate("server", problems);
        limits.validate("limits", problems);
        long backups = streams.stream().filter(stream -> stream.backup().isPresent()).count();
        limits.validateFor(streams.size(), streams.size() + (int) backups, "limits", problems);
        MasterKeySettings.validate(masterKeys, problems);
        validateStores(problems);
        for (int i = 0; i < buckets.size(); i++) {
            storeExists("buckets[%d].store".formatted(i), buckets.get(i).store(), problems);
        }
        for (int i = 0; i < quotas.size(); i++) {
            quotas.get(i).quota().validate("quotas[%d]".formatted(i), problems);
        }
        functions.forEach(f -> f.validate("functions." + f.name(), problems));
        catalogs.forEach(catalog -> catalog.validate(problems));
        Map<String, String> names = new HashMap<>();
        for (StreamDefinition stream : streams) {
            String path = "streams." + stream.name();
            String before = names.putIfAbsent(folded(stream.name()), stream.name());
            if (before != null) {
                // A stream's directory has its name in lower case.
                problems.add(
                        path,
                        "must differ from streams.%s in more than upper and lower case"
                                .formatted(before));
            }
            stream.validate(path, problems);
            validateReferences(stream, path, problems);
            validatePlaces(stream, path, problems);
            validateErrorsOfTables(stream, path, problems);
        }
    }

    /**
     * Reports what would be accepted and could never land. Not of definitions that were accepted by
     * an earlier program: what is recorded under them must drain.
     */
    public void validatePlaces(StreamDefinition stream, String path, ConfigProblems problems) {
        DestinationSettings to = stream.destination();
        store(to.store())
                .map(StoreSettings::definition)
                .ifPresent(
                        kind -> {
                            String at = path + ".destination";
                            DestinationRules.validatePlace(
                                    kind, at, to.bucket(), to.prefix(), problems);
                            to.errorPrefix()
                                    .flatMap(kind::problemOfPrefix)
                                    .ifPresent(wrong -> problems.add(at + ".errorPrefix", wrong));
                        });
        stream.backup()
                .ifPresent(
                        backup ->
                                store(backup.store())
                                        .map(StoreSettings::definition)
                                        .ifPresent(
                                                kind ->
                                                        DestinationRules.validatePlace(
                                                                kind,
                                                                path + ".backup",
                                                                backup.bucket(),
                                                                backup.prefix(),
                                                                problems)));
    }

    /** Reports errors that would land beside a table's objects: the API allows that. */
    private static void validateErrorsOfTables(
            StreamDefinition stream, String path, ConfigProblems problems) {
        DestinationSettings to = stream.destination();
        if (stream.format().converts() && to.errorPrefix().orElse("").isEmpty()) {
            problems.add(
                    path + ".destination.errorPrefix",
                    "must be set where records are converted: without it lines of JSON land beside"
                            + " the table's objects, under "
                            + to.prefix().orElse("")
                            + "processing-failed/ and "
                            + to.prefix().orElse("")
                            + "format-conversion-failed/");
        }
    }

    /** Reports the stores, catalogs and keys that a stream needs and that are not there. */
    public void validateReferences(StreamDefinition stream, String path, ConfigProblems problems) {
        storeExists(path + ".destination.store", stream.destination().store(), problems);
        stream.backup().ifPresent(b -> storeExists(path + ".backup.store", b.store(), problems));
        stream.transform().validateFunctions(functions, path, problems);
        if (stream.encryption().isPresent() && masterKeys.isEmpty()) {
            problems.add(
                    path + ".encryption",
                    "needs a master key, and there is none: name one under encryption.keys");
        }
        stream.format()
                .schemaReference()
                .map(FormatSettings.SchemaReference::catalog)
                .filter(named -> catalog(named).isEmpty())
                .ifPresent(
                        missing ->
                                problems.add(
                                        path + ".format.schema.catalog",
                                        Suggestion.mustBeOneOf(
                                                "catalogs",
                                                catalogs.stream()
                                                        .map(CatalogSettings::name)
                                                        .toList(),
                                                missing)));
    }

    private void validateStores(ConfigProblems problems) {
        List<StoreSettings> defaults = stores.stream().filter(StoreSettings::byDefault).toList();
        if (defaults.size() > 1) {
            problems.add(
                    "stores.%s.default".formatted(defaults.get(1).name()),
                    "must be true for one store at most, was true for %s and %s"
                            .formatted(defaults.get(0).name(), defaults.get(1).name()));
        }
        for (StoreSettings store : stores) {
            store.definition().validate("stores." + store.name(), dataDir, problems);
        }
    }

    private void storeExists(String path, String name, ConfigProblems problems) {
        if (store(name).isEmpty()) {
            problems.add(
                    path,
                    Suggestion.mustBeOneOf(
                            "stores", stores.stream().map(StoreSettings::name).toList(), name));
        }
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
