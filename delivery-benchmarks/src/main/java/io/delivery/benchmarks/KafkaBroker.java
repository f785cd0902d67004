package io.delivery.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A Kafka broker with one partition as a process of its own, which calls fsync before it answers:
 * {@code flush.messages=1}, and Kafka's ProducerPerformance beside it.
 */
final class KafkaBroker implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration LOAD = Duration.ofMinutes(10);
    private static final String TOPIC = "records";

    private static final String PROPERTIES =
            """
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@127.0.0.1:%2$d
            listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
            advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
            controller.listener.names=CONTROLLER
            log.dirs=%3$s
            num.partitions=1
            offsets.topic.replication.factor=1
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            log.flush.interval.messages=1
            """;

    private final Path folder;
    private final String classPath;
    private final int port;
    private final Process process;

    private KafkaBroker(Path folder, String classPath, int port, Process process) {
        this.folder = folder;
        this.classPath = classPath;
        this.port = port;
        this.process = process;
    }

    /** Returns when it answers and its topic is there. */
    static KafkaBroker start(Path folder, String classPath)
            throws IOException, InterruptedException {
        int port = Daemon.freePort();
        Path properties = folder.resolve("server.properties");
        Files.writeString(
                properties, PROPERTIES.formatted(port, Daemon.freePort(), folder.resolve("logs")));
        finish(
                java(
                        folder,
                        classPath,
                        "kafka.tools.StorageTool",
                        "format",
                        "-t",
                        "AAAAAAAAAAAAAAAAAAAAAQ",
                        "-c",
                        properties.toString()),
                START,
                folder);
        KafkaBroker broker =
                new KafkaBroker(
                        folder,
                        classPath,
                        port,
                        java(folder, classPath, "kafka.Kafka", properties.toString()));
        broker.awaitPort();
        finish(
                java(
                        folder,
                        classPath,
                        "org.apache.kafka.tools.TopicCommand",
                        "--bootstrap-server",
                        broker.address(),
                        "--create",
                        "--topic",
                        TOPIC),
                START,
                folder);
        return broker;
    }

    private String address() {
        return "127.0.0.1:" + port;
    }

    long pid() {
        return process.pid();
    }

    /** Sends so many records with batches of 256 KiB, and returns when the broker has all. */
    void load(long records, int bytes) throws IOException, InterruptedException {
        finish(
                java(
                        folder,
                        classPath,
                        "org.apache.kafka.tools.ProducerPerformance",
                        "--topic",
                        TOPIC,
                        "--num-records",
                        Long.toString(records),
                        "--record-size",
                        Integer.toString(bytes),
                        "--throughput",
                        "-1",
                        "--producer-props",
                        "acks=all",
                        "batch.size=262144",
                        "linger.ms=5",
                        "bootstrap.servers=" + address()),
                LOAD,
                folder);
    }

    private void awaitPort() throws IOException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try (Socket ready = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                    process.destroyForcibly();
                    throw new IOException("Kafka did not start:\n" + Files.readString(log(folder)));
                }
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
    }

    private static Path log(Path folder) {
        return folder.resolve("kafka.log");
    }

    private static Process java(Path folder, String classPath, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xms1g", "-Xmx1g", "-cp", classPath));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(folder).toFile()))
                .start();
    }

    private static void finish(Process process, Duration patience, Path folder)
            throws IOException, InterruptedException {
        boolean ended = process.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
        if (!ended || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("Kafka failed:\n" + Files.readString(log(folder)));
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
