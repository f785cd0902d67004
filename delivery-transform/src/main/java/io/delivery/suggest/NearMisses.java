package io.delivery.suggest;

import io.delivery.format.ColumnType;
import io.delivery.format.ColumnType.Primitive;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be said of a column of texts that could be something else, or nearly could: the type
 * never drops a value, so a single slip of a producer makes a text of it.
 */
final class NearMisses {
    /** For each value of another kind there are at least so many of the kind. */
    private static final int MOST = 9;

    private NearMisses() {}

    /**
     * A sentence for each type that the column nearly has.
     *
     * @param type of the column
     * @param lenient whether the deserializer reads numbers in texts
     */
    static List<String> of(ObservedValue seen, ColumnType type, boolean lenient) {
        List<String> notes = new ArrayList<>();
        if (type != Primitive.STRING || seen.texts == 0) {
            return notes;
        }
        nearly(seen, seen.timestamps, seen.timestamps.hits(), "timestamps", notes);
        if (seen.dates.hits() > seen.timestamps.hits()) {
            nearly(seen, seen.dates, seen.dates.hits(), "dates", notes);
        }
        long numbers = seen.numbers() + seen.numberTexts.hits();
        if (numbers == seen.plainValues()) {
            notes.add(
                    "%,d of %,d values are numbers, %,d of them in texts; %s"
                            .formatted(
                                    numbers,
                                    seen.plainValues(),
                                    seen.numberTexts.hits(),
                                    lenient
                                            ? "a column of numbers would read them, too"
                                            : "serde hive reads no number in a text"));
        } else {
            nearly(seen, seen.numberTexts, numbers, "numbers", notes);
        }
        return notes;
    }

    private static void nearly(
            ObservedValue seen, TextTally tally, long hits, String kind, List<String> notes) {
        long others = seen.plainValues() - hits;
        if (others > 0 && hits >= MOST * others) {
            String first = tally.firstMiss();
            notes.add(
                    "%,d of %,d values are %s; %,d %s not%s"
                            .formatted(
                                    hits,
                                    seen.plainValues(),
                                    kind,
                                    others,
                                    others == 1 ? "is" : "are",
                                    first == null ? "" : ", the first is " + first));
        }
    }
}
