package io.delivery.compatibility;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.compatibility.ApiModel.Member;
import io.delivery.compatibility.ApiModel.Step;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What this server does with each member of the API: {@code members.yaml}, whose head says how it
 * is read.
 */
final class MemberTable {
    private static final String FILE = "members.yaml";

    /** What becomes of a member. */
    enum Kind {
        SUPPORTED("supported"),
        KEPT("kept and echoed"),
        REFUSED("refused"),
        DIFFERS("differs"),
        /** Of outputs only: no answer has it. */
        ABSENT("differs");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        /** Whether the row speaks for everything below its member as well. */
        boolean coversBelow() {
            return this == REFUSED || this == ABSENT;
        }

        private String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A row.
     *
     * @param key structure and member, {@code BufferingHints.SizeInMBs}; behind {@code =} one word
     *     of it
     * @param text what a reader is told: the message of what is refused, how it differs, or a note
     * @param test simple name of the class that proves it; {@code Class.method} where the class
     *     does not speak of the member by its name
     */
    record Row(String key, Kind kind, String text, Optional<String> test) {
        /** The name of the member. */
        String member() {
            return key.replaceFirst("=.*", "").replaceFirst(".*\\.", "");
        }

        /** The word of an enumeration that it is about; empty: any value. */
        Optional<String> word() {
            int at = key.indexOf('=');
            return at < 0 ? Optional.empty() : Optional.of(key.substring(at + 1));
        }
    }

    private final Map<String, Row> rows = new LinkedHashMap<>();

    private MemberTable(JsonNode document) {
        document.properties()
                .forEach(
                        group -> {
                            for (String structure : group.getKey().trim().split("[ ,]+")) {
                                group.getValue()
                                        .properties()
                                        .forEach(member -> add(structure, member));
                            }
                        });
    }

    private void add(String structure, Map.Entry<String, JsonNode> member) {
        Row row = row(structure + "." + member.getKey(), member.getValue());
        if (rows.put(row.key(), row) != null) {
            throw new IllegalArgumentException(row.key() + " is there twice");
        }
    }

    private static Row row(String key, JsonNode what) {
        for (Kind kind : Kind.values()) {
            JsonNode value = what.get(kind.key());
            if (value == null) {
                continue;
            }
            Optional<String> test =
                    kind == Kind.SUPPORTED
                            ? Optional.of(value.asText())
                            : Optional.ofNullable(what.get("test")).map(JsonNode::asText);
            String text = kind == Kind.SUPPORTED ? what.path("note").asText("") : value.asText();
            return new Row(key, kind, text, test);
        }
        throw new IllegalArgumentException(key + " is of no kind: " + what);
    }

    static MemberTable read() {
        return new MemberTable(yaml(FILE));
    }

    /** A file beside this class. */
    static JsonNode yaml(String file) {
        try (InputStream in = MemberTable.class.getResourceAsStream(file)) {
            Load load = new Load(LoadSettings.builder().setLabel(file).build());
            return new ObjectMapper().valueToTree(load.loadFromInputStream(in));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static JsonNode yamlText(String text) {
        return new ObjectMapper()
                .valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text));
    }

    Collection<Row> rows() {
        return rows.values();
    }

    /** The row of a member: that of the outermost structure which speaks of it. */
    Optional<Row> of(Member member) {
        List<Step> steps = member.steps();
        for (int from = 0; from < steps.size(); from++) {
            String structure = steps.get(from).structure();
            String path = String.join(".", member.names().subList(from, steps.size()));
            Row row = rows.get(structure + "." + path);
            if (row != null) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    /** The row of one word that a member may be. */
    Optional<Row> of(Member member, String word) {
        return of(member).flatMap(row -> Optional.ofNullable(rows.get(row.key() + "=" + word)));
    }

    /** Whether nobody asks for what is below a member. */
    boolean isEnd(Member member) {
        return of(member).filter(row -> row.kind().coversBelow()).isPresent();
    }
}
