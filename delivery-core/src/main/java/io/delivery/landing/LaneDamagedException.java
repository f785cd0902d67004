package io.delivery.landing;

import java.io.IOException;
import java.nio.file.Path;

/** Lane state that was durable cannot be believed. The stream stops; nothing is deleted. */
public final class LaneDamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    public LaneDamagedException(String reason) {
        super(reason);
        this.reason = reason;
    }

    LaneDamagedException(Path file, String place, String reason) {
        super("%s, %s: %s".formatted(file, place, reason));
        this.reason = reason;
    }

    /** Why not, without the place. */
    String reason() {
        return reason;
    }
}
