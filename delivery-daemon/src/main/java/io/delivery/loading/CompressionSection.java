package io.delivery.loading;

import io.delivery.config.Compression;
import io.delivery.config.Compression.Codec;
import io.delivery.config.Suggestion;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How objects are compressed as a whole: a word, or {@code {gzip: {level: 9}}} for a codec that has
 * levels.
 */
final class CompressionSection implements ValueType<Compression> {
    private static final String WORDS =
            Arrays.stream(Codec.values()).map(Codec::word).collect(Collectors.joining(", "));
    private static final Map<Codec, Field<Integer>> LEVELS = levels();

    private final Map<Codec, Field<Compression>> codecs = new LinkedHashMap<>();
    private final Section section;

    /**
     * @param path of the setting, for the reference
     */
    CompressionSection(String path) {
        LEVELS.forEach((codec, level) -> codecs.put(codec, codec(path, codec, level)));
        section =
                Section.of(
                                path,
                                "`compression` as a section, for another level than the codec's"
                                        + " own; one of them.",
                                codecs.values().toArray(Field<?>[]::new))
                        .without(withoutLevels());
    }

    private static Map<Codec, Field<Integer>> levels() {
        Map<Codec, Field<Integer>> levels = new LinkedHashMap<>();
        Arrays.stream(Codec.values())
                .filter(Codec::hasLevels)
                .forEach(
                        codec ->
                                levels.put(
                                        codec,
                                        Field.of(
                                                        "level",
                                                        Types.NUMBER,
                                                        "How much work is done for small objects.")
                                                .byDefault(String.valueOf(codec.defaultLevel()))
                                                .bounded("1 to " + codec.mostLevel())
                                                .example("1")));
        return levels;
    }

    private static Map<String, String> withoutLevels() {
        return Arrays.stream(Codec.values())
                .filter(codec -> !codec.hasLevels())
                .collect(
                        Collectors.toMap(
                                Codec::word,
                                codec -> "it has no levels; write compression: " + codec.word()));
    }

    private static Field<Compression> codec(String path, Codec codec, Field<Integer> level) {
        return Field.of(
                        codec.word(),
                        Types.section(
                                Section.of(
                                        path + "." + codec.word(),
                                        "The level of %s.".formatted(codec.word()),
                                        level),
                                in ->
                                        new Compression(
                                                codec, in.get(level).orElse(codec.defaultLevel()))),
                        "Compressed with %s at this level.".formatted(codec.word()))
                .byDefault("one of " + wordsWithLevels());
    }

    private static String wordsWithLevels() {
        return LEVELS.keySet().stream().map(Codec::word).collect(Collectors.joining(", "));
    }

    @Override
    public String words() {
        return WORDS + ", section";
    }

    @Override
    public List<Section> sections() {
        return List.of(section);
    }

    @Override
    public Optional<Compression> read(YamlValue value) {
        return value.isScalar() || value.isEmpty()
                ? value.text("one of " + WORDS).flatMap(text -> word(text, value))
                : value.section(section).flatMap(in -> leveled(in, value));
    }

    private static Optional<Compression> word(String text, YamlValue value) {
        List<Codec> all = List.of(Codec.values());
        Optional<Codec> said = all.stream().filter(codec -> codec.word().equals(text)).findFirst();
        if (said.isEmpty()) {
            return value.problem(
                    "must be one of %s, was %s".formatted(WORDS, text)
                            + Suggestion.ask(text, all.stream().map(Codec::word).toList()));
        }
        return said.map(Compression::of);
    }

    private Optional<Compression> leveled(SectionValues in, YamlValue value) {
        List<Field<Compression>> given = codecs.values().stream().filter(in::has).toList();
        if (given.size() != 1) {
            String found =
                    given.isEmpty()
                            ? "none of them"
                            : given.stream().map(Field::name).collect(Collectors.joining(" and "));
            return value.problem(
                    "must have one of %s, and has %s".formatted(wordsWithLevels(), found));
        }
        return in.get(given.get(0));
    }
}
