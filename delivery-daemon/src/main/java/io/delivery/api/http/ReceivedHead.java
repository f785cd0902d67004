package io.delivery.api.http;

import io.delivery.api.signing.CanonicalPath;
import io.delivery.api.signing.SignedHead;
import java.util.List;
import org.eclipse.jetty.server.Request;

/** The head of what was received, as its signature sees it. */
class ReceivedHead implements SignedHead {
    private final Request request;

    ReceivedHead(Request request) {
        this.request = request;
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public String path() {
        String path = request.getHttpURI().getPath();
        return path.isEmpty() ? "/" : path; // of http://host, which a proxy may send
    }

    /** Whether the path is that of the API, however many slashes and dots it is written with. */
    boolean isForRoot() {
        return CanonicalPath.of(path()).equals("/");
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
}
