package io.delivery.runtime;

import io.delivery.runtime.code.CodeListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Starts Java functions: on the JVM that this program runs on, with Amazon's runtime interface
 * client and the room {@code io.delivery.javafunction} in front of the handler. Both are files
 * within our jar, on no class path of ours, and written out for the processes.
 */
final class JavaLauncher implements Launcher {
    /** Beside them one process per event at a time would hold a JVM each. */
    private static final int MOST_SLOTS = 8;

    private static final String MAIN = "io.delivery.javafunction.JavaFunction";

    /** {@code package.Class} or {@code package.Class::method}. */
    private static final Pattern HANDLER =
            Pattern.compile("([\\p{L}_$][\\p{L}\\p{N}_$.]*)(?:::[\\p{L}_$][\\p{L}\\p{N}_$]*)?");

    private static final String CLASSES = "/io/delivery/javafunction/";

    /** All that the room has: written out, since a process must see nothing else of ours. */
    static final List<String> CLASS_FILES =
            List.of("JavaFunction", "Slot", "RuntimeApi", "FunctionClasses");

    private static final String JARS = "/io/delivery/runtime/java/";

    /** The build copies them there, without their versions. */
    private static final List<String> JAR_FILES =
            List.of(
                    "aws-lambda-java-runtime-interface-client.jar",
                    "aws-lambda-java-core.jar",
                    "aws-lambda-java-serialization.jar",
                    "utils-lite.jar",
                    "annotations.jar");

    private final Path java;
    private final int feature;

    JavaLauncher() {
        this(Path.of(System.getProperty("java.home"), "bin", "java"), Runtime.version().feature());
    }

    /**
     * @param java the executable of a JVM
     * @param feature its version, such as 17
     */
    JavaLauncher(Path java, int feature) {
        this.java = java;
        this.feature = feature;
    }

    @Override
    public List<FunctionProblem> problems(CodeListing code, Optional<String> handler) {
        List<FunctionProblem> problems = new ArrayList<>();
        if (!Files.isExecutable(java)) {
            problems.add(
                    FunctionProblem.ofRuntime(
                            java + " is not there: run delivery on a whole JDK or JRE"));
        }
        Matcher named = HANDLER.matcher(handler.orElse(""));
        if (!named.matches()) {
            problems.add(
                    FunctionProblem.ofHandler(
                            "the handler must be package.Class or package.Class::method, was "
                                    + handler.orElse("empty")));
            return problems;
        }
        String classFile = named.group(1).replace('.', '/') + ".class";
        boolean libraries = code.namesIn("lib").stream().anyMatch(name -> name.endsWith(".jar"));
        if (!code.has(classFile) && !libraries) {
            boolean stray = code.namesIn("").stream().anyMatch(name -> name.endsWith(".jar"));
            problems.add(
                    FunctionProblem.ofCode(
                            "the code has neither %s nor jars in lib/%s"
                                    .formatted(
                                            classFile,
                                            stray
                                                    ? "; its jars are beside lib/, where Lambda does not look either: name one as code: or move them into lib/"
                                                    : "")));
        }
        return problems;
    }

    @Override
    public int eventsAtATime(int concurrency) {
        return Math.min(concurrency, MOST_SLOTS);
    }

    @Override
    public Launch launch(Deployment deployment) throws IOException {
        int slots = eventsAtATime(deployment.concurrency());
        Path own = deployment.ownFiles().resolve("java");
        for (String name : CLASS_FILES) {
            OwnFiles.write(
                    CLASSES + name + ".class", own.resolve("classes" + CLASSES + name + ".class"));
        }
        for (String name : JAR_FILES) {
            OwnFiles.write(JARS + name, own.resolve("lib").resolve(name));
        }
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        // Each slot may use what an execution environment of Lambda would have.
        command.add("-Xmx" + deployment.memoryBytes() * slots);
        command.add("-XX:+UseSerialGC");
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-Xshare:auto");
        command.add("-Dfile.encoding=UTF-8");
        if (feature < 18) {
            command.add("-Dsun.stdout.encoding=UTF-8");
            command.add("-Dsun.stderr.encoding=UTF-8");
        } else {
            command.add("-Dstdout.encoding=UTF-8");
            command.add("-Dstderr.encoding=UTF-8");
        }
        if (feature >= 24) {
            // The client's serializer uses Unsafe, of which newer JVMs warn at each start.
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.add("-cp");
        command.add(own.resolve("classes").toString());
        command.add(MAIN);
        command.add(Integer.toString(slots));
        command.add(own.resolve("lib").toString());
        return new Launch(command, Map.of("AWS_EXECUTION_ENV", "AWS_Lambda_java" + feature));
    }
}
