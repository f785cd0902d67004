package io.delivery.record;

/**
 * Why a record could not be delivered as it should.
 *
 * @param kind which error output it goes to
 * @param code the contract's code, e.g. {@code DynamicPartitioning.MetadataExtractionFailed}
 * @param message for people, one sentence, never the record's contents
 * @param attempts how often it was tried
 */
public record Failure(Kind kind, String code, String message, int attempts) {
    public Failure(Kind kind, String code, String message) {
        this(kind, code, message, 1);
    }

    /** The value of {@code !{firehose:error-output-type}}. */
    public enum Kind {
        PROCESSING_FAILED("processing-failed"),
        FORMAT_CONVERSION_FAILED("format-conversion-failed"),
        DECOMPRESSION_FAILED("decompression-failed");

        private final String errorOutputType;

        Kind(String errorOutputType) {
            this.errorOutputType = errorOutputType;
        }

        public String errorOutputType() {
            return errorOutputType;
        }
    }
}
