package io.delivery.config;

/**
 * What producers may put into each stream whose name matches, whoever defines it.
 *
 * @param match the name of a stream, or a pattern of names
 */
public record QuotaRule(Glob match, Quota quota) {}
