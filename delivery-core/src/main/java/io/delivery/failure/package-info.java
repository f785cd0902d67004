/**
 * Failure: how a failure is told to people.
 *
 * <p>{@link io.delivery.failure.FailureText} says in words what an exception means, {@link
 * io.delivery.failure.RepeatedFailure} writes a failure that repeats to the log once and not
 * thousands of times. Every room may see this one; it sees {@code record}.
 */
package io.delivery.failure;
