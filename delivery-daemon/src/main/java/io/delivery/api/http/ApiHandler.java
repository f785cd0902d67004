package io.delivery.api.http;

import io.delivery.api.ApiException;
import io.delivery.api.Operation;
import io.delivery.api.Operations;
import io.delivery.api.signing.Caller;
import io.delivery.api.signing.RequestVerifier;
import io.delivery.failure.RepeatedFailure;
import io.delivery.listening.LocalNames;
import io.delivery.record.PrintableText;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.LoggerFactory;

/** One request's way: admit, read, verify, look the operation up, answer. */
final class ApiHandler extends Handler.Abstract {
    private final RepeatedFailure failures =
            RepeatedFailure.of(
                    LoggerFactory.getLogger(ApiHandler.class),
                    "answering a request",
                    System::nanoTime);

    private final ApiSettings settings;
    private final Operations operations;
    private final RequestVerifier verifier;
    private final RequestMemory memory;
    private final SlowBodies slowBodies;
    private final CrossOrigin crossOrigin;

    /** Only where nobody has to sign. */
    private final Optional<LocalNames> ownNames;

    ApiHandler(
            ApiSettings settings,
            Operations operations,
            RequestVerifier verifier,
            RequestMemory memory,
            SlowBodies slowBodies) {
        this.settings = settings;
        this.operations = operations;
        this.verifier = verifier;
        this.memory = memory;
        this.slowBodies = slowBodies;
        this.crossOrigin = new CrossOrigin(settings.origins());
        this.ownNames =
                verifier == RequestVerifier.UNCHECKED
                        ? Optional.of(new LocalNames(List.of(settings.host())))
                        : Optional.empty();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Reply reply = new Reply(response, callback);
        ReceivedHead head = new ReceivedHead(request);
        crossOrigin.nameOrigin(request, response);
        if (!head.isForRoot()) {
            reply.refuse(notHere(head));
        } else if ("OPTIONS".equals(head.method())) {
            preflight(request, response, reply);
        } else if (!"POST".equals(head.method())) {
            reply.refuse(notHere(head));
        } else if (ownNames.isPresent() && !asksForUs(request)) {
            reply.refuse(
                    new ApiException(
                            "AccessDeniedException",
                            403,
                            "Without credentials only this machine is served, under its own"
                                    + " names, which this Host is not: "
                                    + PrintableText.of(request.getHeaders().get(HttpHeader.HOST))));
        } else if (request.getLength() > settings.maxBodyBytes()) {
            reply.refuseAndClose(BodyReader.tooLarge(settings.maxBodyBytes()));
        } else {
            admit(request, reply);
        }
        return true;
    }

    /** 404 as on the common-errors page; a call with a wrong target gets 400. */
    private static ApiException notHere(ReceivedHead head) {
        return new ApiException(
                "UnknownOperationException",
                404,
                "The API answers POST / only, not %s %s."
                        .formatted(PrintableText.of(head.method()), PrintableText.of(head.path())));
    }

    private void preflight(Request request, Response response, Reply reply) {
        if (crossOrigin.isAllowed(request)) {
            crossOrigin.permit(request, response);
            reply.succeedWithNothing();
        } else {
            reply.refuse(
                    new ApiException(
                            "AccessDeniedException",
                            403,
                            crossOrigin.isOff()
                                    ? "Pages of other origins may not call: server.cors lists none."
                                    : "Pages of this origin may not call: server.cors does not list"
                                            + " it."));
        }
    }

    /** A page of the web may have been given our address under a name of its own. */
    private boolean asksForUs(Request request) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        return host == null || ownNames.get().include(host);
    }

    private void admit(Request request, Reply reply) {
        RequestVerifier.Admission admission;
        try {
            admission = verifier.admit(new ReceivedHead(request));
        } catch (ApiException refused) {
            BodyReader unread = reader(request, Claim.proven()); // it takes no memory
            finishReading(unread, unread.discard(), request, reply, none -> reply.refuse(refused));
            return;
        }
        BodyReader reader =
                reader(
                        request,
                        admission
                                .claimedKey()
                                .map(key -> Claim.of(key, remoteAddress(request)))
                                .orElseGet(Claim::proven));
        finishReading(
                reader,
                reader.read(),
                request,
                reply,
                body -> answer(request, admission, body, reply));
    }

    private static SocketAddress remoteAddress(Request request) {
        return request.getConnectionMetaData().getRemoteSocketAddress();
    }

    private BodyReader reader(Request request, Claim claim) {
        BodyReader reader =
                new BodyReader(
                        request,
                        request.getLength(),
                        memory,
                        settings.maxBodyBytes(),
                        slowBodies.rate(),
                        claim);
        slowBodies.watch(reader);
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
                    slowBodies.forget(reader);
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
            body.prove();
            Operation operation = operations.find(request.getHeaders().get("x-amz-target"));
            checkContentType(request);
            answer = operation.answer(new ReceivedCall(caller, body));
        } catch (RuntimeException | Error refused) { // also errors: nobody else would answer
            body.release();
            finish(reply, null, refused);
            return;
        }
        answer.whenComplete(
                (bytes, failure) -> {
                    body.release();
                    try {
                        finish(reply, bytes, failure);
                    } catch (RuntimeException | Error defect) { // nobody else would end the call
                        reply.abort(defect);
                    }
                });
    }

    private static void checkContentType(Request request) {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type != null && !type.toLowerCase(Locale.ROOT).contains("json")) {
            throw ApiException.unknownOperation(
                    "Only application/x-amz-json-1.1 is understood, not this Content-Type.");
        }
        String encoding = request.getHeaders().get(HttpHeader.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw ApiException.serialization("A Content-Encoding is not understood.");
        }
    }

    private void finish(Reply reply, byte[] bytes, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause == null) {
            reply.succeed(bytes);
        } else if (cause instanceof ApiException refusal) {
            reply.refuse(refusal);
        } else {
            failures.failedOnce(cause, "requestId", reply.requestId());
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
