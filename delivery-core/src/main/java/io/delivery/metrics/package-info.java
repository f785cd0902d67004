/**
 * Metrics: every metric's name, unit and description, in one enum, and the port that takes values.
 *
 * <p>Every room may see this one; it sees none. Labels are low-cardinality: never keys or ids.
 */
package io.delivery.metrics;
