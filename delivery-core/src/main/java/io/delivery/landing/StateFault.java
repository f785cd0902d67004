package io.delivery.landing;

/** What is wrong with a lane's state that cannot be believed. */
public enum StateFault {
    /** Bytes of the file: behind them nothing is known. */
    BYTES,
    /** All of the file is whole, and the end of what was durable is missing. */
    END,
    /** All of the file is whole, and its mark does not confirm that nothing is missing. */
    MARK,
    /** There is no such file, or it cannot be read. */
    FILE
}
