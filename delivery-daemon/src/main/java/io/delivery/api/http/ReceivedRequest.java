package io.delivery.api.http;

import io.delivery.api.signing.BodyHash;
import io.delivery.api.signing.SignedRequest;
import java.util.List;
import org.eclipse.jetty.server.Request;

/** What was received, as its signature sees it. */
final class ReceivedRequest implements SignedRequest {
    private final Request request;
    private final BodyReader.Body body;
    private byte[] hash;

    ReceivedRequest(Request request, BodyReader.Body body) {
        this.request = request;
        this.body = body;
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public String path() {
        return request.getHttpURI().getPath();
    }

    @Override
    public String query() {
        String query = request.getHttpURI().getQuery();
        return query == null ? "" : query;
    }

    @Override
    public List<String> headers(String name) {
        return request.getHeaders().getValuesList(name);
    }

    @Override
    public byte[] bodyHash() {
        if (hash == null) {
            hash = BodyHash.of(body.array(), 0, body.length());
        }
        return hash;
    }
}
