package io.delivery.s3;

import io.delivery.s3.S3Settings.Credentials;
import java.net.URI;
import java.util.Optional;

/** The settings of tests with a server of their own: its address, and else what is usual. */
final class PathStyle {
    private PathStyle() {}

    /**
     * @param credentials empty for those of the chain
     */
    static S3Settings of(URI server, Optional<Credentials> credentials, int uploads) {
        S3Settings defaults = S3Settings.DEFAULTS;
        return new S3Settings(
                Optional.of(server),
                defaults.region(),
                true,
                credentials,
                Optional.empty(),
                Optional.empty(),
                defaults.checksums(),
                true,
                true,
                defaults.conditionalWrites(),
                false,
                defaults.acl(),
                defaults.encryption(),
                defaults.partSize(),
                false,
                uploads);
    }
}
