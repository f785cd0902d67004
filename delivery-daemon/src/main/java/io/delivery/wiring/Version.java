package io.delivery.wiring;

import java.util.Optional;

/** Which program this is. */
final class Version {
    private Version() {}

    /** As the build wrote it into the jar; {@code development} when run from classes. */
    static String text() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
