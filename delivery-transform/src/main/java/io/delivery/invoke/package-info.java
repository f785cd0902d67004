/**
 * Invoke: functions that run elsewhere, behind HTTP.
 *
 * <p>{@link io.delivery.invoke.HttpFunction} posts an event to a URI, as containers of Lambda take
 * it; {@link io.delivery.invoke.LambdaFunction} asks AWS Lambda, or what speaks its API. Each has a
 * bounded number of requests under way, reads no more of an answer than may be, and tries nothing
 * again. Implements {@code function}; uses {@code config}, {@code world} and the AWS SDK, which no
 * other room of this module sees.
 */
package io.delivery.invoke;
