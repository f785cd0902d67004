package io.delivery.wiring;

import io.delivery.config.CatalogSettings;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.FormatSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.format.CatalogException;
import io.delivery.format.SchemaProblem;
import io.delivery.loading.LoadedConfig;
import io.delivery.loading.LocatedProblem;
import io.delivery.wiring.StartProblem.Remedy;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
        Set<FormatSettings.SchemaReference> read = new HashSet<>();
        for (StreamDefinition stream : loaded.config().streams()) {
            stream.format()
                    .schemaReference()
                    .filter(read::add)
                    .ifPresent(
                            schema ->
                                    problems(schema).stream()
                                            .map(problem -> located(stream, schema, problem))
                                            .forEach(found::add));
        }
        return found;
    }

    private List<SchemaProblem> problems(FormatSettings.SchemaReference schema) {
        DeliveryConfig config = loaded.config();
        Optional<CatalogSettings> catalog = config.catalog(schema.catalog());
        if (catalog.isEmpty() || !Files.isDirectory(catalog.get().directory())) {
            return List.of(); // That is said of the catalog.
        }
        try {
            CatalogRegistry.open(catalog.get())
                    .table(schema.database(), schema.table(), schema.version());
            return List.of();
        } catch (CatalogException refused) {
            return refused.problems();
        }
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
