package io.delivery.config;

/**
 * Records are what CloudWatch Logs sends to a subscription: compressed with gzip, each one JSON
 * envelope of log events. The API's Decompression and CloudWatchLogProcessing processors.
 *
 * @param messages what becomes of the envelope
 */
public record Decompression(Messages messages) {
    /** What a record is behind this stage. */
    public enum Messages {
        /** The envelope, as it was before it was compressed. */
        IN_ENVELOPE,
        /** The messages of its log events, each with a line feed: DataMessageExtraction. */
        EXTRACTED
    }
}
