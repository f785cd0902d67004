/**
 * The parts of a jq program, and how they run.
 *
 * <p>An {@link io.delivery.jq.expression.Expression} hands each value that it yields to an {@link
 * io.delivery.jq.expression.Output}, and goes on when that returns; an error passes through all
 * that wait, as in jq 1.6, where {@code try} catches also what is raised behind it in the pipe.
 * What an expression yields may have a {@link io.delivery.jq.expression.Path}, by which assignments
 * know where to write. Expressions are made by {@code grammar}, belong to one budget, and are not
 * thread-safe; uses {@code value}.
 */
package io.delivery.jq.expression;
