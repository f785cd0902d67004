/**
 * Engine: what all streams of one process share: the disk limit and its shares, the memory budget,
 * the pool of encoding threads, the landings, the stores by name, and how much a lane does at a
 * time.
 *
 * <p>Uses {@code world}, {@code config}, {@code metrics}, {@code buffer}, {@code ledger} and {@code
 * landing}. Knows no stream and no lane.
 */
package io.delivery.engine;
