package io.delivery.api;

import io.delivery.api.signing.Caller;
import java.util.concurrent.CompletionStage;

/** One operation of the API. Thread-safe. */
public interface Operation {
    /** As in X-Amz-Target, behind the dot. */
    String name();

    /**
     * Answers a call. Whether its caller may use this operation is asked here, because a refusal
     * names the stream that the call is about.
     *
     * @return the reply's body
     * @throws ApiException when the call is refused; the stage may fail with one as well
     */
    CompletionStage<byte[]> answer(Call call);

    /** One call. */
    interface Call {
        Caller caller();

        /** The array that holds the body; the operation may change it until it lets it go. */
        byte[] body();

        /** Length of the body, which begins at 0. */
        int length();

        /**
         * Gives the body's memory back before the answer is known. {@link #body} is not used
         * afterwards.
         */
        void releaseBody();
    }
}
