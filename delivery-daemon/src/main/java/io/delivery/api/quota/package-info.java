/**
 * Quota: how much producers may put into a stream in a second.
 *
 * <p>Takes the batch of a call and gives how many of its records may go on; the rest hears "Slow
 * down.". Lock-free, and makes nothing per record. Knows no HTTP and no JSON.
 */
package io.delivery.api.quota;
