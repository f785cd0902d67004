package io.delivery.wiring;

import io.delivery.catalog.KeyMappings;
import io.delivery.config.CatalogSettings;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.FormatSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.format.CatalogException;
import io.delivery.format.DecoderOptions;
import io.delivery.format.JsonSerDe;
import io.delivery.format.SchemaProblem;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFieldPolicy;
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
 * Reads the tables that streams convert to before the first record does, and looks whether the
 * settings of each stream fit its table. A table that several streams convert to is complained
 * about once.
 */
final class TablesOfStreams {
    private final LoadedConfig loaded;
    private final Map<FormatSettings.SchemaReference, Read> tables = new HashMap<>();

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
                .ifPresent(table -> addMisfits(stream.name(), converted.decoder(), table, found));
        return found;
    }

    /**
     * A table, or why there is none.
     *
     * @param problems empty as well when the catalog itself is not there, which is said of it
     */
    private record Read(Optional<TableSchema> table, List<SchemaProblem> problems) {}

    private Read read(FormatSettings.SchemaReference schema) {
        DeliveryConfig config = loaded.config();
        Optional<CatalogSettings> catalog = config.catalog(schema.catalog());
        if (catalog.isEmpty() || !Files.isDirectory(catalog.get().directory())) {
            return new Read(Optional.empty(), List.of());
        }
        try {
            return new Read(
                    Optional.of(
                            CatalogRegistry.open(catalog.get())
                                    .table(schema.database(), schema.table(), schema.version())),
                    List.of());
        } catch (CatalogException refused) {
            return new Read(Optional.empty(), refused.problems());
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
