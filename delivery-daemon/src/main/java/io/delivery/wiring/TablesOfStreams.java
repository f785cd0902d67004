package io.delivery.wiring;

import io.delivery.config.CatalogSettings;
import io.delivery.config.ConfigProblems;
import io.delivery.config.FormatSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.format.CatalogException;
import io.delivery.format.DecoderOptions;
import io.delivery.format.SchemaProblem;
import io.delivery.format.TableSchema;
import io.delivery.format.UnknownFieldPolicy;
import io.delivery.glue.GlueCatalog;
import io.delivery.loading.LoadedConfig;
import io.delivery.loading.LocatedProblem;
import io.delivery.loading.ObjectBytes;
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
 * settings of each stream fit its table, and what its objects may take. A table that several
 * streams convert to is complained about once.
 */
final class TablesOfStreams {
    private final LoadedConfig loaded;
    private final Map<FormatSettings.SchemaReference, Read> tables = new HashMap<>();
    private final Asked asked;
    private final OpenCatalogs catalogs;
    private final long heapBytes;
    private final List<StartProblem> problems = new ArrayList<>();
    private final Map<String, ObjectBytes.OfTable> objectBytes = new HashMap<>();

    /** The catalogs that are asked. */
    enum Asked {
        /** Those that are folders; of others the names alone are looked at. */
        FILES,
        /** All of them, whoever has to be asked for it. */
        EVERYWHERE,
        /**
         * All of them; that one elsewhere does not give a table is said by {@link OnlineTables}.
         */
        EVERYWHERE_FOR_SETTINGS
    }

    private TablesOfStreams(
            LoadedConfig loaded, Asked asked, OpenCatalogs catalogs, long heapBytes) {
        this.heapBytes = heapBytes;
        this.loaded = loaded;
        this.asked = asked;
        this.catalogs = catalogs;
    }

    /**
     * What was found.
     *
     * @param problems everything that is wrong with the tables, but not again with those of a
     *     catalog whose folder is not there, or which does not answer
     * @param objectBytes what objects of the tables that were read may take
     */
    record Found(List<StartProblem> problems, ObjectBytes objectBytes) {}

    /**
     * Reads them.
     *
     * @param heapBytes the most this JVM will use for its heap
     */
    static Found read(LoadedConfig loaded, World world, Asked asked, long heapBytes) {
        try (OpenCatalogs catalogs = new OpenCatalogs(world)) {
            TablesOfStreams tables = new TablesOfStreams(loaded, asked, catalogs, heapBytes);
            for (StreamDefinition stream : loaded.config().streams()) {
                stream.format().choose(raw -> false, converted -> tables.add(stream, converted));
            }
            return new Found(tables.problems, new ObjectBytes(tables.objectBytes));
        }
    }

    /** Whether its table was read. */
    private boolean add(StreamDefinition stream, FormatSettings.Converted converted) {
        FormatSettings.SchemaReference schema = converted.schema();
        Read read = tables.get(schema);
        if (read == null) {
            read = read(schema);
            tables.put(schema, read);
            read.problems().stream()
                    .map(problem -> located(stream, schema, problem))
                    .forEach(problems::add);
        }
        read.table().ifPresent(table -> addMisfits(stream, converted, table));
        read.table()
                .ifPresent(table -> objectBytes.put(stream.name(), objectBytes(converted, table)));
        return read.table().isPresent();
    }

    private static ObjectBytes.OfTable objectBytes(
            FormatSettings.Converted converted, TableSchema table) {
        FormatSettings.Converted columns =
                new FormatSettings.Converted(
                        converted.file(),
                        converted.schema(),
                        new DecoderOptions(
                                converted.decoder().serde(), new UnknownFieldPolicy.Drop()));
        return new ObjectBytes.OfTable(
                TableFit.sizes(converted, table)::expectedBytes,
                TableFit.sizes(columns, table)::expectedBytes);
    }

    /**
     * A table that is too wide for the memory may become narrower, and its stream waits until then;
     * other streams go on.
     */
    private void addMisfits(
            StreamDefinition stream, FormatSettings.Converted converted, TableSchema table) {
        String path = "streams." + stream.name();
        TableFit.problems(path, converted, table)
                .forEach(problem -> problems.add(misfit(Remedy.CORRECT, problem)));
        TableFit.tooWide(path, converted, table, loaded.config().limits(), heapBytes)
                .ifPresent(problem -> problems.add(misfit(Remedy.WAIT, problem)));
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
                                    case EVERYWHERE_FOR_SETTINGS ->
                                            readOrNames(catalog.get(), schema);
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

    private Read readOrNames(CatalogSettings catalog, FormatSettings.SchemaReference schema) {
        Read read = read(catalog, schema);
        return read.table().isPresent() ? read : checkNames(schema);
    }

    private static Read checkNames(FormatSettings.SchemaReference schema) {
        try {
            GlueCatalog.checkNames(schema.database(), schema.table(), schema.version());
            return Read.NOTHING;
        } catch (CatalogException refused) {
            return Read.refused(refused);
        }
    }

    private StartProblem misfit(Remedy remedy, ConfigProblems.Problem problem) {
        return new StartProblem(
                remedy,
                new LocatedProblem(
                        loaded.file().toString(),
                        loaded.line(problem.path()),
                        problem.path(),
                        problem.message()));
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
