package io.delivery.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** A daemon that is looked into from time to time, through the JVM's own JMX connector. */
final class SoakedDaemon {
    /** A lane's state may have a tail of so many bytes before it is written anew: design §5.6. */
    private static final long STATE_BYTES = 8L << 20;

    /** A segment and a spare, of the largest kind. Which kind it is follows the rate. */
    private static final long JOURNAL_BYTES = 2 * 64L << 20;

    private final String name;
    private final Daemon daemon;
    private final int port;
    private final List<SoakSample> samples = new ArrayList<>();
    private JMXConnector connector;
    private MBeanServerConnection beans;
    private int age;
    private long cpuNanosOfEarlierLives;
    private int lives;

    SoakedDaemon(String name, Path folder, String configuration) throws IOException {
        this.name = name;
        this.port = Daemon.freePort();
        this.daemon =
                new Daemon(
                        folder,
                        configuration,
                        System.getProperty("heap", "512m"),
                        List.of(
                                "-Dcom.sun.management.jmxremote.port=" + port,
                                "-Dcom.sun.management.jmxremote.rmi.port=" + port,
                                "-Dcom.sun.management.jmxremote.host=127.0.0.1",
                                "-Djava.rmi.server.hostname=127.0.0.1",
                                "-Dcom.sun.management.jmxremote.authenticate=false",
                                "-Dcom.sun.management.jmxremote.ssl=false"));
    }

    String name() {
        return name;
    }

    Daemon daemon() {
        return daemon;
    }

    List<SoakSample> samples() {
        return samples;
    }

    int lives() {
        return lives;
    }

    @SuppressWarnings("BanJNDI") // a process of our own, on loopback
    void start() throws IOException, InterruptedException {
        daemon.start();
        connector =
                JMXConnectorFactory.connect(
                        new JMXServiceURL(
                                "service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi"));
        beans = connector.getMBeanServerConnection();
        age = 0;
        lives++;
    }

    void stop() throws IOException, InterruptedException {
        part();
        daemon.stop();
    }

    void kill() throws IOException, InterruptedException {
        part();
        daemon.kill();
    }

    private void part() throws IOException {
        if (connector != null) {
            cpuNanosOfEarlierLives = cpuNanos();
            connector.close();
            connector = null;
        }
    }

    /** CPU time of all its lives up to now. */
    long cpuNanos() throws IOException {
        return cpuNanosOfEarlierLives
                + (connector == null
                        ? 0
                        : bean("OperatingSystem", UnixOperatingSystemMXBean.class)
                                .getProcessCpuTime());
    }

    private <T> T bean(String type, Class<T> kind) throws IOException {
        return ManagementFactory.newPlatformMXBeanProxy(beans, "java.lang:type=" + type, kind);
    }

    /** Everything must have landed, and nobody may send. */
    SoakSample sample(double hours) throws IOException {
        MemoryMXBean memory = bean("Memory", MemoryMXBean.class);
        memory.gc();
        SoakSample sample =
                new SoakSample(
                        hours,
                        age++,
                        memory.getHeapMemoryUsage().getUsed(),
                        direct(),
                        bean("OperatingSystem", UnixOperatingSystemMXBean.class)
                                .getOpenFileDescriptorCount(),
                        threads(),
                        diskBytes());
        samples.add(sample);
        return sample;
    }

    private long direct() throws IOException {
        return ManagementFactory.newPlatformMXBeanProxy(
                        beans, "java.nio:type=BufferPool,name=direct", BufferPoolMXBean.class)
                .getMemoryUsed();
    }

    private int threads() throws IOException {
        ThreadMXBean threads = bean("Threading", ThreadMXBean.class);
        int count = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null
                    && !thread.getThreadName().startsWith("RMI ")
                    && !thread.getThreadName().startsWith("JMX ")) {
                count++;
            }
        }
        return count;
    }

    /**
     * A state and a journal count as large as they may become, so that their saw teeth are not
     * taken for growth.
     */
    private long diskBytes() throws IOException {
        Map<Path, Long> journals = new HashMap<>();
        long sum = 0;
        try (Stream<Path> all = Files.walk(daemon.folder().resolve("data"))) {
            for (Path path : (Iterable<Path>) all::iterator) {
                long size = size(path);
                if (path.getParent().endsWith("journal")) {
                    journals.merge(path.getParent(), size, Long::sum);
                } else if (path.getFileName().toString().startsWith("state")) {
                    sum += Math.max(size, STATE_BYTES);
                } else {
                    sum += size;
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (long bytes : journals.values()) {
            sum += Math.max(bytes, JOURNAL_BYTES);
        }
        return sum;
    }

    /** 0 for a folder, and for what has been deleted meanwhile. */
    private static long size(Path path) throws IOException {
        try {
            return Files.isRegularFile(path) ? Files.size(path) : 0;
        } catch (NoSuchFileException forgotten) {
            return 0;
        }
    }

    /** Lands everything. */
    void flush() throws IOException, InterruptedException {
        for (JsonNode stream : daemon.streams()) {
            daemon.flush(stream.path("name").asText());
        }
    }
}
