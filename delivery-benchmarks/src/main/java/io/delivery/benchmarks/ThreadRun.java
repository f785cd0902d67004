package io.delivery.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One run of a way to make a file on one thread, whose time counts.
 *
 * @param megabytesPerSecond of records, by the time of the thread
 */
record ThreadRun(double megabytesPerSecond, long fileBytes) {
    /** Makes a file. */
    interface Way {
        /** What is measured. */
        void write() throws Exception;

        /** Of the file that was written last, which may go now. */
        long fileBytes() throws Exception;
    }

    /**
     * Runs all ways in turns, and prints each run.
     *
     * @param recordBytes that each of them reads
     * @param warmups rounds that do not count
     */
    static Map<String, List<ThreadRun>> inTurns(
            Map<String, ? extends Way> ways, long recordBytes, int warmups, int rounds)
            throws Exception {
        int widest = ways.keySet().stream().mapToInt(String::length).max().orElse(1);
        Map<String, List<ThreadRun>> runs = new LinkedHashMap<>();
        for (int round = -warmups; round < rounds; round++) {
            for (Map.Entry<String, ? extends Way> way : ways.entrySet()) {
                ThreadRun run = of(way.getValue(), recordBytes);
                Statistics.line(
                        "  %s %-"
                                + widest
                                + "s %6.1f MB per thread-second, file %.2f MB; load average %.2f",
                        round < 0 ? "warm-up" : "round " + (round + 1),
                        way.getKey(),
                        run.megabytesPerSecond(),
                        Statistics.megabytes(run.fileBytes()),
                        Usage.loadAverage());
                if (round >= 0) {
                    runs.computeIfAbsent(way.getKey(), first -> new ArrayList<>()).add(run);
                }
            }
        }
        return runs;
    }

    private static ThreadRun of(Way way, long recordBytes) throws Exception {
        long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        way.write();
        long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun;
        return new ThreadRun(recordBytes * 1e3 / took, way.fileBytes());
    }

    static double speed(List<ThreadRun> runs) {
        return Statistics.median(runs, ThreadRun::megabytesPerSecond);
    }

    /** Prints a table of medians. */
    static void table(String head, Map<String, List<ThreadRun>> runs) {
        Statistics.line("");
        Statistics.line("| %s | MB per thread-second | file, MB |", head);
        Statistics.line("|---|---|---|");
        runs.forEach(
                (way, all) ->
                        Statistics.line(
                                "| %s | %.1f | %.2f |",
                                way, speed(all), Statistics.megabytes(all.get(0).fileBytes())));
    }
}
