package io.delivery.proof;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.testkit.orc.OrcContent;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.Temporal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Rows of ORC files, read by ORC's own reader, as lines of JSON for readers that know no ORC. */
final class OrcRows {
    private static final ObjectMapper JSON = new ObjectMapper();

    private OrcRows() {}

    /** Writes a line for each row of each file that ends in .orc, at any depth of the folder. */
    static void write(Path folder, Path lines) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(file -> file.toString().endsWith(".orc")).sorted().toList();
        }
        try (BufferedWriter out = Files.newBufferedWriter(lines)) {
            for (Path file : files) {
                try (OrcContent content = OrcContent.of(Files.readAllBytes(file))) {
                    List<String> names = content.columns();
                    for (List<Object> row : content.rows()) {
                        out.write(JSON.writeValueAsString(named(names, row)));
                        out.write('\n');
                    }
                }
            }
        }
    }

    private static Map<String, Object> named(List<String> names, List<Object> row) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            values.put(names.get(i), plain(row.get(i)));
        }
        return values;
    }

    /** Moments and days as their ISO texts; the rest JSON has. */
    private static Object plain(Object value) {
        return value instanceof Temporal ? value.toString() : value;
    }
}
