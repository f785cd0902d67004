package io.delivery.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whoever cleans up after every exception and throws it on cleans up after errors as well: a class
 * that is missing, memory that is not there.
 */
class ClosedWhateverIsThrownTest {
    private static final List<String> MODULES =
            List.of(
                    "core",
                    "transform",
                    "sinks",
                    "daemon",
                    "proof",
                    "testkit",
                    "junit",
                    "junit/program");

    /** What is caught, its name, and what is done before it is thrown on. */
    private static final Pattern THROWN_ON =
            Pattern.compile(
                    "catch \\(([\\w.| \n]+?)\\s+(\\w+)\\) \\{((?:[^{}]|\\{[^{}]*})*?)\\bthrow \\2;");

    private static boolean leavesErrorsOut(String caught) {
        List<String> kinds = Arrays.asList(caught.trim().split("\\s*\\|\\s*"));
        return kinds.contains("RuntimeException") && !kinds.contains("Error");
    }

    private static List<String> wrongIn(String source) {
        List<String> wrong = new ArrayList<>();
        Matcher caught = THROWN_ON.matcher(source);
        while (caught.find()) {
            if (leavesErrorsOut(caught.group(1)) && !caught.group(3).isBlank()) {
                wrong.add(caught.group(3).trim());
            }
        }
        return wrong;
    }

    @Test
    void no_cleanup_leaves_errors_out() throws IOException {
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (Path file : sources()) {
            seen++;
            wrongIn(Files.readString(file)).forEach(w -> wrong.add(file.getFileName() + ": " + w));
        }

        assertThat(seen).isGreaterThan(500);
        assertThat(wrong).isEmpty();
    }

    @Test
    void a_cleanup_that_leaves_errors_out_is_found_and_no_other_one() {
        String without =
                "try { open(); } catch (IOException | RuntimeException failed) { close(); throw failed; }";

        assertThat(wrongIn(without)).containsExactly("close();");
        assertThat(wrongIn(without.replace("failed)", "| Error failed)"))).isEmpty();
        assertThat(wrongIn(without.replace("IOException | RuntimeException", "Throwable")))
                .isEmpty();
        assertThat(wrongIn(without.replace("close();", ""))).isEmpty();
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : MODULES) {
            Path root = Path.of("../delivery-" + module, "src/main/java");
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        return sources;
    }
}
