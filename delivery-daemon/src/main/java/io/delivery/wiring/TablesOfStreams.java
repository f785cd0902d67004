package io.delivery.wiring;

import io.delivery.catalog.KeyMappings;
import io.delivery.config.CatalogSettings;
import io.delivery.config.ColumnarSettings;
import io.delivery.config.ColumnarSettings.BloomFilters;
import io.delivery.config.FormatSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.Suggestion;
import io.delivery.format.CatalogException;
import io.delivery.format.DecoderOptions;
import io.delivery.format.JsonSerDe;
import io.delivery.format.SchemaProblem;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFieldPolicy;
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
 * Reads the tables that streams convert to before the first record does, and looks whether the
 * settings of each stream fit its table. A table that several streams convert to is complained
 * about once.
 */
final class TablesOfStreams {
    private final LoadedConfig loaded;
    private final Map<FormatSettings.SchemaReference, Read> tables = new HashMap<>();
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
        for (StreamDefinition stream : loaded.config().streams()) {
            stream.format()
                    .choose(raw -> found, converted -> addProblems(stream, converted, found));
        }
        return found;
    }

    private List<StartProblem> addProblems(
            StreamDefinition stream, FormatSettings.Converted converted, List<StartProblem> found) {
        FormatSettings.SchemaReference schema = converted.schema();
        Read read = tables.get(schema);
        if (read == null) {
            read = read(schema);
            tables.put(schema, read);
            read.problems().stream()
                    .map(problem -> located(stream, schema, problem))
                    .forEach(found::add);
        }
        read.table()
                .ifPresent(
                        table -> {
                            addMisfits(stream.name(), converted.decoder(), table, found);
                            addMissingIndexed(stream.name(), converted.file(), table, found);
                        });
        return found;
    }

    /**
     * A table, or why there is none.
     *
     * @param problems empty as well when it was not asked for, and when its catalog is not there or
     *     does not answer, which is said of that
     */
    private record Read(Optional<TableSchema> table, List<SchemaProblem> problems) {
        static final Read NOTHING = new Read(Optional.empty(), List.of());

        static Read refused(CatalogException refusal) {
            return new Read(Optional.empty(), refusal.problems());
        }
    }

    private Read read(FormatSettings.SchemaReference schema) {
        Optional<CatalogSettings> catalog = loaded.config().catalog(schema.catalog());
        if (catalog.isEmpty()) {
            return Read.NOTHING; // That is said of the stream.
        }
        return catalog.get()
                .definition()
                .choose(
                        files ->
                                Files.isDirectory(files.directory())
                                        ? read(catalog.get(), schema)
                                        : Read.NOTHING, // That is said of the catalog.
                        glue ->
                                switch (asked) {
                                    case FILES -> checkNames(schema);
                                    case EVERYWHERE -> read(catalog.get(), schema);
                                });
    }

    private Read read(CatalogSettings catalog, FormatSettings.SchemaReference schema) {
        if (catalogs.isSilent(catalog)) {
            return Read.NOTHING; // It was said once that nobody answers.
        }
        try {
            return new Read(Optional.of(catalogs.read(catalog, schema)), List.of());
        } catch (CatalogException refused) {
            return Read.refused(refused);
        }
    }

    private static Read checkNames(FormatSettings.SchemaReference schema) {
        try {
            GlueCatalog.checkNames(schema.database(), schema.table(), schema.version());
            return Read.NOTHING;
        } catch (CatalogException refused) {
            return Read.refused(refused);
        }
    }

    /** Settings of the stream that go with other tables and not with this one. */
    private void addMisfits(
            String stream, DecoderOptions decoder, TableSchema table, List<StartProblem> found) {
        String format = "streams.%s.format.".formatted(stream);
        if (decoder.unknownFields() instanceof UnknownFieldPolicy.Keep keep) {
            keep.problem(table)
                    .ifPresent(
                            problem -> found.add(misfit(format + "unknownFields.keep", problem)));
        }
        if (decoder.serde().orElse(null) instanceof JsonSerDe.OpenX openX) {
            KeyMappings.problems(openX, table)
                    .forEach(
                            problem ->
                                    found.add(
                                            misfit(
                                                    format + "serde.openx.columnToJsonKeyMappings",
                                                    "must fit %s: %s"
                                                            .formatted(
                                                                    table.qualifiedName(),
                                                                    problem))));
        }
    }

    /** Columns that are to get Bloom filters, and that the table does not have. */
    private void addMissingIndexed(
            String stream, ColumnarSettings file, TableSchema table, List<StartProblem> found) {
        List<String> names = table.columns().stream().map(TableSchema.Column::name).toList();
        for (String wanted : bloomFilterColumns(file)) {
            if (names.stream().noneMatch(wanted::equalsIgnoreCase)) {
                found.add(
                        misfit(
                                "streams.%s.format.orc.bloomFilterColumns".formatted(stream),
                                "must name columns of %s, was %s%s"
                                        .formatted(
                                                table.qualifiedName(),
                                                wanted,
                                                Suggestion.ask(wanted, names))));
            }
        }
    }

    private static List<String> bloomFilterColumns(ColumnarSettings file) {
        return file.choose(
                parquet -> List.<String>of(),
                orc -> orc.bloomFilters().map(BloomFilters::columns).orElse(List.of()));
    }

    private StartProblem misfit(String path, String message) {
        return new StartProblem(
                Remedy.CORRECT,
                new LocatedProblem(loaded.file().toString(), loaded.line(path), path, message));
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
