package io.delivery.format;

/**
 * Learns which fields of records the schema does not know. They are not written, and are never lost
 * in silence. Thread-safe; called once per name and object, after the object has been written.
 */
@FunctionalInterface
public interface UnknownFields {
    /** Takes the news and forgets it. */
    UnknownFields IGNORED = (field, times) -> {};

    /** The name under which those are counted that came after too many different names. */
    String OTHERS = "(others)";

    /**
     * A field was seen.
     *
     * @param field its name, with the names of the fields around it and dots between; at most 256
     *     characters; {@link #OTHERS} when there were too many names to tell apart
     * @param times how often, in records that were converted
     */
    void seen(String field, long times);
}
