/**
 * PUTs of small objects past the AWS SDK's pipeline, with its signer and its HTTP client.
 *
 * <p>{@code DirectPuts} sends them. It knows how from requests that the SDK has made into the same
 * bucket ({@code PreparedPut}, which {@code SeenSignatures} shows to it), and hands to the SDK
 * whatever has another outcome than a plain success ({@code FirstAnswers}). Sees {@code staging}
 * and nothing of the room around it.
 */
package io.delivery.s3.direct;
