/**
 * Inspection: what lies in a stream's directory, read without its owner and beside it, and without
 * changing anything.
 *
 * <p>Takes a directory; gives the definitions, lanes, staged objects, records and damage in it.
 * Uses {@code home}, {@code journal}, {@code landing}, {@code ledger}, {@code staging} and {@code
 * world}. Knows no running stream.
 */
package io.delivery.inspection;
