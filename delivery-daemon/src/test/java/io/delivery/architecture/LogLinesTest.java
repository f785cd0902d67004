package io.delivery.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The form of the lines of the log, which their JSON form rests on. */
class LogLinesTest {
    private static final List<String> MODULES = List.of("core", "transform", "sinks", "daemon");

    /** A call that writes to the log, up to the end of its statement. */
    private static final Pattern CALL =
            Pattern.compile("\\b(?:log|LOG)\\s*\\.(?:error|warn|info|debug)\\(([^;]*)\\);");

    private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern PLACEHOLDER = Pattern.compile("(?:([A-Za-z0-9]+)=)?\\{}");

    /** Fields that every event has. */
    private static final Set<String> TAKEN =
            Set.of("timestamp", "level", "logger", "thread", "message", "stackTrace");

    @Test
    void every_value_of_a_line_has_a_name_and_none_that_every_event_has() throws IOException {
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (Path file : sources()) {
            Matcher call = CALL.matcher(Files.readString(file));
            while (call.find()) {
                seen++;
                String pattern = pattern(call.group(1));
                Matcher placeholder = PLACEHOLDER.matcher(pattern);
                while (placeholder.find()) {
                    String name = placeholder.group(1);
                    // The name of a lane brings its own two.
                    boolean lane = name == null && pattern.contains(": {}");
                    if (name == null && !lane || TAKEN.contains(String.valueOf(name))) {
                        wrong.add(file.getFileName() + ": " + pattern);
                    }
                }
            }
        }

        assertThat(seen).isGreaterThan(40);
        assertThat(wrong).isEmpty();
    }

    @Test
    void the_first_value_of_a_line_stands_behind_a_colon() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path file : sources()) {
            Matcher call = CALL.matcher(Files.readString(file));
            while (call.find()) {
                String pattern = pattern(call.group(1));
                Matcher placeholder = PLACEHOLDER.matcher(pattern);
                if (placeholder.find()
                        && !pattern.substring(0, placeholder.start()).endsWith(": ")) {
                    wrong.add(file.getFileName() + ": " + pattern);
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void a_line_begins_in_lower_case() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path file : sources()) {
            Matcher call = CALL.matcher(Files.readString(file));
            while (call.find()) {
                String pattern = pattern(call.group(1));
                boolean acronym = pattern.matches("[A-Z]{2}.*");
                if (!pattern.isEmpty() && Character.isUpperCase(pattern.charAt(0)) && !acronym) {
                    wrong.add(file.getFileName() + ": " + pattern);
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    /** The texts before the first value, put together. */
    private static String pattern(String arguments) {
        StringBuilder pattern = new StringBuilder();
        Matcher text = TEXT.matcher(arguments);
        int end = 0;
        while (text.find() && arguments.substring(end, text.start()).matches("[\\s+]*")) {
            pattern.append(text.group(1));
            end = text.end();
        }
        return pattern.toString();
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
