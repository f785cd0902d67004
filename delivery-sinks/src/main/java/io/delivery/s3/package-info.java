/**
 * S3: lands objects in any store that speaks S3.
 *
 * <p>Implements {@link io.delivery.landing.ObjectStore} on the blocking AWS SDK client, on bounded
 * pools given by {@code world}. Bytes stream from staging; a small object is held while its PUT
 * goes past the SDK's pipeline ({@code direct}). {@code S3Answers} maps every answer to what is to
 * be done; {@code S3Trials} finds out what a store really does. Uses {@code landing}, {@code
 * staging}, {@code record} and {@code world}.
 */
package io.delivery.s3;
