package io.delivery.api.signing;

import java.util.List;

/** What of an HTTP request's head goes into its signature. */
public interface SignedHead {
    String method();

    /** The path as it was sent, encoded. */
    String path();

    /** The query as it was sent, without the question mark; empty for none. */
    String query();

    /**
     * A header's values in the order they were sent, with one character for each byte (ISO 8859-1)
     * and spelt as they were sent; empty when it is absent.
     *
     * @param name in lower case
     */
    List<String> headers(String name);
}
