/**
 * Failure: how a failure is told to people, and what it must not leave open.
 *
 * <p>{@link io.delivery.failure.FailureText} says in words what an exception means, {@link
 * io.delivery.failure.RepeatedFailure} writes a failure that repeats to the log once and not
 * thousands of times. {@link io.delivery.failure.OpenedSoFar} closes what was opened for something
 * that a failure has kept from coming about. Every room may see this one; it sees {@code record}.
 */
package io.delivery.failure;
