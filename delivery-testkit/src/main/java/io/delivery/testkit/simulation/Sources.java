package io.delivery.testkit.simulation;

/** Where the records of a simulated stream come from. */
public enum Sources {
    /** From producers, by its journal. */
    JOURNAL,
    /** From producers, and from a log of somebody else that has holes and losses. */
    JOURNAL_AND_ANOTHER_LOG,
    /** Only from such a log: the journal stays empty. */
    ANOTHER_LOG
}
