package io.delivery.runtime;

/** What a process asks of the Runtime API. Called on threads of the port, which do not wait. */
interface RuntimeCalls {
    /** It asks for an event, and waits for it. */
    void next(RuntimeExchange exchange);

    /** It answers an event. */
    void response(String requestId, RuntimeExchange exchange);

    /** It tells that it failed with an event. */
    void error(String requestId, RuntimeExchange exchange);

    /** It tells that it cannot work. */
    void initError(RuntimeExchange exchange);
}
