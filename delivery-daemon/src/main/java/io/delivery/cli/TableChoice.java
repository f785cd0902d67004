package io.delivery.cli;

import io.delivery.config.CatalogSettings;
import io.delivery.config.ConfigProblems;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.FormatSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.Suggestion;
import io.delivery.format.CatalogException;
import io.delivery.format.DecoderOptions;
import io.delivery.format.JsonSerDe;
import io.delivery.format.SchemaCatalog;
import io.delivery.format.TableSchema;
import io.delivery.loading.ConfigLoader;
import io.delivery.loading.ConfigParts;
import io.delivery.loading.InvalidConfigException;
import io.delivery.loading.LocatedProblem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A table that a command names, and how its records are read.
 *
 * @param options of the stream that is meant; those of nobody when none is
 * @param settingsOf the stream whose settings these options are; empty when they are nobody's
 */
record TableChoice(TableSchema schema, DecoderOptions options, Optional<String> settingsOf) {
    /** The deserializer that is in force. */
    JsonSerDe serde() {
        return options.serdeFor(schema);
    }

    /** What decided how its records are read, and who says so. */
    List<SettingInForce> settings() {
        Optional<String> stream = settingsOf.map(name -> "stream " + name);
        return List.of(
                SettingInForce.serde(
                        serde(),
                        stream.filter(name -> options.serde().isPresent())
                                .orElse(SettingInForce.TABLE)),
                SettingInForce.unknownFields(
                        options.unknownFields(), stream.orElse(SettingInForce.DEFAULT)));
    }

    /**
     * The table of a name.
     *
     * @param name {@code database.table}, with {@code @version} behind it for one version, or a
     *     file that ends in {@code .yaml} or {@code .avsc}
     * @param catalog a name under {@code catalogs}; null when there is only one
     */
    static TableChoice named(
            String name, String catalog, Path config, ConfigLoader loader, SchemaTools tools)
            throws CatalogException, InvalidConfigException, RefusedArgumentException {
        if (name.endsWith(".yaml") || name.endsWith(".avsc")) {
            if (catalog != null) {
                throw new RefusedArgumentException(
                        "a table of a catalog is named database.table, was the file " + name);
            }
            return ofNobody(tools.files().read(Path.of(name)));
        }
        int at = name.indexOf('@');
        String qualified = at < 0 ? name : name.substring(0, at);
        int dot = qualified.indexOf('.');
        if (dot < 1 || dot == qualified.length() - 1 || at == name.length() - 1) {
            throw new RefusedArgumentException(
                    "a table is database.table, database.table@VERSION or a file .yaml or .avsc, was "
                            + name);
        }
        ConfigParts parts = loader.loadParts(config);
        DeliveryConfig known = parts.require("catalogs");
        String table = qualified.substring(dot + 1);
        String version = at < 0 ? SchemaCatalog.LATEST : name.substring(at + 1);
        TableSchema schema =
                read(catalog(catalog, known), qualified.substring(0, dot), table, version, tools);
        return ofNobody(schema);
    }

    private static TableChoice ofNobody(TableSchema schema) {
        return new TableChoice(schema, DecoderOptions.DEFAULTS, Optional.empty());
    }

    /**
     * This table, with records that are read as a stream of the configuration has them read.
     *
     * @throws UnknownStreamException when there is no such stream
     * @throws RefusedArgumentException when the stream converts nothing
     * @throws InvalidConfigException also when the settings of the stream do not go with this table
     */
    TableChoice withSettingsOf(String stream, Path config, ConfigLoader loader, SchemaTools tools)
            throws InvalidConfigException, RefusedArgumentException {
        StreamDefinition definition = StreamsOfConfig.named(loader.loadParts(config), stream);
        FormatSettings.Converted settings = converted(definition);
        List<LocatedProblem> problems =
                tools.fit().problems("streams." + stream, settings, schema).stream()
                        .map(problem -> located(config, problem))
                        .toList();
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
        return new TableChoice(schema, settings.decoder(), Optional.of(stream));
    }

    private static LocatedProblem located(Path config, ConfigProblems.Problem problem) {
        return new LocatedProblem(config.toString(), 0, problem.path(), problem.message());
    }

    private static FormatSettings.Converted converted(StreamDefinition definition)
            throws RefusedArgumentException {
        Optional<FormatSettings.Converted> converted =
                definition.format().choose(raw -> Optional.empty(), Optional::of);
        return converted.orElseThrow(
                () ->
                        new RefusedArgumentException(
                                "stream %s converts to no table: it has no format.parquet or format.orc"
                                        .formatted(definition.name())));
    }

    /**
     * The table that a stream of the configuration converts to.
     *
     * @throws RefusedArgumentException when it converts to none
     */
    static TableChoice ofStream(String stream, Path config, ConfigLoader loader, SchemaTools tools)
            throws CatalogException, InvalidConfigException, RefusedArgumentException {
        ConfigParts parts = loader.loadParts(config);
        FormatSettings.Converted settings = converted(StreamsOfConfig.named(parts, stream));
        FormatSettings.SchemaReference reference = settings.schema();
        DeliveryConfig known = parts.require("catalogs");
        TableSchema schema =
                read(
                        catalog(reference.catalog(), known),
                        reference.database(),
                        reference.table(),
                        reference.version(),
                        tools);
        return ofNobody(schema).withSettingsOf(stream, config, loader, tools);
    }

    private static TableSchema read(
            CatalogSettings settings,
            String database,
            String table,
            String version,
            SchemaTools tools)
            throws CatalogException {
        try (SchemaCatalog catalog = tools.catalogs().apply(settings)) {
            return catalog.table(database, table, version);
        }
    }

    private static CatalogSettings catalog(String name, DeliveryConfig known)
            throws RefusedArgumentException {
        List<String> names = known.catalogs().stream().map(CatalogSettings::name).toList();
        if (name == null && names.size() != 1) {
            throw new RefusedArgumentException(
                    names.isEmpty()
                            ? "the configuration has no catalogs: name the table's file"
                            : "the configuration has several catalogs, say which with --catalog: "
                                    + String.join(", ", names));
        }
        String wanted = name == null ? names.get(0) : name;
        return known.catalog(wanted)
                .orElseThrow(
                        () ->
                                new RefusedArgumentException(
                                        "there is no catalog %s: the configuration has %s%s"
                                                .formatted(
                                                        wanted,
                                                        names.isEmpty()
                                                                ? "none"
                                                                : String.join(", ", names),
                                                        Suggestion.ask(wanted, names))));
    }
}
