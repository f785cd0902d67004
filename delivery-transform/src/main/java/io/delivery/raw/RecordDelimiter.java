package io.delivery.raw;

/** What stands between the records of an object. */
public enum RecordDelimiter {
    /** Nothing: Firehose's own default. */
    NONE,

    /**
     * One line feed between two records and none behind the last one, whatever the records end
     * with: Firehose's {@code AppendDelimiterToRecord}.
     */
    NEWLINE,

    /**
     * Every record is a line: a line feed is added to each record that does not end in one, also to
     * the last and to an empty one (a blank line, so that no record vanishes). A record that ends
     * in line feeds is left as it is.
     */
    LINES
}
