package io.delivery.s3.direct;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Another client, and answers that are there before the SDK asks: a request that was sent without
 * the SDK has got one, and the SDK takes it for the answer to its own first request. What it means,
 * whether the request is made again, which key was refused: the SDK finds out as always. Requests
 * of the blocking client are made on the thread that calls it.
 */
public final class FirstAnswers implements SdkHttpClient {
    private static final Logger log = LoggerFactory.getLogger(FirstAnswers.class);
    private static final int OK = 200;

    /** What became of a request that was sent: an answer or a failure. */
    public static final class Outcome {
        private final HttpExecuteResponse answer;
        private final Exception failure;
        private final String accessKeyId;
        private boolean taken;
        private boolean givenUp;
        private boolean repeated;

        private Outcome(HttpExecuteResponse answer, Exception failure, String accessKeyId) {
            this.answer = answer;
            this.failure = failure;
            this.accessKeyId = accessKeyId;
        }

        /**
         * @param accessKeyId of the key that signed the request
         */
        static Outcome of(HttpExecuteResponse answer, String accessKeyId) {
            return new Outcome(answer, null, accessKeyId);
        }

        static Outcome of(IOException failure, String accessKeyId) {
            return new Outcome(null, failure, accessKeyId);
        }

        static Outcome of(RuntimeException failure, String accessKeyId) {
            return new Outcome(null, failure, accessKeyId);
        }

        /** Of the answer; empty after a failure. */
        OptionalInt status() {
            return answer == null
                    ? OptionalInt.empty()
                    : OptionalInt.of(answer.httpResponse().statusCode());
        }

        /**
         * The answer that stores give to a PUT: 200, an ETag and no words that need the SDK to be
         * read. Nobody reads its body, and its connection is free again. Empty is every other
         * outcome.
         */
        public Optional<SdkHttpResponse> takePlainSuccess() {
            if (answer == null) {
                return Optional.empty();
            }
            SdkHttpResponse words = answer.httpResponse();
            if (words.statusCode() != OK
                    || words.firstMatchingHeader("ETag").filter(tag -> !tag.isBlank()).isEmpty()
                    || words.firstMatchingHeader("x-amz-object-size").isPresent()) {
                return Optional.empty();
            }
            taken = true;
            answer.responseBody().ifPresent(Outcome::release);
            return Optional.of(words);
        }

        private static void release(AbortableInputStream body) {
            try {
                body.close();
            } catch (IOException e) {
                log.debug("a connection was not kept", e); // the answer is there
            }
        }

        /** Closes the connection of an answer that nobody has taken; otherwise does nothing. */
        public void giveUp() {
            if (!taken && !givenUp) {
                abort();
            }
        }

        private void abort() {
            givenUp = true;
            if (answer != null) {
                answer.responseBody().ifPresent(AbortableInputStream::abort);
            }
        }

        /** Whether the SDK has asked for it, or it was a plain success that was taken. */
        public boolean wasTaken() {
            return taken;
        }

        private HttpExecuteResponse take() throws IOException {
            taken = true;
            if (failure instanceof IOException io) {
                throw io;
            }
            if (failure instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            return answer;
        }
    }

    private final SdkHttpClient client;
    private final ThreadLocal<Outcome> first = new ThreadLocal<>();

    public FirstAnswers(SdkHttpClient client) {
        this.client = client;
    }

    /**
     * Makes a call of the SDK whose first request has this outcome, and is not sent. Whoever has
     * the outcome gives it up afterwards, since the SDK may not have come to a request.
     *
     * @throws RuntimeException as the call does
     */
    public <T> T during(Outcome outcome, Supplier<T> call) {
        first.set(outcome);
        try {
            return call.get();
        } finally {
            first.remove();
        }
    }

    /**
     * Within a call whose last answer is the outcome that it was given: the access key id that
     * signed that request. The SDK has signed another one, perhaps with another key, which the
     * store has not seen. Empty where the SDK has sent a request of its own.
     */
    public Optional<String> signerOfTheAnswer() {
        return Optional.ofNullable(first.get())
                .filter(outcome -> outcome.taken && !outcome.repeated)
                .map(outcome -> outcome.accessKeyId);
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        Outcome outcome = first.get();
        if (outcome == null) {
            return client.prepareRequest(request);
        }
        if (outcome.wasTaken()) {
            outcome.repeated = true;
            return client.prepareRequest(request);
        }
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                return outcome.take();
            }

            @Override
            public void abort() {
                outcome.abort();
            }
        };
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        client.close();
    }
}
