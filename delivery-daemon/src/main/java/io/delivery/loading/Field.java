package io.delivery.loading;

/**
 * The one declaration of a setting: it feeds the reader, the suggestions and the reference.
 *
 * @param defaultText what applies when it is left out, in words; empty when it must be given
 * @param bounds what a value must keep, in words; empty when its type says everything
 * @param apiMember the member of the Firehose API it stands for, or empty
 */
record Field<T>(
        String name,
        ValueType<T> type,
        String defaultText,
        String bounds,
        String description,
        String example,
        String apiMember) {

    static <T> Field<T> of(String name, ValueType<T> type, String description) {
        return new Field<>(name, type, "", "", description, "", "");
    }

    Field<T> byDefault(String words) {
        return new Field<>(name, type, words, bounds, description, example, apiMember);
    }

    Field<T> bounded(String words) {
        return new Field<>(name, type, defaultText, words, description, example, apiMember);
    }

    Field<T> example(String text) {
        return new Field<>(name, type, defaultText, bounds, description, text, apiMember);
    }

    Field<T> api(String member) {
        return new Field<>(name, type, defaultText, bounds, description, example, member);
    }
}
