package io.delivery.landing;

import java.io.IOException;

/** Lane state that was durable cannot be believed. The stream stops; nothing is deleted. */
public final class LaneDamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    public LaneDamagedException(String message) {
        super(message);
    }
}
