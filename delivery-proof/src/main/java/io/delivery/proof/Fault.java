package io.delivery.proof;

import java.util.Locale;

/** What the proxy does to a request, in the words of its effect. */
public enum Fault {
    /** For a while nobody answers at the store's address. */
    CONNECTION_REFUSED,
    /** For a while almost every request is answered with 503 SlowDown and not passed on. */
    SLOW_DOWN,
    /** For a while something else answers in the store's place: 200 and a web page. */
    PORTAL,
    /** It is passed on late. */
    DELAYED,
    /** Half of it is passed on, then both sides are reset. */
    RESET_MIDWAY,
    /** It is passed on and carried out; the answer is lost in a reset. */
    ANSWER_LOST,
    /** It is passed on and carried out; the answer is 500 InternalError. */
    ERROR_AFTER_STORED,
    /** The client is reset; the request arrives seconds later, whoever has died meanwhile. */
    LATE,
    /** The completion of a multipart upload: reset before it, or after it was carried out. */
    COMPLETION_RESET;

    String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
