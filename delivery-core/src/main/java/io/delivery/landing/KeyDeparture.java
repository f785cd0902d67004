package io.delivery.landing;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Somebody wants the key of an object that does not land to be given up, so that its bytes may land
 * under another one, or its records elsewhere.
 *
 * @param looks what a store must say before the key is given up
 * @param answer completed with nothing when the key is given up, and with the reason when it is not
 */
record KeyDeparture(Diversion.Looks looks, CompletableFuture<Optional<String>> answer) {
    void refuse(String reason) {
        answer.complete(Optional.of(reason));
    }

    /** Runs this; whoever asked gets an answer although it throws. */
    Runnable orRefusal(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error defect) {
                refuse(ofDefect(defect));
                throw defect;
            }
        };
    }

    /** Why a key is not given up when this was thrown. */
    static String ofDefect(Throwable defect) {
        return "a defect of the program: " + defect;
    }

    void grant() {
        answer.complete(Optional.empty());
    }
}
