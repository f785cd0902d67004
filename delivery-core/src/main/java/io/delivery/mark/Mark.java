package io.delivery.mark;

/**
 * How far a file was durable at one moment.
 *
 * @param epoch of the file: a file written anew has a higher one
 * @param durableUpTo everything below was durable; the unit is that of whoever writes the mark
 * @param fileBytes how long the file was at least
 */
public record Mark(long epoch, long durableUpTo, long fileBytes) {}
