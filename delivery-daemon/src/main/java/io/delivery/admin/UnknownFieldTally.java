package io.delivery.admin;

import java.util.List;

/**
 * Fields of a stream's records that fill no column, because the table has none for them or another
 * key of the record fills it, since the stream was opened.
 *
 * @param mostFrequent at most 20, the most frequent first
 * @param others how often all other fields were seen
 */
public record UnknownFieldTally(List<Field> mostFrequent, long others) {
    public UnknownFieldTally {
        mostFrequent = List.copyOf(mostFrequent);
    }

    /**
     * One field.
     *
     * @param name with the names of the fields around it and dots between
     * @param times how often it was seen in records that were converted
     */
    public record Field(String name, long times) {}

    public boolean isEmpty() {
        return mostFrequent.isEmpty() && others == 0;
    }
}
