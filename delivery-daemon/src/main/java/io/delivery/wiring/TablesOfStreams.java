package io.delivery.wiring;

import io.delivery.config.CatalogSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.format.CatalogException;
import io.delivery.format.SchemaProblem;
import io.delivery.glue.GlueCatalog;
import io.delivery.loading.LoadedConfig;
import io.delivery.loading.LocatedProblem;
import io.delivery.wiring.StartProblem.Remedy;
import io.delivery.world.World;
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
        Optional<CatalogSettings> catalog = loaded.config().catalog(schema.catalog());
        if (catalog.isEmpty()) {
            return List.of(); // That is said of the stream.
        }
        return catalog.get()
                .definition()
                .choose(
                        files ->
                                Files.isDirectory(files.directory())
                                        ? problems(catalog.get(), schema)
                                        : List.of(), // That is said of the catalog.
                        glue ->
                                switch (asked) {
                                    case FILES -> problemsOfNames(schema);
                                    case EVERYWHERE -> problems(catalog.get(), schema);
                                });
    }

    private List<SchemaProblem> problems(
            CatalogSettings catalog, FormatSettings.SchemaReference schema) {
        if (catalogs.isSilent(catalog)) {
            return List.of(); // It was said once that nobody answers.
        }
        try {
            catalogs.read(catalog, schema);
            return List.of();
        } catch (CatalogException refused) {
            return refused.problems();
        }
    }

    private static List<SchemaProblem> problemsOfNames(FormatSettings.SchemaReference schema) {
        try {
            GlueCatalog.checkNames(schema.database(), schema.table(), schema.version());
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
