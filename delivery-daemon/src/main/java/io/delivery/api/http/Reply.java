package io.delivery.api.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.ApiException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The answer to one request: headers and body in one write. Used once. */
final class Reply {
    private static final HttpField CONTENT_TYPE =
            new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "application/x-amz-json-1.1");
    private static final int ID_2_BYTES = 48;

    private final Response response;
    private final Callback callback;
    private final String requestId;

    Reply(Response response, Callback callback) {
        this.response = response;
        this.callback = callback;
        ThreadLocalRandom random = ThreadLocalRandom.current(); // an id, not a secret
        long version4 = random.nextLong() & ~0xF000L | 0x4000L;
        long variant = random.nextLong() >>> 2 | 1L << 63;
        this.requestId = new UUID(version4, variant).toString();
    }

    String requestId() {
        return requestId;
    }

    void succeed(byte[] body) {
        write(200, body);
    }

    /** With a body of no bytes and no type. */
    void succeedWithNothing() {
        response.getHeaders().put("x-amzn-RequestId", requestId);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
        response.setStatus(200);
        response.write(true, ByteBuffer.allocate(0), callback);
    }

    void refuse(ApiException refusal) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.put("__type", refusal.type());
        error.put("message", refusal.getMessage());
        response.getHeaders().put("x-amzn-ErrorType", refusal.type());
        write(refusal.status(), error.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Refuses without reading what the client still sends. */
    void refuseAndClose(ApiException refusal) {
        response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        refuse(refusal);
    }

    void abort(Throwable failure) {
        callback.failed(failure);
    }

    private void write(int status, byte[] body) {
        byte[] id2 = new byte[ID_2_BYTES];
        ThreadLocalRandom.current().nextBytes(id2);
        HttpFields.Mutable headers = response.getHeaders();
        headers.put("x-amzn-RequestId", requestId);
        headers.put("x-amz-id-2", Base64.getEncoder().encodeToString(id2));
        headers.put(CONTENT_TYPE);
        headers.put(HttpHeader.CONTENT_LENGTH, body.length);
        response.setStatus(status);
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
