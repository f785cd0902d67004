package io.delivery.runtime.code;

/**
 * A file of a function's code.
 *
 * @param bytes its length; -1 when a packed one does not say it
 * @param executable whether its owner may run it
 */
public record CodeEntry(long bytes, boolean executable) {}
