package io.delivery.suggest;

import io.delivery.format.JsonSerDe;
import io.delivery.json.JsonRecordDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Suggests tables for records that a test writes down. */
final class Suggestions {
    static final JsonSerDe OPENX = JsonSerDe.OpenX.DEFAULTS;
    static final JsonSerDe HIVE = JsonSerDe.Hive.DEFAULTS;

    private Suggestions() {}

    static Sample sample(int line, String json) {
        return new Sample("line " + line, json.getBytes(StandardCharsets.UTF_8), 0);
    }

    static SampleObserver observed(JsonSerDe serde, List<String> records) {
        SampleObserver observer = new SampleObserver(JsonRecordDecoder::new, serde, 0);
        for (int i = 0; i < records.size(); i++) {
            observer.add(sample(i + 1, records.get(i)));
        }
        return observer;
    }

    static SuggestedTable table(JsonSerDe serde, SuggestOptions options, List<String> records) {
        Optional<SuggestedTable> table =
                SuggestedTable.of(observed(serde, records), options, "db", "t", List.of());
        return table.orElseThrow();
    }

    static SuggestedTable table(JsonSerDe serde, String... records) {
        return table(serde, SuggestOptions.DEFAULTS, List.of(records));
    }

    /** The types by column. */
    static Map<String, String> types(SuggestedTable table) {
        Map<String, String> types = new TreeMap<>();
        table.schema()
                .columns()
                .forEach(column -> types.put(column.name(), column.type().toString()));
        return types;
    }

    /** The type of column {@code c}, whose values are these. */
    static String typeOf(JsonSerDe serde, String... values) {
        return types(table(serde, records(values))).get("c");
    }

    static String[] records(String... values) {
        String[] records = new String[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = "{\"c\":" + values[i] + "}";
        }
        return records;
    }
}
