package io.delivery.compatibility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The sources of all tests: whether one that a table points to is there, and of what it speaks. */
final class TestSources {
    /** Tests whose cases stand in a file beside them. */
    private static final Map<String, String> DATA = Map.of("CapturedTextsTest", "captured.yaml");

    private final Map<String, String> textByClass = new HashMap<>();

    private TestSources() {}

    static TestSources read() {
        TestSources sources = new TestSources();
        try (Stream<Path> files = Files.walk(Path.of(".."))) {
            List<Path> tests =
                    files.filter(file -> file.toString().contains("/src/test/java/"))
                            .filter(file -> file.toString().endsWith(".java"))
                            .toList();
            for (Path test : tests) {
                String name = test.getFileName().toString().replaceFirst("\\.java$", "");
                sources.textByClass.put(name, Files.readString(test));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return sources;
    }

    /**
     * Whether a test is there.
     *
     * @param test {@code Class} or {@code Class.method}
     */
    boolean have(String test) {
        String[] parts = test.split("\\.");
        String text = textByClass.getOrDefault(parts[0], "");
        return !text.isEmpty() && (parts.length == 1 || text.contains("void " + parts[1] + "("));
    }

    /**
     * Whether a test is about a member: it is one method, which a person has chosen, or a class
     * that has the member's name, as the API, as YAML or as a method of an SDK writes it.
     */
    boolean areAbout(String test, String member) {
        if (test.contains(".")) {
            return have(test);
        }
        String text = textByClass.getOrDefault(test, "");
        String data = DATA.containsKey(test) ? MemberTable.yaml(DATA.get(test)).toString() : "";
        return folded(text + data).contains(folded(member));
    }

    private static String folded(String text) {
        return text.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }
}
