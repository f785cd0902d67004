/**
 * Testkit: a world that is played from one seed, and fakes that pass the same contracts as the real
 * things.
 *
 * <p>{@link io.delivery.testkit.SimWorld} is clock, disk, scheduler and random bits of a process
 * that can be killed at any step; {@link io.delivery.testkit.MemoryStore} is the store on the other
 * side of the wire, which outlives it. Sees the core only; seen from test scope only.
 */
package io.delivery.testkit;
