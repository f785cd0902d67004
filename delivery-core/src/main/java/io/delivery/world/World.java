package io.delivery.world;

/** The four ports together, as they are handed to a room that needs more than one. */
public record World(Clock clock, Disk disk, Scheduler scheduler, Entropy entropy) {}
