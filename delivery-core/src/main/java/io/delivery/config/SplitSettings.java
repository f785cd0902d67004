package io.delivery.config;

/** How one record becomes several: the API's RecordDeAggregation processor. */
public sealed interface SplitSettings {
    /** What comes of it, by the kind that it is. */
    <R, E extends Exception> R choose(Choice<Json, R, E> json, Choice<Delimited, R, E> delimited)
            throws E;

    /** Reports what is wrong with it on its own. */
    void validate(String path, ConfigProblems problems);

    /** Consecutive JSON objects: SubRecordType JSON. */
    record Json() implements SplitSettings {
        @Override
        public <R, E extends Exception> R choose(
                Choice<Json, R, E> json, Choice<Delimited, R, E> delimited) throws E {
            return json.of(this);
        }

        /** It has no settings. */
        @Override
        public void validate(String path, ConfigProblems problems) {}
    }

    /** Pieces between delimiters: SubRecordType DELIMITED. */
    record Delimited(String delimiter) implements SplitSettings {
        @Override
        public <R, E extends Exception> R choose(
                Choice<Json, R, E> json, Choice<Delimited, R, E> delimited) throws E {
            return delimited.of(this);
        }

        @Override
        public void validate(String path, ConfigProblems problems) {
            if (delimiter.isEmpty()) {
                problems.add(path + ".delimiter", "must not be empty");
            }
        }
    }
}
