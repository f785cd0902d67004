package io.delivery.loading;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.wiring.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people read at the top of the repository and in docs/ is true where it can be asked. */
class DocumentsTest {
    private static final Path TOP = Path.of("..");
    private static final Pattern YAML = Pattern.compile("(?s)```yaml\n(.*?)```");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    /** A folder that is in the distribution, from the top of the repository. */
    private static final Pattern FOLDER =
            Pattern.compile("<directory>\\$\\{project.basedir}/\\.\\./([^<]+)</directory>");

    private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`]*`");

    @Test
    void the_configuration_in_the_readme_is_accepted(@TempDir Path folder) throws Exception {
        List<String> snippets =
                YAML.matcher(Files.readString(TOP.resolve("README.md")))
                        .results()
                        .map(found -> found.group(1))
                        .toList();
        Path schemas = Files.createDirectories(folder.resolve("schemas/analytics"));
        Files.copy(
                TOP.resolve("config-examples/schemas/analytics/clicks.yaml"),
                schemas.resolve("clicks.yaml"));

        List<LoadedConfig> loaded = new ArrayList<>();
        for (String snippet : snippets) {
            Path file = Files.writeString(folder.resolve("readme.yaml"), snippet);
            loaded.add(loader().load(file));
        }

        assertThat(loaded)
                .isNotEmpty()
                .allSatisfy(config -> assertThat(config.streams()).isNotEmpty());
    }

    private static ConfigLoader loader() {
        Map<String, String> environment =
                Map.of("DELIVERY_SECRET", "secret", "S3_KEY", "access", "S3_SECRET", "secret");
        return new ConfigLoader(environment, Programs.OURS);
    }

    @Test
    void every_link_between_documents_leads_somewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            String text = CODE.matcher(Files.readString(document)).replaceAll("");
            for (MatchResult link : LINK.matcher(text).results().toList()) {
                String target = link.group(1).replaceFirst("#.*", "");
                if (!target.isEmpty()
                        && !target.matches("[a-z]+:.*")
                        && !Files.exists(document.resolveSibling(target))) {
                    broken.add(document + " -> " + target);
                }
            }
        }

        assertThat(broken).isEmpty();
    }

    @Test
    void the_distribution_has_every_page_that_its_pages_link() throws IOException {
        String assembly = Files.readString(Path.of("src/assembly/distribution.xml"));
        List<String> shipped =
                Stream.of("docs", "config-examples", "README.md", "CHANGELOG.md")
                        .filter(name -> !assembly.contains("/../" + name + "<"))
                        .filter(name -> !assembly.contains("<include>" + name + "</include>"))
                        .toList();
        assertThat(shipped).as("not in the distribution").isEmpty();

        List<Path> folders =
                FOLDER.matcher(assembly).results().map(found -> Path.of(found.group(1))).toList();

        List<String> absent = new ArrayList<>();
        for (Path document : documents()) {
            String text = CODE.matcher(Files.readString(document)).replaceAll("");
            for (MatchResult link : LINK.matcher(text).results().toList()) {
                String target = link.group(1).replaceFirst("#.*", "");
                Path file = TOP.relativize(document.resolveSibling(target).normalize());
                boolean there =
                        target.isEmpty()
                                || target.matches("[a-z]+:.*")
                                || folders.stream().anyMatch(file::startsWith)
                                || assembly.contains("<include>" + file + "</include>");
                if (!there) {
                    absent.add(document + " -> " + target);
                }
            }
        }

        assertThat(absent).isEmpty();
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (Path folder : List.of(TOP, TOP.resolve("docs"))) {
            int depth = folder.equals(TOP) ? 1 : 5;
            try (Stream<Path> files = Files.walk(folder, depth)) {
                files.filter(f -> f.toString().endsWith(".md")).forEach(documents::add);
            }
        }
        assertThat(documents).hasSizeGreaterThan(10);
        return documents;
    }
}
