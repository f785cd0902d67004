package io.delivery.benchmarks;

import java.util.List;

/** Starts one benchmark by its name: see the script {@code run} of this module. */
public final class Main {
    private static final int ROUNDS = 5;

    /** Where a round takes long. */
    private static final int FEWER_ROUNDS = 3;

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments.length > 0 ? arguments[0] : "";
        int rounds = Integer.getInteger("rounds", ROUNDS);
        switch (name) {
            case "accept" -> AcceptBenchmark.run(rounds);
            case "busy" -> BusyBenchmark.run(Integer.getInteger("rounds", FEWER_ROUNDS));
            case "catchup" -> CatchUpBenchmark.run();
            case "codecs" -> CodecsBenchmark.run(rounds);
            case "encryption" ->
                    EncryptionBenchmark.run(Integer.getInteger("rounds", FEWER_ROUNDS));
            case "functions" -> FunctionsBenchmark.run(Integer.getInteger("rounds", FEWER_ROUNDS));
            case "functions-neighbour" -> {
                if (!FunctionsNeighbourBenchmark.run(Integer.getInteger("rounds", FEWER_ROUNDS))) {
                    System.exit(1);
                }
            }
            case "http" -> HttpBenchmark.run(rounds);
            case "kafka" -> KafkaBenchmark.run(Integer.getInteger("rounds", FEWER_ROUNDS));
            case "usual-server" -> UsualServer.serve(arguments[1]);
            case "jq" -> goals(JqBenchmark.run(rounds));
            case "journal" -> JournalBenchmark.run(rounds);
            case "lake" -> goals(LakeBenchmark.run(Integer.getInteger("rounds", FEWER_ROUNDS)));
            case "neighbour" -> NeighbourBenchmark.run(rounds);
            case "objects" -> ObjectsBenchmark.run(rounds);
            case "orc" -> goals(OrcBenchmark.run(rounds));
            case "outage" -> OutageBenchmark.run(rounds);
            case "parquet" -> goals(ParquetBenchmark.run(rounds));
            case "put" -> goals(PutBenchmark.run(rounds));
            case "recovery" -> RecoveryBenchmark.run(rounds);
            case "s3" -> goals(S3Benchmark.run(Integer.getInteger("rounds", FEWER_ROUNDS)));
            case "size" -> SizeBenchmark.run();
            case "staging" -> StagingBenchmark.run(rounds);
            case "start" -> StartBenchmark.run(rounds);
            case "streams" -> StreamsBenchmark.run();
            case "steps" -> StepsBenchmark.run(rounds);
            case "partitions" -> goals(PartitionsBenchmark.run(rounds));
            case "uploads" -> UploadsBenchmark.run(rounds);
            case "wide" -> WideBenchmark.run(List.of(arguments).subList(1, arguments.length));
            case "zipf" -> ZipfBenchmark.run();
            case "hints" -> HintsBenchmark.run();
            case "memory" -> MemoryBenchmark.run();
            case "soak" -> {
                if (!SoakBenchmark.run()) {
                    System.exit(1);
                }
            }
            default -> {
                System.err.println(
                        "which one? accept, busy, catchup, codecs, encryption, functions, functions-neighbour,"
                                + " hints, http, journal, jq, kafka, lake, memory, neighbour, objects, orc, outage,"
                                + " parquet, partitions, put, recovery, s3, size, soak, staging, start, steps,"
                                + " streams, uploads, wide or zipf");
                System.exit(2);
            }
        }
        System.exit(0);
    }

    /** Last, one line for each. */
    private static void goals(List<GoalRow> rows) {
        rows.forEach(row -> System.out.println(row.line()));
    }
}
