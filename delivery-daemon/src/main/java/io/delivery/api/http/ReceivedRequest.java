package io.delivery.api.http;

import io.delivery.api.signing.BodyHash;
import io.delivery.api.signing.SignedRequest;
import org.eclipse.jetty.server.Request;

/** All that was received, as its signature sees it. */
final class ReceivedRequest extends ReceivedHead implements SignedRequest {
    private final BodyReader.Body body;

    ReceivedRequest(Request request, BodyReader.Body body) {
        super(request);
        this.body = body;
    }

    @Override
    public byte[] bodyHash() {
        return BodyHash.of(body.array(), 0, body.length());
    }
}
