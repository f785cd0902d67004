/**
 * World: everything the core touches outside itself, as four small ports.
 *
 * <p>{@link io.delivery.world.Clock}, {@link io.delivery.world.Disk}, {@link
 * io.delivery.world.Scheduler} and {@link io.delivery.world.Entropy}. The daemon gives real time,
 * files, threads and random bits; the simulated world gives one seeded loop. Every room may see
 * this one; it sees none. No core class starts a thread, sleeps or blocks on a future.
 */
package io.delivery.world;
