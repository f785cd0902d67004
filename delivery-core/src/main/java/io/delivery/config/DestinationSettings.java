package io.delivery.config;

import java.time.ZoneId;
import java.util.Optional;

/**
 * Where a stream's objects land: ExtendedS3DestinationConfiguration.
 *
 * @param store a name under {@code stores}
 * @param prefix as written; absent: {@code yyyy/MM/dd/HH/}
 * @param errorPrefix as written; absent: the prefix, the error output's type and the date
 * @param timezone of the times in keys: CustomTimeZone
 * @param fileExtension replaces the whole default extension: FileExtension
 */
public record DestinationSettings(
        String store,
        String bucket,
        Optional<String> prefix,
        Optional<String> errorPrefix,
        Compression compression,
        ZoneId timezone,
        Optional<String> fileExtension) {
    /** Also of a backup: API reference, CompressionFormat. */
    public static final Compression DEFAULT_COMPRESSION = Compression.NONE;

    /** Also of a backup: API reference, CustomTimeZone. */
    public static final ZoneId DEFAULT_TIMEZONE = ZoneId.of("UTC");
}
