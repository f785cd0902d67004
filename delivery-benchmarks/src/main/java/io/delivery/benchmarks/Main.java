package io.delivery.benchmarks;

/** Starts one benchmark by its name: see the script {@code run} of this module. */
public final class Main {
    private static final int ROUNDS = 5;

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments.length > 0 ? arguments[0] : "";
        int rounds = Integer.getInteger("rounds", ROUNDS);
        switch (name) {
            case "journal" -> JournalBenchmark.run(rounds);
            case "partitions" -> PartitionsBenchmark.run(rounds);
            case "zipf" -> ZipfBenchmark.run();
            case "memory" -> MemoryBenchmark.run();
            default -> {
                System.err.println("which one? journal, memory, partitions or zipf");
                System.exit(2);
            }
        }
        System.exit(0);
    }
}
