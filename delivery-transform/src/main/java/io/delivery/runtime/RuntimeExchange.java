package io.delivery.runtime;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.Trailers;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;

/** One request of a process to the Runtime API, and its answer. No call waits. */
final class RuntimeExchange {
    static final String ERROR_TYPE = "Lambda-Runtime-Function-Error-Type";

    /** A streamed answer that fails tells the error behind its body, in Base64. */
    private static final String ERROR_BODY = "Lambda-Runtime-Function-Error-Body";

    /** The JDK copies what it writes into memory outside of the heap, for each thread. */
    private static final int SLICE_BYTES = 1 << 16;

    /**
     * A body that is not taken is read all the same, when it is no longer than this, before it is
     * answered: a connection that ends while its client writes may take the answer with it.
     */
    private static final long MAX_REST_BYTES = 1L << 26;

    private final Request request;
    private final Response response;
    private final Callback callback;

    RuntimeExchange(Request request, Response response, Callback callback) {
        this.request = request;
        this.response = response;
        this.callback = callback;
    }

    /** Hears what became of a request's body: one of the three, once, on any thread. */
    interface BodyListener {
        /**
         * It is here.
         *
         * @param trailer the error that followed it, when one did
         */
        void whole(byte[] bytes, Optional<Trailer> trailer);

        /** It is larger than may be; nothing more of it is taken. */
        void tooLarge();

        /** The connection ended before it did. */
        void broken();
    }

    /** An error that follows a streamed answer. */
    record Trailer(String errorType, byte[] error) {}

    /** The type of the error that the body reports; empty when none is told. */
    String errorType() {
        String type = request.getHeaders().get(ERROR_TYPE);
        return type == null ? "" : type;
    }

    /** Reads the body. */
    void readBody(int maxBytes, BodyListener then) {
        if (request.getLength() > maxBytes) {
            then.tooLarge();
            return;
        }
        new BodyReader(maxBytes, then).read();
    }

    /**
     * Reads the body as a report of an error; what cannot be read is an empty one.
     *
     * @param whenTooLarge stands for one that is larger than may be
     * @param then called once, on any thread
     */
    void readReport(int maxBytes, byte[] whenTooLarge, Consumer<byte[]> then) {
        readBody(
                maxBytes,
                new BodyListener() {
                    @Override
                    public void whole(byte[] bytes, Optional<Trailer> trailer) {
                        then.accept(bytes);
                    }

                    @Override
                    public void tooLarge() {
                        then.accept(whenTooLarge);
                    }

                    @Override
                    public void broken() {
                        then.accept(new byte[0]);
                    }
                });
    }

    private final class BodyReader {
        private final int maxBytes;
        private final BodyListener then;
        private final ByteArrayOutputStream bytes;
        private Optional<Trailer> trailer = Optional.empty();

        BodyReader(int maxBytes, BodyListener then) {
            this.maxBytes = maxBytes;
            this.then = then;
            bytes = new ByteArrayOutputStream((int) Math.max(SLICE_BYTES, request.getLength()));
        }

        void read() {
            while (true) {
                Content.Chunk chunk = request.read();
                if (chunk == null) {
                    request.demand(this::read);
                    return;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    then.broken();
                    return;
                }
                boolean last = chunk.isLast();
                boolean fits = bytes.size() + chunk.remaining() <= maxBytes;
                if (fits) {
                    take(chunk);
                }
                chunk.release();
                if (!fits) {
                    then.tooLarge();
                    return;
                }
                if (last) {
                    then.whole(bytes.toByteArray(), trailer);
                    return;
                }
            }
        }

        private void take(Content.Chunk chunk) {
            if (chunk instanceof Trailers trailers) {
                trailer = errorIn(trailers.getTrailers());
                return;
            }
            byte[] part = new byte[chunk.remaining()];
            chunk.getByteBuffer().get(part);
            bytes.write(part, 0, part.length);
        }
    }

    private static Optional<Trailer> errorIn(HttpFields trailers) {
        return Optional.ofNullable(trailers.get(ERROR_TYPE))
                .map(type -> new Trailer(type, unpacked(trailers.get(ERROR_BODY))));
    }

    private static byte[] unpacked(String base64) {
        try {
            return base64 == null ? new byte[0] : Base64.getDecoder().decode(base64.strip());
        } catch (IllegalArgumentException plain) {
            return base64.getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * Gives an event.
     *
     * @param notSent called when the connection ends before the process has all of it
     */
    void event(Map<String, String> headers, byte[] event, Runnable notSent) {
        headers.forEach((name, value) -> response.getHeaders().put(name, value));
        respond(
                200,
                event,
                Callback.from(
                        callback::succeeded,
                        failure -> {
                            callback.failed(failure);
                            notSent.run();
                        }));
    }

    /** What it sent was taken. */
    void accepted() {
        respond(202, "{\"status\":\"OK\"}".getBytes(StandardCharsets.UTF_8), callback);
    }

    /** Nobody waits for an answer any more: the connection has ended. */
    void abandon() {
        callback.failed(new EOFException("The process ended the connection"));
    }

    /** What it sent was taken, as far as it may be long. The connection ends. */
    void acceptedAndEnded() {
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        new Rest(this::accepted).read();
    }

    /** What it sent was not taken. The connection ends: its body may be without an end. */
    void refuse(int status, String type, String message) {
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        String json =
                "{\"errorMessage\":\"%s\",\"errorType\":\"%s\"}"
                        .formatted(
                                new String(JsonStringEncoder.getInstance().quoteAsString(message)),
                                type);
        byte[] answer = json.getBytes(StandardCharsets.UTF_8);
        new Rest(() -> respond(status, answer, callback)).read();
    }

    /** What has not been read of the body. */
    private final class Rest {
        private final Runnable then;
        private long left = request.getLength() > MAX_REST_BYTES ? 0 : MAX_REST_BYTES;

        /**
         * @param then called once, on any thread
         */
        Rest(Runnable then) {
            this.then = then;
        }

        void read() {
            while (left > 0) {
                Content.Chunk chunk = request.read();
                if (chunk == null) {
                    request.demand(this::read);
                    return;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    break;
                }
                left = chunk.isLast() ? 0 : left - chunk.remaining();
                chunk.release();
            }
            then.run();
        }
    }

    private void respond(int status, byte[] body, Callback done) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        new Slices(ByteBuffer.wrap(body), done).iterate();
    }

    private final class Slices extends IteratingCallback {
        private final ByteBuffer body;
        private final Callback done;
        private boolean last;

        Slices(ByteBuffer body, Callback done) {
            this.body = body;
            this.done = done;
        }

        @Override
        protected Action process() {
            if (last) {
                return Action.SUCCEEDED;
            }
            int length = Math.min(SLICE_BYTES, body.remaining());
            ByteBuffer slice = body.slice(body.position(), length);
            body.position(body.position() + length);
            last = !body.hasRemaining();
            response.write(last, slice, this);
            return Action.SCHEDULED;
        }

        @Override
        protected void onCompleteSuccess() {
            done.succeeded();
        }

        @Override
        protected void onCompleteFailure(Throwable failure) {
            done.failed(failure);
        }
    }
}
