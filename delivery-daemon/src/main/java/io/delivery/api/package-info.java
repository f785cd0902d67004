/**
 * API: what the Firehose API says and answers, without any HTTP.
 *
 * <p>Takes the bytes of a request's body, gives the bytes of the reply's or an {@link
 * io.delivery.api.ApiException} in the contract's words. One class per {@link
 * io.delivery.api.Operation}; {@link io.delivery.api.Operations} is the table. Reaches the streams
 * through {@link io.delivery.api.Streams} only. {@code codec} reads and writes JSON, {@code
 * signing} knows who calls, {@code http} carries it.
 */
package io.delivery.api;
