package io.delivery.javafunction;

import com.amazonaws.services.lambda.runtime.api.client.runtimeapi.dto.InvocationRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;

/**
 * The Runtime API of Lambda, version 2018-06-01. Without the native client: any machine will do.
 */
final class RuntimeApi {
    private static final String ERROR_TYPE = "Lambda-Runtime-Function-Error-Type";

    private final String base;

    /**
     * @param address host and port, as {@code AWS_LAMBDA_RUNTIME_API} has them
     */
    RuntimeApi(String address) {
        this.base = "http://" + address + "/2018-06-01/runtime/";
    }

    /**
     * Waits for the next event, for as long as it takes.
     *
     * @throws IOException when nobody answers any more, or says that this process gets no more
     * @throws IllegalStateException when the answer is another one than an event
     */
    InvocationRequest next() throws IOException {
        HttpURLConnection connection = open("invocation/next");
        int status = connection.getResponseCode();
        if (status == HttpURLConnection.HTTP_GONE) {
            throw new IOException("this process gets no more events");
        }
        if (status != HttpURLConnection.HTTP_OK) {
            throw new IllegalStateException(
                    "asking for the next event was answered with " + status);
        }
        InvocationRequest request = new InvocationRequest();
        request.setId(connection.getHeaderField("Lambda-Runtime-Aws-Request-Id"));
        request.setXrayTraceId(connection.getHeaderField("Lambda-Runtime-Trace-Id"));
        request.setInvokedFunctionArn(
                connection.getHeaderField("Lambda-Runtime-Invoked-Function-Arn"));
        request.setDeadlineTimeInMs(connection.getHeaderFieldLong("Lambda-Runtime-Deadline-Ms", 0));
        request.setClientContext(connection.getHeaderField("Lambda-Runtime-Client-Context"));
        request.setCognitoIdentity(connection.getHeaderField("Lambda-Runtime-Cognito-Identity"));
        try (InputStream in = connection.getInputStream()) {
            request.setContent(in.readAllBytes());
        }
        return request;
    }

    /** What it says to an answer, such as that it is too large, concerns the one who asked only. */
    void respond(String requestId, byte[] answer) throws IOException {
        post("invocation/" + requestId + "/response", answer, null);
    }

    void fail(String requestId, byte[] error, String errorType) throws IOException {
        post("invocation/" + requestId + "/error", error, errorType);
    }

    void failToStart(byte[] error, String errorType) throws IOException {
        post("init/error", error, errorType);
    }

    private void post(String path, byte[] body, String errorType) throws IOException {
        HttpURLConnection connection = open(path);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        if (errorType != null) {
            connection.setRequestProperty(ERROR_TYPE, errorType);
        }
        connection.setFixedLengthStreamingMode(body.length);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        int status = connection.getResponseCode();
        try (InputStream in =
                status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            if (in != null) {
                in.transferTo(OutputStream.nullOutputStream()); // the connection is used again
            }
        }
    }

    private HttpURLConnection open(String path) throws IOException {
        URL url = URI.create(base + path).toURL();
        return (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
    }
}
