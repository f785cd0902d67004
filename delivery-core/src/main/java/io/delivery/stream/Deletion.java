package io.delivery.stream;

import java.util.concurrent.CompletionStage;

/**
 * A stream that is on its way out.
 *
 * @param marked completes when nothing brings the stream back any more; fails when it goes on as if
 *     nobody had asked
 * @param gone completes, some time later, when nothing of it is left; with its last status. Fails
 *     only when {@code marked} does
 */
public record Deletion(CompletionStage<Void> marked, CompletionStage<StreamStatus> gone) {
    boolean isRefused() {
        return marked.toCompletableFuture().isCompletedExceptionally();
    }
}
