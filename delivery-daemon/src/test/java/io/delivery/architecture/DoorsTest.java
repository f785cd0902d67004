package io.delivery.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What stands at the door of each room and type, read from the sources: bytecode has no Javadoc.
 */
class DoorsTest {
    private static final Path TOP = Path.of("..");
    private static final Pattern PUBLIC_TYPE =
            Pattern.compile(
                    "^public (?:abstract |final |sealed |non-sealed )*"
                            + "(?:class|interface|record|enum|@interface) (\\w+)",
                    Pattern.MULTILINE);

    @Test
    void every_room_says_at_its_door_what_it_is_for() throws IOException {
        List<String> silent = new ArrayList<>();
        for (Path directory : sourceDirectories()) {
            Path door = directory.resolve("package-info.java");
            if (!Files.exists(door) || sentences(Files.readString(door)) < 2) {
                silent.add(directory.toString());
            }
        }

        assertThat(silent).as("packages without a package-info that says what they do").isEmpty();
    }

    private static long sentences(String door) {
        String comment = door.substring(0, Math.max(0, door.indexOf("package io.delivery")));
        return comment.contains("/**") ? comment.chars().filter(c -> c == '.').count() : 0;
    }

    @Test
    void every_public_type_of_the_core_says_what_it_is() throws IOException {
        List<String> silent = new ArrayList<>();
        for (Path source : sources(TOP.resolve("delivery-core/src/main/java"))) {
            String text = Files.readString(source);
            Matcher type = PUBLIC_TYPE.matcher(text);
            if (type.find() && !text.substring(0, type.start()).contains("/**")) {
                silent.add(type.group(1));
            }
        }

        assertThat(silent).as("public types without Javadoc").isEmpty();
    }

    /** An API has no such file; whoever knows how a stream was defined has the words for it. */
    @Test
    void no_message_of_the_core_speaks_of_the_configuration_file() throws IOException {
        Pattern words = Pattern.compile("\"[^\"\\n]*(\\.ya?ml|limits\\.|lowLatency)[^\"\\n]*\"");
        List<String> found = new ArrayList<>();
        for (Path source : sources(TOP.resolve("delivery-core/src/main/java"))) {
            Matcher text = words.matcher(Files.readString(source));
            while (text.find()) {
                found.add(name(source) + ": " + text.group());
            }
        }

        assertThat(found).isEmpty();
    }

    private static List<Path> sourceDirectories() throws IOException {
        List<Path> directories = new ArrayList<>();
        try (Stream<Path> modules = Files.list(TOP)) {
            for (Path module : modules.filter(m -> name(m).startsWith("delivery-")).toList()) {
                addDirectories(module, directories);
                try (Stream<Path> within = Files.list(module)) {
                    for (Path inner : within.filter(Files::isDirectory).toList()) {
                        addDirectories(inner, directories);
                    }
                }
            }
        }
        assertThat(directories).hasSizeGreaterThan(20);
        return directories;
    }

    private static void addDirectories(Path module, List<Path> directories) throws IOException {
        sources(module.resolve("src/main/java")).stream()
                .map(Path::getParent)
                .distinct()
                .forEach(directories::add);
    }

    private static List<Path> sources(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(f -> name(f).endsWith(".java")).toList();
        }
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }
}
