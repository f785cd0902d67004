package io.delivery.lambda;

/**
 * The stream whose records an event holds, as the event names it.
 *
 * @param stream its name, for metrics
 * @param region for example {@code us-east-1}
 */
public record EventOrigin(
        String stream, String deliveryStreamArn, String region, EventSource source) {}
