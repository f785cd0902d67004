package io.delivery.imports;

import io.delivery.config.ConfigProblems;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.StreamDefinition;
import io.delivery.imports.Finding.Kind;
import io.delivery.imports.Holes.Hole;
import io.delivery.loading.ConfigText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The YAML of definitions, with what there is to say of them at its top. Not thread-safe. */
final class ImportText {
    private final Holes holes;
    private final List<StreamDefinition> streams;
    private final List<Finding> findings;
    private final Map<Hole, List<String>> used = Holes.uses();

    /**
     * @param findings in the order of the sources
     */
    ImportText(Holes holes, List<StreamDefinition> streams, List<Finding> findings) {
        this.holes = holes;
        this.streams = streams;
        this.findings = new ArrayList<>(findings);
    }

    /** With what the text itself needs, once it is there. */
    List<Finding> findings() {
        return findings;
    }

    /** Adds what a check will say of the streams whatever is filled in. */
    void tellProblems(DeliveryConfig config) {
        List<StreamDefinition> all = new ArrayList<>(streams);
        config.streams().stream()
                .filter(other -> streams.stream().noneMatch(s -> s.name().equals(other.name())))
                .forEach(all::add);
        ConfigProblems problems = new ConfigProblems();
        config.withStreams(all).validate(problems);
        for (ConfigProblems.Problem problem : problems.all()) {
            boolean ours =
                    streams.stream()
                            .anyMatch(s -> problem.path().startsWith("streams." + s.name() + "."));
            if (ours || problem.path().startsWith("limits")) {
                findings.add(new Finding(Kind.FILL_IN, problem.path(), problem.message()));
            }
        }
    }

    /**
     * Streams that a configuration is to get.
     *
     * @param made the first line of the comment
     */
    String streams(String made) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("streams", sections());
        tellHoles();
        return ConfigText.of(comment(made), root);
    }

    /**
     * A whole configuration.
     *
     * @param made the first line of the comment
     */
    String whole(String made, AwsNames names) {
        Map<String, Object> root = new LinkedHashMap<>();
        if (streams.stream().anyMatch(stream -> stream.encryption().isPresent())) {
            root.put("encryption", filled(Encryption.section(holes), "encryption"));
            findings.add(Encryption.keyIsMissing());
        }
        names.sections().forEach((name, section) -> root.put(name, filled(escaped(section), name)));
        root.put("streams", sections());
        findings.addAll(names.findings());
        tellHoles();
        return ConfigText.of(comment(made), root);
    }

    private Map<String, Object> sections() {
        Map<String, Object> sections = new LinkedHashMap<>();
        for (StreamDefinition stream : streams) {
            String path = "streams." + stream.name();
            sections.put(stream.name(), filled(ConfigText.settings(stream), path));
        }
        return sections;
    }

    private List<String> comment(String made) {
        List<String> comment = new ArrayList<>(List.of(made));
        findings.stream()
                .filter(Finding::needsALook)
                .forEach(finding -> comment.add("- " + finding));
        return comment;
    }

    private void tellHoles() {
        used.forEach(
                (hole, settings) -> {
                    String at = String.join(", ", settings.stream().distinct().toList());
                    String places = String.join(", ", hole.places().stream().distinct().toList());
                    findings.add(
                            new Finding(
                                    Kind.FILL_IN,
                                    at,
                                    "not known here: %s%s; write it in the place of ${%s}, or set that variable"
                                            .formatted(
                                                    hole.expression(),
                                                    places.isEmpty() ? "" : " (" + places + ")",
                                                    hole.variable())));
                });
    }

    /** The variables in the place of the stand-ins, in all texts. */
    private Object filled(Object value, String path) {
        if (value instanceof Map<?, ?> section) {
            Map<String, Object> filled = new LinkedHashMap<>();
            section.forEach(
                    (key, below) -> filled.put((String) key, filled(below, path + "." + key)));
            return filled;
        }
        if (value instanceof List<?> items) {
            List<Object> filled = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                filled.add(filled(items.get(i), "%s[%d]".formatted(path, i)));
            }
            return filled;
        }
        return holes.withVariables((String) value, used, path);
    }

    /** Texts that mean just themselves when they are read. */
    private static Object escaped(Object value) {
        if (value instanceof Map<?, ?> section) {
            Map<Object, Object> escaped = new LinkedHashMap<>();
            section.forEach((key, below) -> escaped.put(key, escaped(below)));
            return escaped;
        }
        if (value instanceof List<?> items) {
            return items.stream().map(ImportText::escaped).toList();
        }
        return ((String) value).replace("${", "$${");
    }
}
