package io.delivery.catalog;

import io.delivery.config.Suggestion;
import io.delivery.failure.RepeatedFailure;
import io.delivery.format.CatalogException;
import io.delivery.format.CatalogException.Reason;
import io.delivery.format.SchemaCatalog;
import io.delivery.format.SchemaProblem;
import io.delivery.format.SchemaProblem.Cause;
import io.delivery.format.TableSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads tables from {@code <directory>/<database>/<table>.yaml} or {@code .avsc}; both for one
 * table is an error. Thread-safe.
 *
 * <p>Versions: {@link SchemaCatalog#LATEST}, or an empty one, is that file as it is now, and the
 * {@link TableSchema#version()} it gives is {@code sha256:} and the first 16 hexadecimal digits of
 * its content. A number {@code n} (1 to 9 digits) is the file {@code <table>@n.yaml} or {@code
 * <table>@n.avsc}, which is meant never to change; pinning a content would leave a stream without a
 * schema as soon as somebody edits the file.
 *
 * <p>Each call reads the file; that is once per object, and no clock or file time is trusted to
 * tell whether it has changed. When a file that was good has become unreadable, wrong or has gone,
 * the last good schema stays in force as long as the process lives, and the log says so once. A
 * file should be replaced by renaming: half of a YAML file may well be a smaller table.
 */
public final class FileCatalog implements SchemaCatalog {
    private static final Logger LOG = LoggerFactory.getLogger(FileCatalog.class);

    // No dots, separators or @: a name is never a path and never another version's file.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,254}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    private final Path directory;
    private final TimestampFormats formats;
    private final ConcurrentHashMap<String, Known> known = new ConcurrentHashMap<>();
    private final Map<String, RepeatedFailure> readings = new ConcurrentHashMap<>();

    /** What a file held when it was good, and what was said about it since. */
    private record Known(byte[] content, TableSchema schema, String complaint) {}

    /**
     * @param directory holds a directory for each database; need not exist yet
     * @param formats what the serde that reads the tables' records can do
     */
    public FileCatalog(Path directory, TimestampFormats formats) {
        this.directory = directory;
        this.formats = formats;
    }

    @Override
    public TableSchema table(String database, String table, String version)
            throws CatalogException {
        requireName("database", database);
        requireName("table", table);
        requireVersion(version);
        String file = table + suffix(version);
        String key = database + "/" + file;
        Known before = known.get(key);
        try {
            Known now = read(database, table, file, version, before);
            known.put(key, now);
            reading(key).worked();
            return now.schema;
        } catch (CatalogException problem) {
            if (before == null) {
                throw problem;
            }
            known.put(key, new Known(before.content, before.schema, problem.getMessage()));
            reading(key).failed(problem.getMessage(), "versionInForce", before.schema.version());
            return before.schema;
        }
    }

    private RepeatedFailure reading(String key) {
        return readings.computeIfAbsent(
                key,
                table ->
                        RepeatedFailure.of(
                                LOG, "reading a table", System::nanoTime, "table", table));
    }

    private Known read(String database, String table, String file, String version, Known before)
            throws CatalogException {
        Path folder = directory.resolve(database);
        Path yaml = folder.resolve(file + ".yaml");
        Path avro = folder.resolve(file + ".avsc");
        // A look at a file that is not there costs less than its opening. Where neither is seen,
        // opening tells why.
        byte[] yamlContent =
                Files.exists(yaml) || !Files.exists(avro) ? TableFile.content(yaml) : null;
        byte[] avroContent =
                yamlContent == null || Files.exists(avro) ? TableFile.content(avro) : null;
        if (yamlContent != null && avroContent != null) {
            throw new CatalogException(
                    Reason.INVALID_SCHEMA,
                    List.of(
                            new SchemaProblem(
                                    Cause.CONTENT,
                                    yaml.toString(),
                                    0,
                                    "",
                                    avro.getFileName()
                                            + " and this file are both there; a table has one of"
                                            + " them")));
        }
        if (yamlContent == null && avroContent == null) {
            throw absent(database, table, version, yaml, avro);
        }
        Path path = yamlContent != null ? yaml : avro;
        byte[] content = yamlContent != null ? yamlContent : avroContent;
        if (before != null && Arrays.equals(before.content, content)) {
            return before.complaint == null ? before : new Known(content, before.schema, null);
        }
        String name = suffix(version).isEmpty() ? TableFile.mark(content) : version;
        TableSchema schema = TableFile.parse(path, content, formats, database, table, name);
        return new Known(content, schema, null);
    }

    private CatalogException absent(
            String database, String table, String version, Path yaml, Path avro) {
        boolean latest = suffix(version).isEmpty();
        String missing = "neither " + yaml + " nor " + avro.getFileName() + " is there";
        List<String> databases = names(directory, Files::isDirectory);
        String near =
                !databases.contains(database)
                        ? Suggestion.nearest(database, databases)
                                .map(name -> name + "." + table)
                                .orElse("")
                        : latest
                                ? Suggestion.nearest(table, tables(database))
                                        .map(name -> database + "." + name)
                                        .orElse("")
                                : "";
        return new CatalogException(
                latest ? Reason.ENTITY_NOT_FOUND : Reason.INVALID_VERSION_ID,
                List.of(
                        new SchemaProblem(
                                Cause.ABSENT,
                                "",
                                0,
                                latest ? "table" : "version",
                                missing + (near.isEmpty() ? "" : "; did you mean " + near + "?"))));
    }

    private List<String> tables(String database) {
        return names(directory.resolve(database), Files::isRegularFile).stream()
                .map(name -> name.replaceFirst("(@[0-9]*)?\\.(yaml|avsc)$", ""))
                .distinct()
                .toList();
    }

    /** Of what is in a directory; none when it cannot be looked at. */
    private static List<String> names(Path directory, Predicate<Path> wanted) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(wanted)
                    .map(entry -> entry.getFileName().toString())
                    .limit(1000)
                    .toList();
        } catch (IOException | UncheckedIOException notThere) {
            return List.of();
        }
    }

    private static void requireName(String what, String name) throws CatalogException {
        if (name == null || !NAME.matcher(name).matches()) {
            throw wrongName(
                    Reason.INVALID_INPUT,
                    what,
                    "a "
                            + what
                            + " name has letters, digits, _ and -, 1 to 255 of them, was "
                            + name);
        }
    }

    private static void requireVersion(String version) throws CatalogException {
        if (!suffix(version).isEmpty() && !NUMBER.matcher(version).matches()) {
            throw wrongName(
                    Reason.INVALID_VERSION_ID,
                    "version",
                    "a version is "
                            + LATEST
                            + " or a number, was "
                            + version
                            + Suggestion.ask(version, List.of(LATEST)));
        }
    }

    private static CatalogException wrongName(Reason reason, String path, String message) {
        return new CatalogException(
                reason, List.of(new SchemaProblem(Cause.NAME, "", 0, path, message)));
    }

    private static String suffix(String version) {
        return version == null || version.isEmpty() || version.equals(LATEST) ? "" : "@" + version;
    }
}
