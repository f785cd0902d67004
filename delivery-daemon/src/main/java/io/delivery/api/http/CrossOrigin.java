package io.delivery.api.http;

import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * Lets pages of other origins call the API, as SDKs in browsers do (CORS, Fetch standard). A
 * browser keeps an answer from a page unless the answer names the page's origin.
 */
final class CrossOrigin {
    private static final String ANY = "*";

    /** Beyond what a page may read anyway; SDKs take ids and the error's name from there. */
    private static final String EXPOSED =
            "x-amzn-RequestId, x-amz-id-2, x-amzn-ErrorType, x-amzn-ErrorMessage, Date";

    /** The longest that browsers keep (Chromium). */
    private static final String MAX_AGE_SECONDS = "7200";

    private static final Pattern HEADER_NAMES = Pattern.compile("[A-Za-z0-9-]+(?:,[A-Za-z0-9-]+)*");

    private final List<String> origins;

    /**
     * @param origins {@code https://app.example.com} each, or {@code *}; none: no page may call
     */
    CrossOrigin(List<String> origins) {
        this.origins = List.copyOf(origins);
    }

    /** Whether no page may call at all. */
    boolean isOff() {
        return origins.isEmpty();
    }

    /** Whether the request comes from a page that may call. */
    boolean isAllowed(Request request) {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        return origin != null && (origins.contains(ANY) || origins.contains(origin));
    }

    /** Names the page's origin in the answer, whatever the answer will be. */
    void nameOrigin(Request request, Response response) {
        if (isOff()) {
            return;
        }
        HttpFields.Mutable headers = response.getHeaders();
        if (!origins.contains(ANY)) {
            headers.put(HttpHeader.VARY, "Origin");
        }
        if (isAllowed(request)) {
            headers.put(
                    "Access-Control-Allow-Origin",
                    origins.contains(ANY) ? ANY : request.getHeaders().get(HttpHeader.ORIGIN));
            headers.put("Access-Control-Expose-Headers", EXPOSED);
        }
    }

    /** What a browser asks for before it sends the call itself. */
    void permit(Request request, Response response) {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put("Access-Control-Allow-Methods", "POST");
        headers.put("Access-Control-Max-Age", MAX_AGE_SECONDS);
        String asked = request.getHeaders().get("Access-Control-Request-Headers");
        String names = asked == null ? "" : asked.replaceAll("[ \t]", "");
        if (HEADER_NAMES.matcher(names).matches()) {
            headers.put("Access-Control-Allow-Headers", names); // SDKs add some of their own
        }
    }
}
