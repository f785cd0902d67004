package io.delivery.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * From the socket to the lake beside what others take for it: rows 1 to 5, 8, 10 to 12 and 14 of
 * the goals. Each part is the benchmark of that name in a JVM of its own with the heap that it has
 * as a single command, one part after the other; within a part both sides of a ratio run in turns.
 */
final class LakeBenchmark {
    /**
     * @param command of this module
     * @param heap of its JVM
     */
    private record Part(String command, String heap) {}

    private static final List<Part> PARTS =
            List.of(
                    new Part("parquet", "1g"),
                    new Part("orc", "1g"),
                    new Part("jq", "1g"),
                    new Part("put", "1g"),
                    new Part("s3", "2g"),
                    new Part("partitions", "512m"));

    private LakeBenchmark() {}

    /** Prints what each part prints, and a table of all rows; gives them back. */
    static List<GoalRow> run(int rounds) throws Exception {
        Statistics.line("%s; %d rounds", Usage.machine(), rounds);
        List<GoalRow> rows = new ArrayList<>();
        for (Part part : PARTS) {
            Statistics.line("");
            Statistics.line("--- %s ---", part.command());
            rows.addAll(run(part, rounds));
        }
        rows.sort(Comparator.comparingInt(GoalRow::number));
        report(rounds, rows);
        return rows;
    }

    private static List<GoalRow> run(Part part, int rounds)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-Xm"))
                .forEach(command::add);
        command.addAll(
                List.of(
                        "-Xmx" + part.heap(),
                        "-Drounds=" + rounds,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        part.command()));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<GoalRow> rows = new ArrayList<>();
        try (BufferedReader said =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                System.out.println(line);
                GoalRow.parse(line).ifPresent(rows::add);
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException(part.command() + " ended with " + process.exitValue());
        }
        return rows;
    }

    private static void report(int rounds, List<GoalRow> rows) throws IOException {
        Statistics.line("");
        Statistics.line("--- lake ---");
        Statistics.line("%s", Usage.machine());
        Statistics.line("");
        Statistics.line("| row | medians of %d rounds | ratio | must | aim | reached |", rounds);
        Statistics.line("|---|---|---|---|---|---|");
        for (GoalRow row : rows) {
            Statistics.line(
                    "| %d | %s | %.2f× | %s | %s | %s |",
                    row.number(),
                    row.name(),
                    row.ratio(),
                    row.must(),
                    row.aim(),
                    row.verdict().name().toLowerCase(Locale.ROOT));
        }
        Statistics.line("");
    }
}
