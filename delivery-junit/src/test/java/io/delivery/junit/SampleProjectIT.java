package io.delivery.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delivery.junit.child.Child;
import io.delivery.testkit.servers.Conformance;
import io.delivery.testkit.servers.LocalStackServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Maven builds the project of config-examples/junit-sample and runs its tests, offline, as a
 * developer does who has installed the jars that were built here.
 */
class SampleProjectIT {
    private static final Path SAMPLE = Path.of("../config-examples/junit-sample");
    private static final String VERSION = "0.1.0-SNAPSHOT";
    private static final int MINUTES = 10;

    private static final Pattern SUITE =
            Pattern.compile("<testsuite [^>]*\\bname=\"([^\"]+)\"[^>]*>");
    private static final Pattern COUNT =
            Pattern.compile("\\b(tests|errors|skipped|failures)=\"(\\d+)\"");

    private static final Pattern JAVA = Pattern.compile("(?s)```java\n(class .*?)```");

    private static final String IMPORTS =
            """
            package com.example.orders;

            import io.delivery.junit.Delivery;
            import org.junit.jupiter.api.Test;
            import org.junit.jupiter.api.extension.RegisterExtension;
            import software.amazon.awssdk.auth.credentials.*;
            import software.amazon.awssdk.core.SdkBytes;
            import software.amazon.awssdk.regions.Region;
            import software.amazon.awssdk.services.firehose.FirehoseClient;

            """;

    @TempDir private Path folder;

    private Path project;
    private Path repository;

    @BeforeEach
    void install() throws Exception {
        project = folder.resolve("junit-sample");
        try (Stream<Path> files = Files.walk(SAMPLE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path inSample = SAMPLE.relativize(file);
                if (!inSample.startsWith("target")) {
                    Path to = project.resolve(inSample.toString());
                    Files.createDirectories(to.getParent());
                    Files.copy(file, to);
                }
            }
        }
        repository = folder.resolve("repository");
        installed("delivery", Path.of("../pom.xml"), Optional.empty());
        installed("delivery-junit", Path.of("pom.xml"), Optional.of(jarOf(Delivery.class)));
        installed(
                "delivery-junit-program",
                Path.of("program/pom.xml"),
                Optional.of(jarOf(Child.class)));
    }

    /** As `mvn install` lays it out. */
    private void installed(String artifact, Path pom, Optional<Path> jar) throws IOException {
        Path there =
                Files.createDirectories(
                        repository.resolve("io/delivery").resolve(artifact).resolve(VERSION));
        String name = artifact + "-" + VERSION;
        Files.copy(pom, there.resolve(name + ".pom"));
        if (jar.isPresent()) {
            Files.copy(jar.get(), there.resolve(name + ".jar"));
        }
    }

    private static Path jarOf(Class<?> type) throws Exception {
        Path jar = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        assertThat(jar).as("built by `package`").isRegularFile();
        return jar;
    }

    @Test
    void its_tests_and_the_one_on_the_page_pass_and_what_needs_a_LocalStack_is_skipped_without_one()
            throws Exception {
        String page = Files.readString(Path.of("../docs/testing-applications.md"));
        Matcher block = JAVA.matcher(page);
        assertThat(block.find()).isTrue();
        Files.writeString(
                project.resolve("src/test/java/com/example/orders/OrdersTest.java"),
                IMPORTS + block.group(1));

        assertThat(suites(Map.of(), "*"))
                .containsEntry("com.example.orders.OrdersTest", "1 run, 0 failed, 0 skipped")
                .containsEntry("com.example.orders.OrderEventsTest", "2 run, 0 failed, 0 skipped")
                .containsEntry("com.example.orders.OrderTableTest", "1 run, 0 failed, 0 skipped")
                .containsEntry(
                        "com.example.orders.OrdersBesideLocalStackTest",
                        "1 run, 0 failed, 1 skipped");
    }

    @Test
    void its_orders_land_in_a_LocalStack_that_is_a_real_process() throws Exception {
        Conformance.assumeWanted();
        assumeTrue(
                LocalStackServer.missing().isEmpty(),
                () -> "LocalStack: " + LocalStackServer.missing().orElse(""));
        try (LocalStackServer server = LocalStackServer.start()) {
            Map<String, String> suites =
                    suites(
                            Map.of("LOCALSTACK_ENDPOINT", server.endpoint().toString()),
                            "OrdersBesideLocalStackTest");

            assertThat(suites)
                    .containsEntry(
                            "com.example.orders.OrdersBesideLocalStackTest",
                            "1 run, 0 failed, 0 skipped");
        }
    }

    @Test
    void a_test_that_fails_tells_what_landed_instead() throws Exception {
        Path test = project.resolve("src/test/java/com/example/orders/OrderEventsTest.java");
        String correct = Files.readString(test);
        String wrong = correct.replace("\\\"amount\\\":\\\"3\\\"}", "\\\"amount\\\":3}");
        assertThat(wrong).isNotEqualTo(correct);
        Files.writeString(test, wrong);

        assertThat(run(Map.of(), "OrderEventsTest", 1))
                .contains(
                        "lines of orders",
                        "Of 2 records that were put into orders, 2 are in the destination",
                        "{\"id\":2,\"amount\":\"3\"}",
                        "expected: <[");
    }

    /** What became of each class of tests. */
    private Map<String, String> suites(Map<String, String> environment, String tests)
            throws Exception {
        run(environment, tests, 0);
        Map<String, String> suites = new TreeMap<>();
        try (Stream<Path> reports = Files.list(project.resolve("target/surefire-reports"))) {
            for (Path report : reports.filter(r -> r.toString().endsWith(".xml")).toList()) {
                MatchResult suite =
                        SUITE.matcher(Files.readString(report)).results().findFirst().orElseThrow();
                Map<String, Integer> counts = new HashMap<>();
                COUNT.matcher(suite.group())
                        .results()
                        .forEach(c -> counts.put(c.group(1), Integer.parseInt(c.group(2))));
                suites.put(
                        suite.group(1),
                        "%d run, %d failed, %d skipped"
                                .formatted(
                                        counts.get("tests"),
                                        counts.get("failures") + counts.get("errors"),
                                        counts.get("skipped")));
            }
        }
        return suites;
    }

    /**
     * @param tests which classes
     * @return all that Maven said
     */
    private String run(Map<String, String> environment, String tests, int exitCode)
            throws Exception {
        String home = System.getProperty("maven.home");
        assumeTrue(home != null, "Maven tells its tests where it is; nobody else does");
        boolean windows = File.separatorChar == '\\';
        Path output = folder.resolve("maven.log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(home, "bin", windows ? "mvn.cmd" : "mvn").toString());
        command.addAll(
                List.of(
                        "-B",
                        "-o",
                        "-Dmaven.repo.local=" + repository,
                        // What Maven has already, behind what is installed here.
                        "-Dmaven.repo.local.tail=" + System.getProperty("maven.repo.local"),
                        "-Dtest=" + tests,
                        "test"));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(project.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("MAVEN_"));
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment().remove("LOCALSTACK_ENDPOINT");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process maven = builder.start();
        try {
            assertThat(maven.waitFor(MINUTES, TimeUnit.MINUTES))
                    .as("Maven ends within %d minutes", MINUTES)
                    .isTrue();
        } finally {
            maven.descendants().forEach(ProcessHandle::destroyForcibly);
            maven.destroyForcibly();
        }
        String said = Files.readString(output);
        assertThat(maven.exitValue()).as(said).isEqualTo(exitCode);
        return said;
    }
}
