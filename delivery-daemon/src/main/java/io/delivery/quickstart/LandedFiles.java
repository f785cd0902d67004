package io.delivery.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.parquet.ParquetTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What has landed, read from the files and nothing else. */
public final class LandedFiles {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PARQUET = ".parquet";
    private static final String ERRORS = "errors/";

    private final Path root;

    public LandedFiles(Path root) {
        this.root = root;
    }

    /**
     * One object.
     *
     * @param key within its bucket
     * @param records rows of Parquet, lines of anything else
     */
    public record LakeObject(String bucket, String key, Path file, long bytes, long records) {
        boolean isParquet() {
            return key.endsWith(PARQUET);
        }

        boolean isError() {
            return key.startsWith(ERRORS);
        }

        /** The key without the object's own name. */
        String prefix() {
            return key.substring(0, key.lastIndexOf('/') + 1);
        }
    }

    /** All objects, by bucket and key. */
    public List<LakeObject> objects() throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(root)) {
            files = all.filter(this::isObject).sorted().toList();
        }
        List<LakeObject> objects = new ArrayList<>();
        for (Path file : files) {
            Path inLake = root.relativize(file);
            String bucket = inLake.getName(0).toString();
            String key = inLake.subpath(1, inLake.getNameCount()).toString().replace('\\', '/');
            objects.add(new LakeObject(bucket, key, file, Files.size(file), records(file)));
        }
        return objects;
    }

    /** The store keeps what is not visible yet in folders whose names begin with a dot. */
    private boolean isObject(Path file) {
        Path inLake = root.relativize(file);
        return inLake.getNameCount() > 1
                && !inLake.getName(0).toString().startsWith(".")
                && Files.isRegularFile(file);
    }

    private static long records(Path file) throws IOException {
        if (file.toString().endsWith(PARQUET)) {
            try (ParquetTable table = ParquetTable.open(file)) {
                return table.rowCount();
            }
        }
        try (BufferedReader lines = lines(file)) {
            return lines.lines().count();
        }
    }

    private static BufferedReader lines(Path file) throws IOException {
        var bytes = InputLines.open(file);
        return new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
    }

    /** Records in the lake by what they are there for. */
    public record Counts(long rows, long errors, long backup) {}

    public static Counts counts(List<LakeObject> objects) {
        long rows = 0;
        long errors = 0;
        long backup = 0;
        for (LakeObject object : objects) {
            if (object.bucket().equals(QuickstartFolder.BACKUP_BUCKET)) {
                backup += object.records();
            } else if (object.isError()) {
                errors += object.records();
            } else {
                rows += object.records();
            }
        }
        return new Counts(rows, errors, backup);
    }

    /** One line per prefix: how many objects, records and bytes are below it. */
    public static List<String> tree(List<LakeObject> objects) {
        Map<String, List<LakeObject>> byPrefix = new TreeMap<>();
        for (LakeObject object : objects) {
            byPrefix.computeIfAbsent(
                            object.bucket() + "/" + object.prefix(), p -> new ArrayList<>())
                    .add(object);
        }
        List<List<String>> lines = new ArrayList<>();
        byPrefix.forEach((prefix, below) -> lines.add(line(prefix, below)));
        return TextTable.of(lines);
    }

    private static List<String> line(String prefix, List<LakeObject> objects) {
        long records = objects.stream().mapToLong(LakeObject::records).sum();
        long bytes = objects.stream().mapToLong(LakeObject::bytes).sum();
        LakeObject one = objects.get(0);
        String unit = one.isParquet() ? "row" : "line";
        return List.of(
                prefix,
                counted(objects.size(), "object"),
                counted(records, unit),
                "%,.1f KB".formatted(bytes / 1024.0));
    }

    private static String counted(long count, String unit) {
        return "%,d %s%s".formatted(count, unit, count == 1 ? "" : "s");
    }

    /** The first rows of the largest Parquet object, with the names of the columns above. */
    public static List<String> firstRows(List<LakeObject> objects, int max, List<String> columns)
            throws IOException {
        LakeObject largest = null;
        for (LakeObject object : objects) {
            if (object.isParquet() && (largest == null || object.bytes() > largest.bytes())) {
                largest = object;
            }
        }
        if (largest == null) {
            return List.of();
        }
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns);
        try (ParquetTable table = ParquetTable.open(largest.file())) {
            lines.addAll(table.firstRows(max, columns));
        }
        List<String> text = new ArrayList<>();
        text.add(largest.bucket() + "/" + largest.key());
        text.addAll(TextTable.of(lines));
        return text;
    }

    /** A record in the error output. */
    public record ErrorRecord(String kind, String code, String message, String rawData) {}

    /** The first records of the error output. */
    public static List<ErrorRecord> errors(List<LakeObject> objects, int max) throws IOException {
        List<ErrorRecord> errors = new ArrayList<>();
        for (LakeObject object : objects) {
            if (!object.isError()) {
                continue;
            }
            try (BufferedReader lines = lines(object.file())) {
                String line;
                while (errors.size() < max && (line = lines.readLine()) != null) {
                    errors.add(error(object, JSON.readTree(line)));
                }
            }
        }
        return errors;
    }

    private static ErrorRecord error(LakeObject object, JsonNode line) {
        String kind = object.prefix().substring(ERRORS.length()).replace("/", "");
        boolean conversion = line.has("lastErrorCode");
        return new ErrorRecord(
                kind,
                line.path(conversion ? "lastErrorCode" : "errorCode").asText(),
                line.path(conversion ? "lastErrorMessage" : "errorMessage").asText(),
                new String(
                        Base64.getDecoder().decode(line.path("rawData").asText()),
                        StandardCharsets.UTF_8));
    }

    static String json(Map<String, String> members) {
        return JSON.valueToTree(members).toString();
    }
}
