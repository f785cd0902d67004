/**
 * Verify: compares what was decided with itself, with the journal and with what is in the stores.
 *
 * <p>Reads a data directory from state, ledger and journal, also beside the process that owns it;
 * gives a report: the books, what is wrong, and the time since which the ledgers are complete.
 * Changes nothing. Uses {@code landing}, {@code ledger}, {@code journal} and {@code home} to read
 * them; nobody in the core uses it. Blocking, one thread; memory is some bytes for each object that
 * is known.
 */
package io.delivery.verify;
