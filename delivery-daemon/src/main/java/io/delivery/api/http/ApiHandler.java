package io.delivery.api.http;

import io.delivery.api.ApiException;
import io.delivery.api.Operation;
import io.delivery.api.Operations;
import io.delivery.api.signing.Caller;
import io.delivery.api.signing.RequestVerifier;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request's way: admit, read, verify, look the operation up, answer. */
final class ApiHandler extends Handler.Abstract {
    private static final Logger log = LoggerFactory.getLogger(ApiHandler.class);

    private final ApiSettings settings;
    private final Operations operations;
    private final RequestVerifier verifier;
    private final RequestMemory memory;
    private final SlowClients slowClients;

    ApiHandler(
            ApiSettings settings,
            Operations operations,
            RequestVerifier verifier,
            RequestMemory memory,
            SlowClients slowClients) {
        this.settings = settings;
        this.operations = operations;
        this.verifier = verifier;
        this.memory = memory;
        this.slowClients = slowClients;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Reply reply = new Reply(response, callback);
        String path = request.getHttpURI().getPath();
        if (!"POST".equals(request.getMethod()) || !"/".equals(path)) {
            // 404 as on the common-errors page; a call with a wrong target gets 400.
            reply.refuse(
                    new ApiException(
                            "UnknownOperationException", 404, "The API answers POST / only."));
        } else if (request.getLength() > settings.maxBodyBytes()) {
            reply.refuseAndClose(BodyReader.tooLarge(settings.maxBodyBytes()));
        } else {
            admit(request, reply);
        }
        return true;
    }

    private void admit(Request request, Reply reply) {
        RequestVerifier.Admission admission;
        try {
            admission = verifier.admit(new ReceivedHead(request));
        } catch (ApiException refused) {
            BodyReader unread = reader(request);
            finishReading(unread, unread.discard(), request, reply, none -> reply.refuse(refused));
            return;
        }
        BodyReader reader = reader(request);
        finishReading(
                reader,
                reader.read(),
                request,
                reply,
                body -> answer(request, admission, body, reply));
    }

    private BodyReader reader(Request request) {
        BodyReader reader =
                new BodyReader(
                        request,
                        request.getLength(),
                        memory,
                        settings.maxBodyBytes(),
                        slowClients.rate());
        slowClients.watch(reader);
        return reader;
    }

    private void finishReading(
            BodyReader reader,
            CompletionStage<BodyReader.Body> reading,
            Request request,
            Reply reply,
            Consumer<BodyReader.Body> then) {
        reading.whenComplete(
                (body, failure) -> {
                    slowClients.forget(reader);
                    if (failure == null) {
                        request.addIdleTimeoutListener(idle -> false); // ours to answer now
                        then.accept(body);
                    } else if (failure instanceof ApiException refusal) {
                        reply.refuseAndClose(refusal); // the rest is not read
                    } else {
                        reply.abort(failure); // the client has gone
                    }
                });
    }

    private void answer(
            Request request,
            RequestVerifier.Admission admission,
            BodyReader.Body body,
            Reply reply) {
        CompletionStage<byte[]> answer;
        try {
            Caller caller = admission.verify(new ReceivedRequest(request, body));
            Operation operation = operations.find(request.getHeaders().get("x-amz-target"));
            checkContentType(request);
            caller.mustBeAllowed(operation.name());
            answer = operation.answer(new ReceivedCall(caller, body));
        } catch (RuntimeException refused) {
            body.release();
            finish(reply, null, refused);
            return;
        }
        answer.whenComplete(
                (bytes, failure) -> {
                    body.release();
                    finish(reply, bytes, failure);
                });
    }

    private static void checkContentType(Request request) {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type != null && !type.contains("json")) {
            throw ApiException.unknownOperation(
                    "Only application/x-amz-json-1.1 is understood, not this Content-Type.");
        }
        String encoding = request.getHeaders().get(HttpHeader.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw ApiException.serialization("A Content-Encoding is not understood.");
        }
    }

    private static void finish(Reply reply, byte[] bytes, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause == null) {
            reply.succeed(bytes);
        } else if (cause instanceof ApiException refusal) {
            reply.refuse(refusal);
        } else {
            log.error("request failed requestId={}", reply.requestId(), cause);
            reply.refuse(ApiException.internalFailure());
        }
    }

    private record ReceivedCall(Caller caller, BodyReader.Body received) implements Operation.Call {
        @Override
        public byte[] body() {
            return received.array();
        }

        @Override
        public int length() {
            return received.length();
        }

        @Override
        public void releaseBody() {
            received.release();
        }
    }
}
