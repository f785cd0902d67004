package io.delivery.runtime;

import io.delivery.failure.FailureText;
import io.delivery.failure.OpenedSoFar;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the Lambda Runtime API on loopback: a port for each process, for as long as it runs. A
 * process knows its own port only, so none gets another's events, and what a former process left
 * behind speaks to nobody. Thread-safe.
 */
final class RuntimePorts implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RuntimePorts.class);

    /** Functions with many slots have a thread for each port. Those that are idle end. */
    private static final int MAX_THREADS = 2048;

    private static final int MIN_THREADS = 4;

    /** Runtimes tell a cause in a header of up to 1 MB: Runtime API, invocation error. */
    private static final int MAX_HEAD_BYTES = (1 << 20) + (1 << 16);

    /** A process needs one for each event; beside them it may tell errors, or has opened anew. */
    private static final int MORE_CONNECTIONS = 8;

    private static final String API = "/2018-06-01/runtime/";
    private static final Pattern OF_AN_INVOCATION =
            Pattern.compile(Pattern.quote(API) + "invocation/([^/]+)/(response|error)");

    final Server server;

    RuntimePorts() throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
        threads.setName("function-runtime");
        threads.setDaemon(true);
        server = new Server(threads);
        server.setHandler(new Requests());
        try {
            server.start();
        } catch (Throwable failed) { // also: unable to create native thread
            OpenedSoFar.closeAfter(failed, this::close);
            throw failure("The Runtime API of functions could not be started", failed);
        }
    }

    /** The port of one process. */
    final class Port implements AutoCloseable {
        private final ServerConnector connector;

        private Port(ServerConnector connector) {
            this.connector = connector;
        }

        /** Host and port, as AWS_LAMBDA_RUNTIME_API has them. */
        String address() {
            return "127.0.0.1:" + connector.getLocalPort();
        }

        /** Ends all its connections. */
        @Override
        public void close() {
            end(connector);
        }
    }

    /**
     * Opens any free port.
     *
     * @param calls hears what is asked there
     * @param eventsAtATime of the process; further connections than it needs for them wait
     */
    Port open(RuntimeCalls calls, int eventsAtATime) throws IOException {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(MAX_HEAD_BYTES);
        http.setUriCompliance(UriCompliance.UNSAFE); // paths name no file, they are compared
        ServerConnector connector =
                new ServerConnector(
                        server, null, null, null, 0, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(0);
        connector.setIdleTimeout(0); // a process waits for its next event as long as it takes
        connector.setAcceptedTcpNoDelay(true); // otherwise answers wait 40 ms for an ACK
        connector.addBean(new Owner(calls));
        connector.addBean(
                new NetworkConnectionLimit(2 * eventsAtATime + MORE_CONNECTIONS, connector));
        begin(connector);
        return new Port(connector);
    }

    /** Nothing of it is left when that fails. */
    void begin(ServerConnector connector) throws IOException {
        try {
            server.addConnector(connector);
            connector.start();
        } catch (Throwable failed) { // also: unable to create native thread
            OpenedSoFar.closeAfter(failed, () -> end(connector));
            throw failure("No port could be opened on loopback", failed);
        }
    }

    private void end(ServerConnector connector) {
        server.removeConnector(connector);
        try {
            connector.stop();
        } catch (Exception e) {
            log.warn("port of a function not closed: error={}", FailureText.of(e));
        }
    }

    /** An error is thrown as it is. */
    private static IOException failure(String what, Throwable failed) {
        if (failed instanceof Error error) {
            throw error;
        }
        return new IOException(what + ": " + FailureText.of(failed), failed);
    }

    /** Whom a port belongs to. */
    private record Owner(RuntimeCalls calls) {}

    private static final class Requests extends Handler.Abstract.NonBlocking {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            RuntimeExchange exchange = new RuntimeExchange(request, response, callback);
            ServerConnector connector =
                    (ServerConnector) request.getConnectionMetaData().getConnector();
            RuntimeCalls calls = connector.getBean(Owner.class).calls();
            String path = request.getHttpURI().getPath();
            Matcher invocation = OF_AN_INVOCATION.matcher(path);
            if (path.equals(API + "invocation/next")) {
                if (allows(request, HttpMethod.GET, exchange)) {
                    calls.next(exchange);
                }
            } else if (path.equals(API + "init/error")) {
                if (allows(request, HttpMethod.POST, exchange)) {
                    calls.initError(exchange);
                }
            } else if (!invocation.matches()) {
                exchange.refuse(404, "ResourceNotFound", "There is no such resource: " + path);
            } else if (allows(request, HttpMethod.POST, exchange)) {
                if (invocation.group(2).equals("response")) {
                    calls.response(invocation.group(1), exchange);
                } else {
                    calls.error(invocation.group(1), exchange);
                }
            }
            return true;
        }

        private static boolean allows(
                Request request, HttpMethod method, RuntimeExchange exchange) {
            if (method.is(request.getMethod())) {
                return true;
            }
            exchange.refuse(405, "MethodNotAllowed", "This resource takes " + method + " only");
            return false;
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            log.warn("server of the Runtime API not stopped: error={}", FailureText.of(e));
        }
    }
}
