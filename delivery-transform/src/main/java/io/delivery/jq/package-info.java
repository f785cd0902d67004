/**
 * Jq: partition keys from a jq 1.6 program.
 *
 * <p>{@link io.delivery.jq.JqProgram} compiles a query and refuses what is not a function of the
 * record; {@link io.delivery.jq.JqKeyExtractor} runs it on one record after the other, each under a
 * budget of steps, so that no program and no record can hold a lane. The grammar, the numbers'
 * text, dates and regular expressions are this room's own; jackson-jq evaluates. Implements {@code
 * partition}; uses {@code record}.
 *
 * <p>Differences from C jq 1.6, all deliberate: integers up to 2^63 keep every digit; no modules,
 * no {@code ?//}; no input, clock, environment or time zone; text with invalid UTF-8 is refused;
 * limits on steps, depth and sizes.
 */
package io.delivery.jq;
