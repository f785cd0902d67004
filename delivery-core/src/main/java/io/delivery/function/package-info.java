/**
 * Function: the port for transformation functions, wherever they run.
 *
 * <p>{@link io.delivery.function.FunctionInvoker} takes one event and gives one {@link
 * io.delivery.function.InvocationResult}. What an event holds, what an answer means, and what is
 * tried again is the business of whoever invokes. Sees nothing.
 */
package io.delivery.function;
