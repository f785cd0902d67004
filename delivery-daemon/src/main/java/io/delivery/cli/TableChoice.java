package io.delivery.cli;

import io.delivery.config.CatalogSettings;
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
import java.nio.file.Path;
import java.util.List;

/**
 * A table that a command names, and how its records are read.
 *
 * @param options of the stream that is meant; those of nobody when a table is named
 */
record TableChoice(TableSchema schema, DecoderOptions options) {
    /** The deserializer that is in force. */
    JsonSerDe serde() {
        return options.serdeFor(schema);
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
            TableSchema table = tools.files().read(Path.of(name));
            return new TableChoice(table, DecoderOptions.DEFAULTS);
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
        return new TableChoice(schema, DecoderOptions.DEFAULTS);
    }

    /**
     * The table that a stream of the configuration converts to.
     *
     * @throws RefusedArgumentException when it converts to none
     */
    static TableChoice ofStream(String stream, Path config, ConfigLoader loader, SchemaTools tools)
            throws CatalogException, InvalidConfigException, RefusedArgumentException {
        ConfigParts parts = loader.loadParts(config);
        StreamDefinition definition = StreamsOfConfig.named(parts, stream);
        FormatSettings.SchemaReference reference =
                definition
                        .format()
                        .schemaReference()
                        .orElseThrow(
                                () ->
                                        new RefusedArgumentException(
                                                "stream %s converts to no table, say --table"
                                                        .formatted(stream)));
        DeliveryConfig known = parts.require("catalogs");
        TableSchema schema =
                read(
                        catalog(reference.catalog(), known),
                        reference.database(),
                        reference.table(),
                        reference.version(),
                        tools);
        DecoderOptions options =
                definition
                        .format()
                        .choose(raw -> DecoderOptions.DEFAULTS, FormatSettings.Converted::decoder);
        return new TableChoice(schema, options);
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
