package io.delivery.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.failure.FailureText;
import io.delivery.landing.Diversion;
import io.delivery.landing.DiversionAnswer;
import io.delivery.listening.LocalNames;
import io.delivery.record.PrintableText;
import io.delivery.stream.StreamStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** The paths of the admin port. */
final class AdminHandler extends Handler.Abstract {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** A key has at most 1,024 bytes. */
    private static final int LONGEST_BODY = 16 << 10;

    private final Probes probes;
    private final StreamDesk streams;
    private final ConfigAnswer configuration;
    private final LocalNames names;
    private final Executor threads;
    private volatile Optional<String> token;

    /**
     * @param threads where what takes time is answered
     */
    AdminHandler(AdminSettings settings, Probes probes, StreamDesk streams, Executor threads) {
        this.probes = probes;
        this.streams = streams;
        this.configuration = new ConfigAnswer(probes.configuration());
        this.names =
                new LocalNames(
                        Stream.concat(settings.names().stream(), Stream.of(settings.host()))
                                .toList());
        this.threads = threads;
        this.token = settings.token();
    }

    /** Another token counts from now on. */
    void token(String next) {
        token = Optional.of(next);
    }

    /** What Jetty refuses before any request exists: in the same form as every other error. */
    static boolean answerMalformed(Request request, Response response, Callback callback) {
        int status = response.getStatus() >= 400 ? response.getStatus() : 400;
        response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        new Exchange(request, response, callback)
                .error(
                        status,
                        status == 500
                                ? "The request could not be answered: see the log"
                                : "This is not a request that can be understood: "
                                        + HttpStatus.getMessage(status));
        return true;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback)
            throws IOException {
        Exchange exchange = new Exchange(request, response, callback);
        Optional<String> stranger =
                request.getHeaders().getValuesList(HttpHeader.HOST).stream()
                        .filter(host -> !names.include(host))
                        .findFirst();
        if (stranger.isPresent()) {
            exchange.error(
                    421,
                    "The admin server is asked by an address, a local name, or one that"
                            + " server.adminNames lists, not by "
                            + PrintableText.of(stranger.get()));
            return true;
        }
        String path = request.getHttpURI().getPath();
        List<String> steps = Arrays.asList(path.replaceFirst("^/", "").split("/", -1));
        switch (request.getMethod()) {
            case "GET", "HEAD" -> show(exchange, path, steps);
            case "POST" -> change(exchange, steps);
            default -> exchange.error(405, "GET and POST only");
        }
        return true;
    }

    private void show(Exchange exchange, String path, List<String> steps) throws IOException {
        switch (path) {
            case "/health/live" -> exchange.health("live", probes.live().get());
            case "/health/ready" -> exchange.health("ready", probes.ready().get());
            case "/metrics" -> {
                ByteArrayOutputStream page = new ByteArrayOutputStream();
                probes.metrics().writeTo(page);
                exchange.write(200, METRICS_TYPE, page.toByteArray());
            }
            case "/streams" -> {
                ObjectNode answer = JsonNodeFactory.instance.objectNode();
                ArrayNode list = answer.putArray("streams");
                streams.all().forEach(status -> list.add(json(status)));
                ServiceState service = streams.service();
                ObjectNode shown = answer.putObject("service");
                service.troubles().forEach(shown.putArray("troubles")::add);
                service.notes().forEach(shown.putArray("notes")::add);
                exchange.json(200, answer);
            }
            default -> {
                if (steps.size() == 2 && steps.get(0).equals("streams")) {
                    streams.status(steps.get(1))
                            .ifPresentOrElse(
                                    status -> exchange.json(200, json(status)),
                                    () -> exchange.noStream(steps.get(1)));
                } else {
                    exchange.error(404, "Nothing at " + PrintableText.of(path));
                }
            }
        }
    }

    private ObjectNode json(StreamStatus status) {
        return StatusJson.of(
                status,
                streams.function(status.name()),
                streams.unknownFields(status.name()),
                System.currentTimeMillis());
    }

    private void change(Exchange exchange, List<String> steps) {
        boolean all = steps.equals(List.of("flush"));
        boolean compared = steps.equals(List.of("configuration", "diff"));
        Optional<String> required = token;
        if (!all && !compared && (steps.size() != 3 || !steps.get(0).equals("streams"))) {
            exchange.error(
                    404,
                    "Only /flush, /configuration/diff, and /streams/NAME/flush, redirect and skip take"
                            + " a POST");
        } else if (!exchange.mayChange(required)) {
            exchange.error(
                    403,
                    required.isPresent()
                            ? "Changing something needs Authorization: Bearer and the admin token"
                            : "Without an admin token only callers from this machine may change"
                                    + " something");
        } else if (all) {
            flushAll(exchange);
        } else if (compared) {
            compare(exchange);
        } else if (steps.get(2).equals("flush")) {
            flush(exchange, steps.get(1));
        } else if (steps.get(2).equals("redirect")) {
            divert(exchange, steps.get(1), body -> DivertRequest.redirect(body, streams));
        } else if (steps.get(2).equals("skip")) {
            divert(exchange, steps.get(1), DivertRequest::skip);
        } else if (steps.get(2).equals("pause") || steps.get(2).equals("resume")) {
            exchange.error(404, "This version cannot " + steps.get(2) + " a stream");
        } else {
            exchange.error(
                    404,
                    "A stream can be flushed, and its objects redirected or skipped, not: "
                            + PrintableText.of(steps.get(2)));
        }
    }

    /** Takes time, and a body that may be as long as a configuration: one at a time. */
    private void compare(Exchange exchange) {
        if (!configuration.begins()) {
            exchange.error(503, "Another comparison of configurations is under way: ask again");
            return;
        }
        exchange.waitPatiently();
        threads.execute(
                () -> {
                    try {
                        byte[] text = exchange.body(ConfigAnswer.LONGEST_TEXT);
                        configuration
                                .answer(exchange.parameter("name"), text)
                                .whenCompleteAsync(
                                        exchange.answering(
                                                (answer, failure) -> {
                                                    configuration.ended();
                                                    if (failure == null) {
                                                        exchange.json(
                                                                answer.status(), answer.body());
                                                    } else {
                                                        exchange.error(
                                                                500, FailureText.of(failure));
                                                    }
                                                }),
                                        threads);
                    } catch (IOException cutOff) {
                        configuration.ended();
                        exchange.error(400, "The body could not be read");
                    } catch (RuntimeException | Error defect) { // nobody else would answer
                        configuration.ended();
                        exchange.fail(defect);
                    }
                });
    }

    /** What a body asks for. */
    @FunctionalInterface
    private interface Asked {
        Diversion of(byte[] body) throws DivertRequest.RefusedException;
    }

    private void divert(Exchange exchange, String stream, Asked asked) {
        threads.execute(
                () -> {
                    try {
                        byte[] body = exchange.body(LONGEST_BODY);
                        if (body.length > LONGEST_BODY) {
                            exchange.error(
                                    413,
                                    "The body must have at most %d bytes".formatted(LONGEST_BODY));
                            return;
                        }
                        divert(exchange, stream, asked, body);
                    } catch (IOException cutOff) {
                        exchange.error(400, "The body could not be read");
                    } catch (RuntimeException | Error defect) { // nobody else would answer
                        exchange.fail(defect);
                    }
                });
    }

    private void divert(Exchange exchange, String stream, Asked asked, byte[] body) {
        Optional<CompletionStage<DiversionAnswer>> answer;
        try {
            answer = streams.divert(stream, asked.of(body));
        } catch (DivertRequest.RefusedException refused) {
            exchange.error(400, refused.getMessage());
            return;
        }
        if (answer.isEmpty()) {
            exchange.noStream(stream);
            return;
        }
        exchange.waitPatiently();
        answer.get()
                .whenCompleteAsync(
                        exchange.answering(
                                (diverted, failure) -> {
                                    if (failure != null) {
                                        exchange.error(409, FailureText.of(failure));
                                    } else if (diverted.objects().isEmpty()
                                            && !diverted.failures().isEmpty()) {
                                        exchange.error(409, diverted.failureText());
                                    } else if (diverted.objects().isEmpty()) {
                                        exchange.error(
                                                409,
                                                "No object of "
                                                        + PrintableText.of(stream)
                                                        + " that waits to land has that key or is"
                                                        + " in that bucket. It may have landed;"
                                                        + " delivery status shows which objects"
                                                        + " wait");
                                    } else {
                                        exchange.json(200, DivertedJson.of(diverted));
                                    }
                                }),
                        threads);
    }

    private void flush(Exchange exchange, String stream) {
        Optional<CompletionStage<Void>> flushed = streams.flush(stream);
        if (flushed.isEmpty()) {
            exchange.noStream(stream);
            return;
        }
        exchange.waitPatiently();
        flushed.get()
                .whenCompleteAsync(
                        exchange.answering(
                                (done, failure) -> {
                                    if (failure == null) {
                                        exchange.json(
                                                200,
                                                JsonNodeFactory.instance
                                                        .objectNode()
                                                        .put("flushed", stream));
                                    } else {
                                        exchange.error(
                                                500,
                                                "The flush of %s failed: %s"
                                                        .formatted(
                                                                stream, FailureText.of(failure)));
                                    }
                                }),
                        threads);
    }

    /** What cannot be flushed does not keep the others from it, and is told. */
    private void flushAll(Exchange exchange) {
        exchange.waitPatiently();
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode flushed = answer.putArray("flushed");
        Map<String, String> failures = new ConcurrentSkipListMap<>();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (StreamStatus status : streams.all()) {
            String name = status.name();
            streams.flush(name)
                    .ifPresent(
                            settled -> {
                                flushed.add(name);
                                all.add(
                                        settled.toCompletableFuture()
                                                .exceptionally(
                                                        failure -> {
                                                            failures.put(
                                                                    name, FailureText.of(failure));
                                                            return null;
                                                        }));
                            });
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .whenCompleteAsync(
                        exchange.answering(
                                (done, none) -> {
                                    if (failures.isEmpty()) {
                                        exchange.json(200, answer);
                                    } else {
                                        exchange.error(
                                                500,
                                                "These streams were not flushed, the others were: "
                                                        + String.join("; ", failures.values()));
                                    }
                                }),
                        threads);
    }

    /** One request and its answer. */
    private static final class Exchange {
        private final Request request;
        private final Response response;
        private final Callback callback;

        Exchange(Request request, Response response, Callback callback) {
            this.request = request;
            this.response = response;
            this.callback = callback;
        }

        /** Landing may take longer than a connection may be idle. */
        void waitPatiently() {
            request.addIdleTimeoutListener(idle -> false);
        }

        /** What was sent, and no more of it than shows that it is too long. */
        byte[] body(int longest) throws IOException {
            return Content.Source.asInputStream(request).readNBytes(longest + 1);
        }

        /** What stands behind the path; empty when nothing does. */
        String parameter(String name) {
            Fields query = Request.extractQueryParameters(request, StandardCharsets.UTF_8);
            String value = query.getValue(name);
            return value == null ? "" : value;
        }

        boolean mayChange(Optional<String> token) {
            HttpFields headers = request.getHeaders();
            if (token.isPresent()) {
                String sent = headers.get(HttpHeader.AUTHORIZATION);
                return sent != null
                        && MessageDigest.isEqual(
                                sent.getBytes(StandardCharsets.UTF_8),
                                ("Bearer " + token.get()).getBytes(StandardCharsets.UTF_8));
            }
            // A web page in a browser on this machine, or a proxy, is not a local caller.
            return !headers.contains(HttpHeader.ORIGIN)
                    && !headers.contains(HttpHeader.FORWARDED)
                    && !headers.contains(HttpHeader.X_FORWARDED_FOR)
                    && request.getConnectionMetaData().getRemoteSocketAddress()
                            instanceof InetSocketAddress caller
                    && caller.getAddress().isLoopbackAddress();
        }

        /**
         * @param question the name of its answer in the body
         */
        void health(String question, Health health) {
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            answer.put(question, health.answersYes());
            answer.put("healthy", health.healthy());
            ArrayNode reasons = answer.putArray("reasons");
            health.reasons().forEach(reasons::add);
            json(health.answersYes() ? 200 : 503, answer);
        }

        void noStream(String name) {
            error(404, "There is no stream " + PrintableText.of(name));
        }

        /** An answer that is given later; a defect of the program in it is answered as well. */
        <T> BiConsumer<T, Throwable> answering(BiConsumer<T, Throwable> answer) {
            return (value, failure) -> {
                try {
                    answer.accept(value, failure);
                } catch (RuntimeException | Error defect) { // nobody else would answer
                    fail(defect);
                }
            };
        }

        /** As if it had been thrown where the request came in. */
        void fail(Throwable defect) {
            callback.failed(defect);
        }

        void error(int status, String message) {
            json(status, JsonNodeFactory.instance.objectNode().put("error", message));
        }

        void json(int status, JsonNode body) {
            byte[] text = (body.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
            write(status, "application/json", text);
        }

        void write(int status, String type, byte[] body) {
            response.setStatus(status);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
            response.write(true, ByteBuffer.wrap(body), callback);
        }
    }
}
