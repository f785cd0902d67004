package io.delivery.parquet;

import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.testkit.servers.Tools;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Arrow's C++ readers of Parquet and ORC, which pyarrow has. */
public final class ArrowReader {
    private static final String PYTHON = "pyarrow/bin/python";

    private ArrowReader() {}

    /** The Python that has pyarrow; a test ends here that does not find it. */
    public static String python() {
        Tools.missing("pyarrow", PYTHON).ifPresent(reason -> abort(reason));
        return Tools.executable(PYTHON).toString();
    }

    /**
     * All rows of all files, whose names end with the format's name. {@link ForeignRow} understands
     * the values.
     *
     * @param scratch a directory that may be written to
     */
    public static List<List<?>> rows(Path scratch, List<Path> files) throws Exception {
        List<String> command = new ArrayList<>(List.of(python()));
        Path script = scratch.resolve("rows.py");
        try (InputStream source = ArrowReader.class.getResourceAsStream("/arrow/rows.py")) {
            Files.write(script, source.readAllBytes());
        }
        command.add(script.toString());
        files.forEach(file -> command.add(file.toString()));
        List<List<?>> rows = new ArrayList<>();
        for (String line : ProgramOutput.lines(scratch, command)) {
            rows.add(new ObjectMapper().readValue(line, List.class));
        }
        return rows;
    }
}
