package io.delivery.watching;

import java.util.concurrent.CompletionStage;

/** What is done with files that have changed, where that may have to wait for somebody else. */
@FunctionalInterface
public interface AsyncFileUse {
    /**
     * Has them read and brought into force. Returns at once; it is not called again before it has
     * completed.
     *
     * @return completes when they are in force. Fails when they cannot be used: the former ones
     *     count, and the message says what to correct
     */
    CompletionStage<?> begin();
}
