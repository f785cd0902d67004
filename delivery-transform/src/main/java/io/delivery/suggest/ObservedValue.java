package io.delivery.suggest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was seen of one field in all samples: counters, and the same for its parts. */
final class ObservedValue {
    /** Integers up to here are exact in a double. */
    private static final long EXACT_IN_DOUBLE = 1L << 53;

    /**
     * A double that is not close to zero keeps every number of so many digits, and some of more.
     */
    private static final int EXACT_DIGITS = 15;

    long nulls;
    long booleans;
    long wholes;
    long fractions;
    long texts;
    long objects;
    long arrays;

    /** Of the whole numbers that have 64 bits. */
    long min;

    long max;

    /** Whole numbers beyond 64 bits. */
    long largeWholes;

    /** Of all whole numbers. */
    int wholeDigits;

    /**
     * Of all numbers with a fraction or an exponent: their most digits on each side of the point.
     */
    int digitsBefore;

    int digitsBehind;

    /** A number that a double would make infinite or zero. */
    boolean beyondDouble;

    /** Numbers with a fraction or an exponent of which a double does not keep every digit. */
    long rounded;

    /** Which texts are timestamps of the deserializer that a file keeps whole. */
    final TextTally timestamps = new TextTally();

    /** Which texts are dates. */
    final TextTally dates = new TextTally();

    /** Which texts are numbers and nothing else. */
    final TextTally numberTexts = new TextTally();

    /** There are parts that were not looked at: too deep, or beyond the limit of counters. */
    boolean opaque;

    /** By the form of the key, in the order in which they came; null when there are none yet. */
    Map<String, ObservedField> fields;

    /** Of objects with so many different keys that only their values are told apart no more. */
    ObservedValue values;

    /** Of the values of keys that are left out: a map would have them. */
    ObservedValue others;

    /** Of arrays. */
    ObservedValue element;

    /** Keys that can be no field, or came when there were too many. */
    long keysLeftOut;

    /** The first of them; null when there is none. */
    String firstLeftOut;

    /** Where the first value of each kind was; null for nowhere. */
    String firstPlain;

    String firstObject;
    String firstArray;

    /** One field of objects. */
    static final class ObservedField {
        /** As it was first written. */
        final String key;

        final ObservedValue value = new ObservedValue();

        /** Another way in which it was written; null when there is none. */
        String otherKey;

        long seen;

        ObservedField(String key) {
            this.key = key;
        }
    }

    long numbers() {
        return wholes + fractions;
    }

    long plainValues() {
        return booleans + wholes + fractions + texts;
    }

    /** How many of plain values, objects and arrays there are, 0 to 3. */
    int kinds() {
        return (plainValues() > 0 ? 1 : 0) + (objects > 0 ? 1 : 0) + (arrays > 0 ? 1 : 0);
    }

    /** The most digits before the point of any number. */
    int integerDigits() {
        return Math.max(wholeDigits, digitsBefore);
    }

    boolean wholesAreExactInDouble() {
        return largeWholes == 0 && min >= -EXACT_IN_DOUBLE && max <= EXACT_IN_DOUBLE;
    }

    /**
     * Counts a plain value or null.
     *
     * @param place of its sample
     */
    void plain(JsonParser json, JsonToken token, TextForms forms, String place) throws IOException {
        switch (token) {
            case VALUE_TRUE, VALUE_FALSE -> booleans++;
            case VALUE_NUMBER_INT -> whole(json);
            case VALUE_NUMBER_FLOAT -> fraction(json);
            case VALUE_STRING -> text(json, forms, place);
            case VALUE_NULL -> nulls++;
            default -> throw new IllegalStateException("not a plain value: " + token);
        }
    }

    private void whole(JsonParser json) throws IOException {
        int length = json.getTextLength();
        boolean signed = json.getTextCharacters()[json.getTextOffset()] == '-';
        wholeDigits = Math.max(wholeDigits, signed ? length - 1 : length);
        if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            largeWholes++;
        } else {
            min = Math.min(min, json.getLongValue());
            max = Math.max(max, json.getLongValue());
        }
        wholes++;
    }

    private void fraction(JsonParser json) throws IOException {
        fractions++;
        double near = json.getDoubleValue();
        try {
            BigDecimal exact = new BigDecimal(json.getText());
            beyondDouble |= Double.isInfinite(near) || near == 0 && exact.signum() != 0;
            long before = (long) exact.precision() - exact.scale();
            digitsBefore = Math.max(digitsBefore, (int) Math.min(Math.max(before, 0), 1 << 20));
            digitsBehind = Math.max(digitsBehind, Math.min(Math.max(exact.scale(), 0), 1 << 20));
            rounded += isKept(exact, near) ? 0 : 1;
        } catch (NumberFormatException exponentTooLarge) {
            beyondDouble = true;
            digitsBefore = 1 << 20;
        }
    }

    /** Whether the double, written with as many digits, is the number again. */
    private static boolean isKept(BigDecimal exact, double near) {
        if (Double.isInfinite(near)) {
            return false;
        }
        if (exact.precision() <= EXACT_DIGITS && Math.abs(near) >= Double.MIN_NORMAL) {
            return true;
        }
        BigDecimal written = exact.stripTrailingZeros();
        MathContext digits = new MathContext(Math.max(written.precision(), EXACT_DIGITS));
        return new BigDecimal(near).round(digits).compareTo(written) == 0;
    }

    private void text(JsonParser json, TextForms forms, String place) throws IOException {
        texts++;
        int length = json.getTextLength();
        boolean tooLong = length > TextForms.MAX_LENGTH;
        String text =
                new String(
                        json.getTextCharacters(),
                        json.getTextOffset(),
                        Math.min(length, TextForms.MAX_LENGTH));
        timestamps.add(!tooLong && forms.isTimestamp(text), text, length, place);
        dates.add(!tooLong && forms.isDate(text), text, length, place);
        numberTexts.add(!tooLong && TextForms.isNumber(text), text, length, place);
    }

    /** Adds what another one has seen, which stays as it is. */
    void add(ObservedValue other) {
        addPlain(other);
        objects += other.objects;
        keysLeftOut += other.keysLeftOut;
        firstLeftOut = firstLeftOut == null ? other.firstLeftOut : firstLeftOut;
        firstObject = firstObject == null ? other.firstObject : firstObject;
        if (other.values != null || values != null) {
            collapse();
            addTo(values, other);
        } else {
            addFields(other);
        }
        arrays += other.arrays;
        firstArray = firstArray == null ? other.firstArray : firstArray;
        if (other.element != null) {
            element = element == null ? new ObservedValue() : element;
            element.add(other.element);
        }
    }

    private void addFields(ObservedValue other) {
        if (other.others != null) {
            others = others == null ? new ObservedValue() : others;
            others.add(other.others);
        }
        if (other.fields != null) {
            fields = fields == null ? new LinkedHashMap<>() : fields;
            other.fields.forEach(
                    (form, field) -> {
                        ObservedField mine =
                                fields.computeIfAbsent(form, f -> new ObservedField(field.key));
                        mine.seen += field.seen;
                        mine.otherKey = mine.otherKey == null ? field.otherKey : mine.otherKey;
                        mine.value.add(field.value);
                    });
        }
    }

    private static void addTo(ObservedValue values, ObservedValue other) {
        if (other.values != null) {
            values.add(other.values);
        }
        if (other.others != null) {
            values.add(other.others);
        }
        if (other.fields != null) {
            other.fields.values().forEach(field -> values.add(field.value));
        }
    }

    private void addPlain(ObservedValue other) {
        nulls += other.nulls;
        booleans += other.booleans;
        wholes += other.wholes;
        largeWholes += other.largeWholes;
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
        wholeDigits = Math.max(wholeDigits, other.wholeDigits);
        fractions += other.fractions;
        digitsBefore = Math.max(digitsBefore, other.digitsBefore);
        digitsBehind = Math.max(digitsBehind, other.digitsBehind);
        beyondDouble |= other.beyondDouble;
        rounded += other.rounded;
        texts += other.texts;
        timestamps.add(other.timestamps);
        dates.add(other.dates);
        numberTexts.add(other.numberTexts);
        opaque |= other.opaque;
        firstPlain = firstPlain == null ? other.firstPlain : firstPlain;
    }

    /** The values of all keys together. */
    ObservedValue allValues() {
        ObservedValue all = new ObservedValue();
        addTo(all, this);
        return all;
    }

    /** What is in arrays, together with what is in none. */
    ObservedValue elementsAndOthers() {
        ObservedValue all = new ObservedValue();
        all.add(this);
        all.arrays = 0;
        all.element = null;
        if (element != null) {
            all.add(element);
        }
        return all;
    }

    /** From now on only the values of all keys together are counted. */
    void collapse() {
        if (values == null) {
            values = allValues();
            fields = null;
            others = null;
        }
    }

    /** How many counters there are below this one. */
    int parts() {
        int parts = element == null ? 0 : 1 + element.parts();
        parts += values == null ? 0 : 1 + values.parts();
        parts += others == null ? 0 : 1 + others.parts();
        if (fields != null) {
            for (ObservedField field : fields.values()) {
                parts += 1 + field.value.parts();
            }
        }
        return parts;
    }
}
