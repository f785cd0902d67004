package io.delivery.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.delivery.format.JsonSerDe;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the two deserializers do differently, and what the readers of a table share: when the record
 * that is being read arrived, how many keys of records they remember, and what writes values as
 * text. Not thread-safe.
 */
final class Dialect {
    /** The timestamp format that stands for a number of milliseconds. */
    static final String MILLIS = "millis";

    /** Values of a neighbouring type are taken for what they mean (OpenX). */
    final boolean lenient;

    /** Keys of maps that are texts, and those of objects kept as text, are lower-cased. */
    final boolean lowersKeys;

    /** Timestamp formats to try before the fixed form; null stands for {@code millis}. */
    final List<JodaPattern> timestampPatterns;

    /** Of all structs that are read in this way. */
    final KeyRoom keyRoom = new KeyRoom();

    private final boolean matchesAnyCase;
    private final boolean dotsAreUnderscores;
    private final Map<String, String> keyOfColumn;
    private JsonText text;
    private long arrivalMillis;

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
        serde.timestampFormats().forEach(format -> timestampPatterns.add(pattern(format)));
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

    /**
     * The pattern of a timestamp format; null for {@code millis}.
     *
     * @throws IllegalArgumentException when it makes no sense
     */
    static JodaPattern pattern(String format) {
        return format.equalsIgnoreCase(MILLIS) ? null : new JodaPattern(format);
    }

    /**
     * What writes values as text, one after the other. All columns have the same one: it keeps room
     * for the next value, which would add up in a wide table.
     */
    JsonText text() {
        if (text == null) {
            text = new JsonText(this::kept);
        }
        return text;
    }

    void arrived(long millis) {
        arrivalMillis = millis;
    }

    /** The year in which the record arrived. */
    int yearOfArrival() {
        return Instant.ofEpochMilli(arrivalMillis).atOffset(ZoneOffset.UTC).getYear();
    }

    /**
     * Whether a map or a struct is null because of this value: OpenX takes a blank text for that
     * (org.openx.data.jsonserde.objectinspector.JsonObjectInspectorUtils, checkObject).
     */
    boolean isNull(JsonParser json, JsonToken token) throws IOException {
        return lenient && token == JsonToken.VALUE_STRING && json.getText().trim().isEmpty();
    }

    /** The key that fills a column, as the schema spells it. */
    String keyOf(String column) {
        return keyOfColumn.getOrDefault(lower(column), column);
    }

    /** Whether one key of a record may fill several columns, or several fields of a struct. */
    boolean sharesKeys() {
        return dotsAreUnderscores || !keyOfColumn.isEmpty();
    }

    /**
     * The form of a column's key in which it is equal to that of a record's key that is this close
     * to it; null when this dialect does not take keys that far apart for each other.
     */
    String formOfColumn(String key, Closeness closeness) {
        return switch (closeness) {
            case EXACT -> key;
            case CASE -> matchesAnyCase ? lower(key) : null;
            case DOTS -> dotsAreUnderscores ? key : null;
            case DOTS_AND_CASE -> dotsAreUnderscores && matchesAnyCase ? lower(key) : null;
        };
    }

    /** The same of a record's key: its dots become underscores, and never the other way round. */
    String formOfKey(String key, Closeness closeness) {
        boolean undotted = dotsAreUnderscores && key.indexOf('.') >= 0;
        return switch (closeness) {
            case EXACT -> key;
            case CASE -> matchesAnyCase ? lower(key) : null;
            case DOTS -> undotted ? undotted(key) : null;
            case DOTS_AND_CASE -> undotted && matchesAnyCase ? undotted(lower(key)) : null;
        };
    }

    String kept(String key) {
        return lowersKeys ? lower(key) : key;
    }

    private static String undotted(String key) {
        return key.replace('.', '_');
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
