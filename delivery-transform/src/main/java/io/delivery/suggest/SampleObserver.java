package io.delivery.suggest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.DecoderOptions;
import io.delivery.format.HiveTypes;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RecordDecoder;
import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.jackson.BoundedParsers;
import io.delivery.record.Failure;
import io.delivery.record.RecordFailedException;
import io.delivery.suggest.ObservedValue.ObservedField;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Looks at samples, one after the other, and remembers of their fields what a table must hold. Its
 * memory is bounded whatever they are: beyond {@value #MAX_PARTS} different fields others are only
 * counted. Not thread-safe.
 */
public final class SampleObserver {
    /** Counters for fields and their parts altogether. */
    static final int MAX_PARTS = 50_000;

    /** Different keys of an object that are told apart; with more it is a map. */
    static final int MAX_FIELDS = 1_000;

    /** Different keys of whole records that are told apart. */
    static final int MAX_ROOT_FIELDS = 10_000;

    private static final JsonFactory JSON =
            new JsonFactoryBuilder()
                    .disable(JsonFactory.Feature.CHARSET_DETECTION)
                    .streamReadConstraints(
                            // The decoder has seen the sample, and has its own limits.
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(Integer.MAX_VALUE)
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .maxNumberLength(Integer.MAX_VALUE)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private final BoundedParsers parsers = new BoundedParsers(JSON);
    private final JsonSerDe serde;
    private final KeyForms keys;
    private final TextForms texts;
    private final RecordDecoder syntax;
    private final RowBuffer rows = new RowBuffer();
    private final ObservedValue root = new ObservedValue();
    private int partsLeft = MAX_PARTS;
    private long samples;

    /**
     * @param decoders make the decoder that will read the records
     * @param serde the deserializer that the table will have
     * @param now stands for the arrival of texts that are asked about, in milliseconds since 1970
     */
    public SampleObserver(RecordDecoder.Factory decoders, JsonSerDe serde, long now) {
        this.serde = serde;
        this.keys = KeyForms.of(serde);
        this.texts = new TextForms(decoders, serde, now);
        // A key that no record has: the decoder looks at the JSON alone.
        String nobodysKey = "io.delivery.suggest".replace('.', ' ') + " ".repeat(100) + "nobody";
        this.syntax =
                decoders.decoder(
                        new TableSchema(
                                "suggest",
                                "syntax",
                                "1",
                                List.of(new TableSchema.Column(nobodysKey, Primitive.STRING)),
                                List.of(),
                                serde),
                        DecoderOptions.DEFAULTS);
    }

    /**
     * Looks at a sample.
     *
     * @return why it is no record at all; nothing of it counts then
     */
    public Optional<Failure> add(Sample sample) {
        try {
            syntax.decode(sample.asRecord(), rows);
        } catch (RecordFailedException refused) {
            return Optional.of(refused.failure());
        }
        samples++;
        try {
            read(sample);
        } catch (IOException impossible) {
            throw new UncheckedIOException("the decoder has read these bytes", impossible);
        }
        return Optional.empty();
    }

    /** How many samples were records. */
    public long samples() {
        return samples;
    }

    ObservedValue root() {
        return root;
    }

    JsonSerDe serde() {
        return serde;
    }

    KeyForms keys() {
        return keys;
    }

    private void read(Sample sample) throws IOException {
        byte[] bytes = sample.bytes();
        boolean marked = bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB;
        int from = marked ? 3 : 0;
        try (JsonParser json = parsers.parser(bytes, from, bytes.length - from)) {
            while (json.nextToken() != null) {
                root.objects++;
                object(json, root, 0, sample.place());
            }
        }
    }

    private void value(JsonParser json, ObservedValue seen, int depth, String place)
            throws IOException {
        JsonToken token = json.currentToken();
        switch (token) {
            case START_OBJECT -> {
                seen.objects++;
                seen.firstObject = seen.firstObject == null ? place : seen.firstObject;
                if (depth >= HiveTypes.MAX_DEPTH) {
                    seen.opaque = true;
                    json.skipChildren();
                } else {
                    object(json, seen, depth, place);
                }
            }
            case START_ARRAY -> {
                seen.arrays++;
                seen.firstArray = seen.firstArray == null ? place : seen.firstArray;
                array(json, seen, depth, place);
            }
            default -> {
                if (token != JsonToken.VALUE_NULL) {
                    seen.firstPlain = seen.firstPlain == null ? place : seen.firstPlain;
                }
                seen.plain(json, token, texts, place);
            }
        }
    }

    private void array(JsonParser json, ObservedValue seen, int depth, String place)
            throws IOException {
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (seen.element == null && depth < HiveTypes.MAX_DEPTH && partsLeft > 0) {
                partsLeft--;
                seen.element = new ObservedValue();
            }
            if (seen.element == null) {
                seen.opaque = true;
                json.skipChildren();
            } else {
                value(json, seen.element, depth + 1, place);
            }
        }
    }

    private void object(JsonParser json, ObservedValue seen, int depth, String place)
            throws IOException {
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            json.nextToken();
            ObservedValue into = seen.values == null ? field(seen, key, depth) : seen.values;
            if (into == null) {
                json.skipChildren();
            } else {
                value(json, into, depth + 1, place);
            }
        }
    }

    /** Null for a key of a whole record that is left out. */
    private ObservedValue field(ObservedValue seen, String key, int depth) {
        if (!keys.canBeField(key)) {
            return leftOut(seen, key, depth);
        }
        String form = keys.form(key);
        if (seen.fields == null) {
            seen.fields = new LinkedHashMap<>();
        }
        ObservedField field = seen.fields.get(form);
        if (field == null) {
            if (depth > 0 && seen.fields.size() == MAX_FIELDS) {
                int before = seen.parts();
                seen.collapse();
                partsLeft += before - seen.parts();
                return seen.values;
            }
            if (partsLeft <= 0 || depth == 0 && seen.fields.size() == MAX_ROOT_FIELDS) {
                return leftOut(seen, key, depth);
            }
            partsLeft--;
            field = new ObservedField(key);
            seen.fields.put(form, field);
        } else if (field.otherKey == null && !field.key.equals(key)) {
            field.otherKey = key;
        }
        field.seen++;
        return field.value;
    }

    private ObservedValue leftOut(ObservedValue seen, String key, int depth) {
        seen.keysLeftOut++;
        if (seen.firstLeftOut == null) {
            seen.firstLeftOut = KeyForms.shown(key);
        }
        if (depth > 0 && seen.others == null) {
            partsLeft--;
            seen.others = new ObservedValue();
        }
        return seen.others;
    }
}
