/**
 * Simulation: a whole delivery stream in a world that follows from one seed.
 *
 * <p>{@link io.delivery.testkit.simulation.DeliverySimulation} drives a stream with random steps –
 * records, time, faults of disk and store, crashes, restarts, changed definitions – then heals the
 * world, drains the stream and asks whether every part of every accepted record is in exactly one
 * object, of the destination or the error output, or counted as dropped or damaged.
 */
package io.delivery.testkit.simulation;
