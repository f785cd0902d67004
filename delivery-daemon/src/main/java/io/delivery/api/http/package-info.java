/**
 * HTTP: carries the API. Reads bodies into pooled memory under one budget, verifies, hands over,
 * answers in one write; holds no thread while a request waits for its fsync.
 *
 * <p>{@link io.delivery.api.http.ApiServer} is the server, {@link
 * io.delivery.api.http.FirehoseClient} a small client for the command line.
 */
package io.delivery.api.http;
