package io.delivery.config;

import java.time.ZoneId;
import java.util.Optional;

/** Where the untouched source records land beside the destination: S3BackupConfiguration. */
public record BackupSettings(
        String store,
        String bucket,
        Optional<String> prefix,
        Compression compression,
        FormatSettings.Delimiter delimiter,
        ZoneId timezone,
        BufferingHints buffer) {
    /** The same with other hints. */
    BackupSettings withBuffer(BufferingHints hints) {
        return new BackupSettings(store, bucket, prefix, compression, delimiter, timezone, hints);
    }
}
