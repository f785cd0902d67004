/**
 * Verify: compares what was decided with itself, with the journal and with what is in the stores.
 *
 * <p>Reads a data directory from state, ledger and journal, also beside the process that owns it;
 * gives a report: books, findings, the time from which on it is complete. Changes nothing. Uses
 * {@code landing}, {@code ledger}, {@code journal} and {@code stream} to read them; nobody in the
 * core uses it. Blocking, one thread; memory is some bytes for each object that is known.
 */
package io.delivery.verify;
