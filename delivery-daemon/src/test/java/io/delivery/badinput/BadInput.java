package io.delivery.badinput;

/** One case of bad input: a row of docs/bad-input.md, and executed by a test. */
interface BadInput {
    /** Before anything is kept: no record of the call is accepted. */
    String CALL_REFUSED = "call refused";

    /** Not at all: nothing is wrong with it, or the message says what becomes of it. */
    String ACCEPTED = "accepted";

    /** Behind the answer to the producer; the record is kept with its bytes unchanged. */
    String ERROR_OUTPUT = "accepted, then error output";

    /** {@code run} and {@code check} end with a message for each problem; nothing is started. */
    String CONFIGURATION_REFUSED = "configuration refused";

    /** {@code run} ends with a message; what was started is stopped again. */
    String START_REFUSED = "start refused";

    /** The service runs, and {@code delivery status} shows the message until it is cured. */
    String UNHEALTHY = "accepted, stream unhealthy";

    /** What is sent or configured, for people. */
    String input();

    /** Where it is noticed: one of the texts above. */
    String noticed();

    /** The error's name or the exit code; empty when it is taken. */
    String code();

    /** What a person reads; for input that is taken what becomes of it. */
    String message();
}
