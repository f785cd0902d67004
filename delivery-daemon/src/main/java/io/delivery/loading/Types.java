package io.delivery.loading;

import io.delivery.config.ByteSize;
import io.delivery.config.Glob;
import io.delivery.config.ListenAddress;
import io.delivery.config.Secret;
import io.delivery.config.Suggestion;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The types of settings. */
final class Types {
    static final ValueType<String> TEXT = scalar("text", "a text", text -> text);
    static final ValueType<Secret> SECRET = scalar("secret", "a text", Secret::new);
    static final ValueType<Glob> PATTERN = scalar("pattern", "a name or pattern", Glob::new);
    static final ValueType<Duration> DURATION = scalar("duration", "a duration", Units::duration);
    static final ValueType<Boolean> FLAG = scalar("true, false", "true or false", Types::flag);
    static final ValueType<ListenAddress> ADDRESS =
            scalar("host:port", "an address such as 127.0.0.1:4573", Types::address);
    static final ValueType<ZoneId> TIMEZONE =
            scalar("time zone", "a time zone such as Europe/Berlin", Types::timezone);
    static final ValueType<URI> ENDPOINT =
            scalar("URL", "a URL such as http://minio:9000", Types::endpoint);
    static final ValueType<Path> PATH = new PathType("path", "a path", Exists.NO_MATTER);
    static final ValueType<Path> FILE = new PathType("file", "a file", Exists.FILE);

    /** One that may come later, as on a volume that is not mounted yet. */
    static final ValueType<Path> FOLDER = new PathType("folder", "a folder", Exists.NO_MATTER);

    /** Certificates and keys: a bundle of all authorities has 200 kB. */
    private static final long MAX_FILE_BYTES = 4 << 20;

    private Types() {}

    /** Turns a text into a value. */
    interface TextParser<T> {
        T parse(String text) throws InvalidSettingException;
    }

    /**
     * @param words for the reference
     * @param rule for "must be …"
     */
    static <T> ValueType<T> scalar(String words, String rule, TextParser<T> parser) {
        return new ValueType<>() {
            @Override
            public String words() {
                return words;
            }

            @Override
            public Optional<T> read(YamlValue value) {
                Optional<String> text = value.text(rule);
                if (text.isEmpty()) {
                    return Optional.empty();
                }
                try {
                    return Optional.of(parser.parse(text.get()));
                } catch (InvalidSettingException e) {
                    return value.problem(e.getMessage());
                }
            }
        };
    }

    /** Bytes between two bounds. */
    static ValueType<Long> size(String usualUnit, long min, long max) {
        return scalar(
                "size",
                "a size such as 64" + usualUnit,
                text -> {
                    long bytes = Units.size(text, usualUnit);
                    if (bytes < min || bytes > max) {
                        throw new InvalidSettingException(
                                (max == Long.MAX_VALUE
                                                ? "must be at least " + setting(min)
                                                : "must be between %s and %s"
                                                        .formatted(setting(min), setting(max)))
                                        + ", was "
                                        + text);
                    }
                    return bytes;
                });
    }

    private static String setting(long bytes) {
        return ByteSize.setting(bytes);
    }

    /** A size in whole MB, whose bounds are the model's business. */
    static final ValueType<Integer> MEGABYTES =
            scalar(
                    "size",
                    "a size such as 64MB",
                    text -> whole(text, Units.size(text, "MB"), 1L << 20, "MB"));

    /** A duration in whole seconds, whose bounds are the model's business. */
    static final ValueType<Integer> SECONDS =
            scalar(
                    "duration",
                    "a duration such as 300s",
                    text -> whole(text, Units.duration(text).toMillis(), 1000, "seconds"));

    /** The same, as a duration. */
    static final ValueType<Duration> WHOLE_SECONDS =
            scalar(
                    "duration",
                    "a duration such as 300s",
                    text ->
                            Duration.ofSeconds(
                                    whole(text, Units.duration(text).toMillis(), 1000, "seconds")));

    private static int whole(String text, long value, long unit, String units)
            throws InvalidSettingException {
        if (value % unit != 0) {
            throw new InvalidSettingException(
                    "must be a whole number of %s, was %s".formatted(units, text));
        }
        if (value / unit > Integer.MAX_VALUE) {
            throw new InvalidSettingException("is too large, was " + text);
        }
        return (int) (value / unit);
    }

    /** A whole number, whose bounds are the model's business. */
    static final ValueType<Integer> NUMBER =
            scalar(
                    "number",
                    "a whole number",
                    text -> {
                        if (!text.matches("-?\\d{1,9}")) {
                            throw new InvalidSettingException(
                                    "must be a whole number, was " + text);
                        }
                        return Integer.parseInt(text);
                    });

    /** A number with or without a fraction, whose bounds are the model's business. */
    static final ValueType<Double> FRACTION =
            scalar(
                    "number",
                    "a number such as 0.05",
                    text -> {
                        if (!text.matches("-?\\d{1,9}(\\.\\d{1,18})?")) {
                            throw new InvalidSettingException(
                                    "must be a number such as 0.05, was " + text);
                        }
                        return Double.parseDouble(text);
                    });

    /** As {@link #FRACTION} reads it: without an exponent, and the same number. */
    static String fraction(double value) {
        return new BigDecimal(String.valueOf(value)).toPlainString();
    }

    static final ValueType<Character> CHARACTER =
            scalar(
                    "character",
                    "a single character",
                    text -> {
                        if (text.length() != 1) {
                            throw new InvalidSettingException(
                                    "must be a single character, was " + text);
                        }
                        return text.charAt(0);
                    });

    /** The constants of an enum, written in camelCase. */
    static <E extends Enum<E>> ValueType<E> oneOf(Class<E> type) {
        Map<String, E> constants = new LinkedHashMap<>();
        Arrays.stream(type.getEnumConstants()).forEach(c -> constants.put(word(c), c));
        String words = String.join(", ", constants.keySet());
        return scalar(
                words,
                "one of " + words,
                text -> {
                    if (!constants.containsKey(text)) {
                        throw notOneOf(words, text, constants);
                    }
                    return constants.get(text);
                });
    }

    private static InvalidSettingException notOneOf(
            String words, String text, Map<String, ?> constants) {
        return new InvalidSettingException(
                "must be one of %s, was %s".formatted(words, text)
                        + Suggestion.ask(withoutVersion(text, constants), constants.keySet()));
    }

    /** AWS has versions in some words: {@code python3.12}, {@code provided.al2023}. */
    private static String withoutVersion(String text, Map<String, ?> constants) {
        String word = text.replaceFirst("[0-9.].*", "");
        return constants.containsKey(word) ? word : text;
    }

    /** A constant as a file says it: {@code WHEN_REQUIRED} is {@code whenRequired}. */
    static String word(Enum<?> constant) {
        String[] parts = constant.name().toLowerCase(Locale.ROOT).split("_");
        StringBuilder word = new StringBuilder(parts[0]);
        for (int i = 1; i < parts.length; i++) {
            word.append(parts[i].substring(0, 1).toUpperCase(Locale.ROOT))
                    .append(parts[i].substring(1));
        }
        return word.toString();
    }

    static <T> ValueType<List<T>> listOf(ValueType<T> type) {
        return new ValueType<>() {
            @Override
            public String words() {
                return "list of " + type.words() + "s";
            }

            @Override
            public Optional<List<T>> read(YamlValue value) {
                return value.items(type.words() + "s")
                        .map(
                                items -> {
                                    List<T> read = new ArrayList<>();
                                    items.forEach(item -> type.read(item).ifPresent(read::add));
                                    return read;
                                });
            }

            @Override
            public List<Section> sections() {
                return type.sections();
            }
        };
    }

    /** Values by names of the user's choice. */
    static <T> ValueType<Map<String, T>> byName(ValueType<T> type) {
        return new ValueType<>() {
            @Override
            public String words() {
                return type.words() + " by name";
            }

            @Override
            public Optional<Map<String, T>> read(YamlValue value) {
                return value.entries(words())
                        .map(
                                entries -> {
                                    Map<String, T> read = new LinkedHashMap<>();
                                    entries.forEach(
                                            (name, entry) ->
                                                    type.read(entry)
                                                            .ifPresent(v -> read.put(name, v)));
                                    return read;
                                });
            }
        };
    }

    /** Sections by name; each is told its name. */
    static <T> ValueType<List<T>> named(
            String what, Section section, Function<YamlValue, Optional<T>> reader) {
        return new ValueType<>() {
            @Override
            public String words() {
                return what + " by name";
            }

            @Override
            public Optional<List<T>> read(YamlValue value) {
                return value.entries(what + " by name")
                        .map(
                                entries -> {
                                    List<T> read = new ArrayList<>();
                                    entries.values()
                                            .forEach(e -> reader.apply(e).ifPresent(read::add));
                                    return read;
                                });
            }

            @Override
            public List<Section> sections() {
                return List.of(section);
            }
        };
    }

    static <T> ValueType<T> section(Section section, Function<SectionValues, T> reader) {
        return new ValueType<>() {
            @Override
            public String words() {
                return "section";
            }

            @Override
            public Optional<T> read(YamlValue value) {
                return value.section(section).map(reader);
            }

            @Override
            public List<Section> sections() {
                return List.of(section);
            }
        };
    }

    private static boolean flag(String text) throws InvalidSettingException {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> {
                String folded = text.toLowerCase(Locale.ROOT);
                String meant =
                        List.of("yes", "on", "true", "y", "1").contains(folded)
                                ? "; did you mean true?"
                                : List.of("no", "off", "false", "n", "0").contains(folded)
                                        ? "; did you mean false?"
                                        : "";
                throw new InvalidSettingException(
                        "must be true or false, was %s%s".formatted(text, meant));
            }
        };
    }

    private static ListenAddress address(String text) throws InvalidSettingException {
        return ListenAddress.parse(text)
                .orElseThrow(
                        () ->
                                new InvalidSettingException(
                                        "must be an address such as 127.0.0.1:4573, was "
                                                + text
                                                + (text.matches("\\d{1,5}")
                                                        ? "; did you mean 127.0.0.1:%s?"
                                                                .formatted(text)
                                                        : "")));
    }

    private static ZoneId timezone(String text) throws InvalidSettingException {
        // Names of regions only: offsets such as +02:00 have no name in CustomTimeZone.
        if (!ZoneId.getAvailableZoneIds().contains(text)) {
            throw new InvalidSettingException(
                    "must be a time zone such as Europe/Berlin or UTC, was "
                            + text
                            + Suggestion.ask(text, ZoneId.getAvailableZoneIds()));
        }
        return ZoneId.of(text);
    }

    private static URI endpoint(String text) throws InvalidSettingException {
        try {
            URI uri = new URI(text);
            if (uri.getRawUserInfo() != null) {
                throw new InvalidSettingException(
                        "must not contain a user or password; they belong under credentials");
            }
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (!http
                    || uri.getPort() > 65_535
                    || uri.getHost() == null
                    || uri.getQuery() != null
                    || uri.getFragment() != null) {
                throw new InvalidSettingException(
                        "must be a URL such as http://minio:9000, was "
                                + text
                                + (text.matches("[\\w.-]+(:\\d+)?")
                                        ? "; did you mean http://%s?".formatted(text)
                                        : ""));
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new InvalidSettingException("must be a URL such as http://minio:9000");
        }
    }

    private enum Exists {
        NO_MATTER,
        FILE
    }

    /** Relative to the file that says it. */
    private record PathType(String words, String rule, Exists exists) implements ValueType<Path> {
        @Override
        public Optional<Path> read(YamlValue value) {
            Optional<String> text = value.text(rule);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            if (text.get().isBlank()) {
                return value.problem("must be %s, was empty".formatted(rule));
            }
            try {
                Path path = value.reading().directory().resolve(text.get()).normalize();
                boolean there =
                        switch (exists) {
                            case NO_MATTER -> true;
                            case FILE -> Files.isReadable(path) && Files.isRegularFile(path);
                        };
                if (there
                        && exists == Exists.FILE
                        && !value.reading().isWatched(path)
                        && Files.size(path) > MAX_FILE_BYTES) {
                    return value.problem(
                            "must be %s of at most %s, was %s"
                                    .formatted(rule, ByteSize.setting(MAX_FILE_BYTES), text.get()));
                }
                boolean told = value.reading().isWatched(path);
                return there || told
                        ? Optional.of(path)
                        : value.problem(
                                "must be %s that can be read, was %s, which is not at %s"
                                        .formatted(rule, text.get(), path));
            } catch (InvalidPathException e) {
                return value.problem("must be %s: %s".formatted(rule, e.getReason()));
            } catch (IOException e) {
                return value.problem("must be %s that can be read: %s".formatted(rule, e));
            }
        }
    }
}
