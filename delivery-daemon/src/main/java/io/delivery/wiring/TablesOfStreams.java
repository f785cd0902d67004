package io.delivery.wiring;

import io.delivery.config.CatalogSettings;
import io.delivery.config.ColumnarSettings.BloomFilters;
import io.delivery.config.FormatSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.Suggestion;
import io.delivery.format.CatalogException;
import io.delivery.format.SchemaProblem;
import io.delivery.format.TableSchema;
import io.delivery.glue.GlueCatalog;
import io.delivery.loading.LoadedConfig;
import io.delivery.loading.LocatedProblem;
import io.delivery.wiring.StartProblem.Remedy;
import io.delivery.world.World;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the tables that streams convert to before the first record does. A table that several
 * streams convert to is complained about once.
 */
final class TablesOfStreams {
    private final LoadedConfig loaded;
    private final Asked asked;
    private final OpenCatalogs catalogs;

    /** The catalogs that are asked. */
    enum Asked {
        /** Those that are folders; of others the names alone are looked at. */
        FILES,
        /** All of them, whoever has to be asked for it. */
        EVERYWHERE
    }

    private TablesOfStreams(LoadedConfig loaded, Asked asked, OpenCatalogs catalogs) {
        this.loaded = loaded;
        this.asked = asked;
        this.catalogs = catalogs;
    }

    /**
     * Everything that is wrong with the tables, but not again with those of a catalog whose folder
     * is not there, or which does not answer.
     */
    static List<StartProblem> problems(LoadedConfig loaded, World world, Asked asked) {
        try (OpenCatalogs catalogs = new OpenCatalogs(world)) {
            return new TablesOfStreams(loaded, asked, catalogs).problems();
        }
    }

    private List<StartProblem> problems() {
        List<StartProblem> found = new ArrayList<>();
        Map<FormatSettings.SchemaReference, Optional<TableSchema>> tables = new HashMap<>();
        for (StreamDefinition stream : loaded.config().streams()) {
            stream.format()
                    .schemaReference()
                    .flatMap(
                            schema ->
                                    tables.computeIfAbsent(
                                            schema, name -> table(stream, name, found)))
                    .ifPresent(table -> indexed(stream, table, found));
        }
        return found;
    }

    /** Empty when nobody has been asked for the table, or it cannot be used, which is told. */
    private Optional<TableSchema> table(
            StreamDefinition stream,
            FormatSettings.SchemaReference schema,
            List<StartProblem> found) {
        Optional<CatalogSettings> catalog = loaded.config().catalog(schema.catalog());
        if (catalog.isEmpty()) {
            return Optional.empty(); // That is said of the stream.
        }
        try {
            return catalog.get()
                    .definition()
                    .choose(
                            files ->
                                    Files.isDirectory(files.directory())
                                            ? read(catalog.get(), schema)
                                            // That is said of the catalog.
                                            : Optional.<TableSchema>empty(),
                            glue ->
                                    switch (asked) {
                                        case FILES -> named(schema);
                                        case EVERYWHERE -> read(catalog.get(), schema);
                                    });
        } catch (CatalogException refused) {
            refused.problems().forEach(problem -> found.add(located(stream, schema, problem)));
            return Optional.empty();
        }
    }

    private Optional<TableSchema> read(
            CatalogSettings catalog, FormatSettings.SchemaReference schema)
            throws CatalogException {
        if (catalogs.isSilent(catalog)) {
            return Optional.empty(); // It was said once that nobody answers.
        }
        return Optional.of(catalogs.read(catalog, schema));
    }

    /** The names alone: whoever has the table is not asked. */
    private static Optional<TableSchema> named(FormatSettings.SchemaReference schema)
            throws CatalogException {
        GlueCatalog.checkNames(schema.database(), schema.table(), schema.version());
        return Optional.empty();
    }

    /** Whether the table has the columns that are to get Bloom filters. */
    private void indexed(StreamDefinition stream, TableSchema table, List<StartProblem> found) {
        List<String> names = table.columns().stream().map(TableSchema.Column::name).toList();
        String path = "streams.%s.format.orc.bloomFilterColumns".formatted(stream.name());
        for (String wanted : bloomFilterColumns(stream.format())) {
            if (names.stream().noneMatch(wanted::equalsIgnoreCase)) {
                found.add(
                        new StartProblem(
                                Remedy.CORRECT,
                                new LocatedProblem(
                                        loaded.file().toString(),
                                        loaded.line(path),
                                        path,
                                        "must name columns of %s, was %s%s"
                                                .formatted(
                                                        table.qualifiedName(),
                                                        wanted,
                                                        Suggestion.ask(wanted, names)))));
            }
        }
    }

    private static List<String> bloomFilterColumns(FormatSettings format) {
        return format.choose(
                raw -> List.<String>of(),
                converted ->
                        converted
                                .file()
                                .choose(
                                        parquet -> List.<String>of(),
                                        orc ->
                                                orc.bloomFilters()
                                                        .map(BloomFilters::columns)
                                                        .orElse(List.of())));
    }

    /** In the table's file; where there is none, at the setting that names the table. */
    private StartProblem located(
            StreamDefinition stream, FormatSettings.SchemaReference schema, SchemaProblem problem) {
        return new StartProblem(
                problem.lasts() ? Remedy.CORRECT : Remedy.WAIT,
                problem.file().isEmpty()
                        ? atItsName(stream, schema, problem)
                        : new LocatedProblem(
                                problem.file(), problem.line(), problem.path(), problem.message()));
    }

    private LocatedProblem atItsName(
            StreamDefinition stream, FormatSettings.SchemaReference schema, SchemaProblem problem) {
        boolean version = problem.path().equals("version");
        String path = "streams.%s.format.schema.".formatted(stream.name());
        path += version ? "version" : "table";
        String rule =
                problem.cause() == SchemaProblem.Cause.UNREADABLE
                        ? "must name a table that can be read"
                        : "must name a table";
        return new LocatedProblem(
                loaded.file().toString(),
                loaded.line(path),
                path,
                "%s, was %s.%s%s: %s"
                        .formatted(
                                rule,
                                schema.database(),
                                schema.table(),
                                version ? " version " + schema.version() : "",
                                problem.message()));
    }
}
