package io.delivery.format;

/**
 * Learns which fields of records fill no column. What becomes of them is the stream's to say
 * ({@link UnknownFieldPolicy}); they are never lost in silence. Thread-safe; called at most once
 * per method, name and object, once the object is durable.
 */
@FunctionalInterface
public interface UnknownFields {
    /** Takes the news and forgets it. */
    UnknownFields IGNORED = (field, times) -> {};

    /** The name under which those are counted that came after too many different names. */
    String OTHERS = "(others)";

    /**
     * A field was seen that the schema does not know.
     *
     * @param field its name, with the names of the fields around it and dots between; at most 256
     *     characters; {@link #OTHERS} when there were too many names to tell apart
     * @param times how often, in records that became rows of the object
     */
    void seen(String field, long times);

    /**
     * A field was seen in whose place another key of the same record counts, such as {@code ID}
     * beside {@code id}: its value is not written, whatever the policy. Counted with the others
     * unless there is a reason to tell them apart.
     *
     * @param field as in {@link #seen}
     * @param times how often, in records that became rows of the object
     */
    default void superseded(String field, long times) {
        seen(field, times);
    }
}
