package io.delivery.api;

import java.util.concurrent.CompletionStage;

/**
 * An operation of Firehose that this server knows and does not offer: it says so instead of
 * pretending.
 */
record Unavailable(String name) implements Operation {
    @Override
    public CompletionStage<byte[]> answer(Call call) {
        throw ApiException.invalidArgument(
                name
                        + " is not available on this server: delivery streams are defined in its"
                        + " YAML configuration.");
    }
}
