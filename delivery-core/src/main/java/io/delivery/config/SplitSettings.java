package io.delivery.config;

/** How one record becomes several: the API's RecordDeAggregation processor. */
public sealed interface SplitSettings {
    /** Consecutive JSON objects: SubRecordType JSON. */
    record Json() implements SplitSettings {}

    /** Pieces between delimiters: SubRecordType DELIMITED. */
    record Delimited(String delimiter) implements SplitSettings {
        @Override
        public void validate(String path, ConfigProblems problems) {
            if (delimiter.isEmpty()) {
                problems.add(path + ".delimiter", "must not be empty");
            }
        }
    }

    default void validate(String path, ConfigProblems problems) {}
}
