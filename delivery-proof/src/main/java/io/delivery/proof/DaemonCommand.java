package io.delivery.proof;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How the program is started.
 *
 * @param words everything before its own arguments
 * @param environment what is set beyond this process's environment
 */
public record DaemonCommand(List<String> words, Map<String, String> environment) {
    /** Starts fast; its speed under load is not what is asked. */
    private static final List<String> SMALL =
            List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

    public DaemonCommand {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
    }

    /** The Java, the class path and the permissions of this process. */
    public static DaemonCommand ofThisProcess(String mainClass) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(SMALL);
        for (String given : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (given.startsWith("--enable-native-access") || given.startsWith("--sun-misc")) {
                words.add(given);
            }
        }
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        return new DaemonCommand(words, Map.of());
    }

    /** With more options of the JVM; later ones win. */
    public DaemonCommand withJvmOptions(String... options) {
        List<String> more = new ArrayList<>(words);
        more.addAll(more.indexOf("-cp"), List.of(options));
        return new DaemonCommand(more, environment);
    }

    /** Started by another command, which takes the words of this one behind its own. */
    public DaemonCommand startedBy(String... others) {
        List<String> all = new ArrayList<>(List.of(others));
        all.addAll(words);
        return new DaemonCommand(all, environment);
    }

    /** With these variables beside those there are. */
    public DaemonCommand withEnvironment(Map<String, String> variables) {
        Map<String, String> all = new java.util.HashMap<>(environment);
        all.putAll(variables);
        return new DaemonCommand(words, all);
    }

    ProcessBuilder process(List<String> arguments) {
        List<String> command = new ArrayList<>(words);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder;
    }

    /** Without the environment: there may be secrets in it. */
    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
