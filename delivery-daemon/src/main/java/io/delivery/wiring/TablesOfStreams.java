package io.delivery.wiring;

import io.delivery.config.CatalogSettings;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.FormatSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.format.CatalogException;
import io.delivery.format.SchemaProblem;
import io.delivery.loading.LoadedConfig;
import io.delivery.loading.LocatedProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads the tables that streams convert to before the first record does. A table that several
 * streams convert to is complained about once.
 */
final class TablesOfStreams {
    private final LoadedConfig loaded;
    private final Path file;
    private final Map<FormatSettings.SchemaReference, List<SchemaProblem>> read =
            new LinkedHashMap<>();

    private TablesOfStreams(LoadedConfig loaded, Path file) {
        this.loaded = loaded;
        this.file = file;
    }

    /**
     * Everything that is wrong with the tables.
     *
     * @param file the configuration, as the user wrote it
     */
    static List<LocatedProblem> problems(LoadedConfig loaded, Path file) {
        return new TablesOfStreams(loaded, file).problems(problem -> true);
    }

    /** What somebody must correct: no record lands before that. */
    static List<LocatedProblem> lastingProblems(LoadedConfig loaded, Path file) {
        return new TablesOfStreams(loaded, file).problems(SchemaProblem::lasts);
    }

    /** What may pass by itself: a folder that is not mounted yet, a table that is brought later. */
    static List<LocatedProblem> passingProblems(LoadedConfig loaded, Path file) {
        return new TablesOfStreams(loaded, file).problems(problem -> !problem.lasts());
    }

    private List<LocatedProblem> problems(Predicate<SchemaProblem> wanted) {
        List<LocatedProblem> found = new ArrayList<>();
        for (StreamDefinition stream : loaded.config().streams()) {
            if (stream.format() instanceof FormatSettings.Parquet parquet
                    && !read.containsKey(parquet.schema())) {
                List<SchemaProblem> problems = problems(parquet.schema());
                read.put(parquet.schema(), problems);
                problems.stream()
                        .filter(wanted)
                        .map(problem -> located(stream, parquet.schema(), problem))
                        .forEach(found::add);
            }
        }
        return found;
    }

    private List<SchemaProblem> problems(FormatSettings.SchemaReference schema) {
        DeliveryConfig config = loaded.config();
        Optional<CatalogSettings> catalog = config.catalog(schema.catalog());
        if (catalog.isEmpty()) {
            return List.of(); // The configuration is refused for that.
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
    private LocatedProblem located(
            StreamDefinition stream, FormatSettings.SchemaReference schema, SchemaProblem problem) {
        if (!problem.file().isEmpty()) {
            return new LocatedProblem(
                    problem.file(), problem.line(), problem.path(), problem.message());
        }
        boolean version = problem.path().equals("version");
        String path = "streams.%s.format.schema.".formatted(stream.name());
        path += version ? "version" : "table";
        return new LocatedProblem(
                file.toString(),
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
