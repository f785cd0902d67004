/**
 * Jq: partition keys and other records from jq 1.6 programs and jq's regular expressions.
 *
 * <p>{@link io.delivery.jq.JqProgram} compiles a query and refuses what is not a function of the
 * record; {@link io.delivery.jq.JqKeyExtractor} and {@link io.delivery.jq.JqProcessor} run it on
 * one record after the other, each under a budget of steps, so that no program and no record can
 * hold a lane; {@link io.delivery.jq.RegexProcessor} does the same with a regular expression.
 * Inside, {@code grammar} makes {@code expression}s, which call {@code function}s, of which
 * mathematics is jackson-jq's, and work on {@code value}s; of most records only the {@code
 * selection} of values is read that the program looks at. Implements {@code partition} and {@code
 * processing}; uses {@code record}.
 *
 * <p>It answers as C jq 1.6 does to a table of programs, in which every deliberate difference is
 * marked: {@code docs/reference/jq.md} is made of it.
 */
package io.delivery.jq;
