/**
 * Ledger: what was committed, kept after the lane's state has forgotten it.
 *
 * <p>Takes committed ranges from a lane's state whenever that is written anew; gives them back to
 * whoever checks them. Append-only files of one UTC day, each entry with a checksum; layout and
 * what a reader believes are docs/formats/ledger.md. Uses {@code landing}, {@code record} and
 * {@code world}. Bounded by one limit for all lanes of a process; the oldest files go first.
 */
package io.delivery.ledger;
