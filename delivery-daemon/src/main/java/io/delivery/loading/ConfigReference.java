package io.delivery.loading;

import java.util.LinkedHashSet;
import java.util.Set;

/** The reference of all settings, generated from their declarations. */
public final class ConfigReference {
    private ConfigReference() {}

    /** The whole page, in Markdown. */
    public static String markdown() {
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # Configuration reference

                Generated from the declarations of the settings; a test fails when this page differs.
                `./mvnw -pl delivery-daemon -am test -Dupdate.docs=true` writes it anew.

                - Relative paths are relative to the YAML file.
                - Sizes count in 1024: `KB`, `MB`, `GB`, and `KiB`, `MiB`, `GiB` for the same; `B` is a byte. Durations are
                  `500ms`, `30s`, `5m`, `1h`. A number without a unit is refused.
                - `${NAME}` is an environment variable and `${file:path}` the content of a file, in any single
                  value; `$${` is a literal `${`. Inside braces and brackets such a value needs quotes. The file is a
                  regular one of at most 64 KB. Messages show the reference, never what it stands for.
                - An unknown key is an error. Anchors and aliases work; merge keys do not.
                - `NAME` stands for a name of your choice.
                """);
        Set<Section> seen = new LinkedHashSet<>();
        collect(ConfigSections.ROOT, seen);
        seen.forEach(section -> append(section, page));
        return page.toString();
    }

    private static void collect(Section section, Set<Section> seen) {
        if (seen.add(section)) {
            section.fields().forEach(f -> f.type().sections().forEach(s -> collect(s, seen)));
        }
    }

    private static void append(Section section, StringBuilder page) {
        page.append("\n## ")
                .append(section.path().isEmpty() ? "The file" : "`" + section.path() + "`")
                .append("\n\n");
        if (!section.description().isEmpty()) {
            page.append(section.description()).append("\n\n");
        }
        page.append(
                "| setting | type | default | bounds | what it says | example | Firehose API |\n");
        page.append("|---|---|---|---|---|---|---|\n");
        for (Field<?> field : section.fields()) {
            page.append("| `")
                    .append(field.name())
                    .append("` | ")
                    .append(cell(field.type().words()))
                    .append(" | ")
                    .append(
                            field.defaultText().isEmpty()
                                    ? "**must be given**"
                                    : cell(field.defaultText()))
                    .append(" | ")
                    .append(cell(field.bounds()))
                    .append(" | ")
                    .append(cell(field.description()))
                    .append(" | ")
                    .append(field.example().isEmpty() ? "" : "`" + cell(field.example()) + "`")
                    .append(" | ")
                    .append(cell(field.apiMember()))
                    .append(" |\n");
        }
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
