package io.delivery.wiring;

import io.delivery.config.CatalogSettings;
import io.delivery.config.ColumnarSettings.BloomFilters;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.FormatSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.Suggestion;
import io.delivery.format.CatalogException;
import io.delivery.format.SchemaProblem;
import io.delivery.format.TableSchema;
import io.delivery.loading.LoadedConfig;
import io.delivery.loading.LocatedProblem;
import io.delivery.wiring.StartProblem.Remedy;
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

    private TablesOfStreams(LoadedConfig loaded) {
        this.loaded = loaded;
    }

    /**
     * Everything that is wrong with the tables, but not again with those of a catalog whose folder
     * is not there.
     */
    static List<StartProblem> problems(LoadedConfig loaded) {
        return new TablesOfStreams(loaded).problems();
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

    /** Empty when the table cannot be used, or its catalog cannot: that is said elsewhere. */
    private Optional<TableSchema> table(
            StreamDefinition stream,
            FormatSettings.SchemaReference schema,
            List<StartProblem> found) {
        DeliveryConfig config = loaded.config();
        Optional<CatalogSettings> catalog = config.catalog(schema.catalog());
        if (catalog.isEmpty() || !Files.isDirectory(catalog.get().directory())) {
            return Optional.empty(); // That is said of the catalog.
        }
        try {
            return Optional.of(
                    CatalogRegistry.open(catalog.get())
                            .table(schema.database(), schema.table(), schema.version()));
        } catch (CatalogException refused) {
            refused.problems().forEach(problem -> found.add(located(stream, schema, problem)));
            return Optional.empty();
        }
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
        return new LocatedProblem(
                loaded.file().toString(),
                loaded.line(path),
                path,
                "must name a table, was %s.%s%s: %s"
                        .formatted(
                                schema.database(),
                                schema.table(),
                                version ? " version " + schema.version() : "",
                                problem.message()));
    }
}
