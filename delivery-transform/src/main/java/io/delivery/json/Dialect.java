package io.delivery.json;

import io.delivery.format.JsonSerDe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the two deserializers do differently. */
final class Dialect {
    /** Values of a neighbouring type are taken for what they mean (OpenX). */
    final boolean lenient;

    /** Keys of maps, and of objects kept as text, are lower-cased. */
    final boolean lowersKeys;

    /** Timestamp formats to try before the fixed form; null stands for {@code millis}. */
    final List<JodaPattern> timestampPatterns;

    private final boolean matchesAnyCase;
    private final boolean dotsAreUnderscores;
    private final Map<String, String> keyOfColumn;

    private Dialect(JsonSerDe.OpenX serde) {
        lenient = true;
        lowersKeys = serde.caseInsensitive();
        matchesAnyCase = serde.caseInsensitive();
        dotsAreUnderscores = serde.convertDotsInJsonKeysToUnderscores();
        keyOfColumn = new HashMap<>();
        serde.columnToJsonKeyMappings()
                .forEach((column, key) -> keyOfColumn.put(lower(column), key));
        timestampPatterns = List.of();
    }

    private Dialect(JsonSerDe.Hive serde) {
        lenient = false;
        lowersKeys = false;
        matchesAnyCase = true;
        dotsAreUnderscores = false;
        keyOfColumn = Map.of();
        timestampPatterns = new ArrayList<>();
        for (String format : serde.timestampFormats()) {
            timestampPatterns.add(format.equals("millis") ? null : new JodaPattern(format));
        }
    }

    static Dialect of(JsonSerDe serde) {
        return serde.accept(
                new JsonSerDe.Visitor<>() {
                    @Override
                    public Dialect openX(JsonSerDe.OpenX openX) {
                        return new Dialect(openX);
                    }

                    @Override
                    public Dialect hive(JsonSerDe.Hive hive) {
                        return new Dialect(hive);
                    }
                });
    }

    /** The key that fills a column, in the form of {@link #matchable}. */
    String keyOf(String column) {
        String key = keyOfColumn.get(lower(column));
        return matchable(key == null ? column : key);
    }

    /** A key of a record, in the form in which keys are compared. */
    String matchable(String key) {
        String undotted = dotsAreUnderscores ? key.replace('.', '_') : key;
        return matchesAnyCase ? lower(undotted) : undotted;
    }

    String kept(String key) {
        return lowersKeys ? lower(key) : key;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
