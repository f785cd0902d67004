/**
 * Quickstart: what {@code delivery quickstart} sends and shows.
 *
 * <p>Takes the data set that comes with the program, or any NDJSON file whose table and partition
 * key it guesses; writes the folder to start in, reads the lake back by itself – not by what the
 * service says of it – and tells people in plain lines what happened. Starts and sends nothing:
 * wiring does.
 */
package io.delivery.quickstart;
