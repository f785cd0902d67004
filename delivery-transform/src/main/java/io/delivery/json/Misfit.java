package io.delivery.json;

import io.delivery.record.Failure;
import io.delivery.record.RecordFailedException;

/** Makes the reasons why a record does not convert, in the contract's words (section 6.8). */
final class Misfit {
    private static final String PREFIX = "DataFormatConversion.";

    private Misfit() {}

    /** The bytes are not JSON. */
    static RecordFailedException parseError(String message) {
        return failed("ParseError", "Encountered malformed JSON. " + message);
    }

    /** The data does not fit the schema, or is no data at all. */
    static RecordFailedException malformed(String message) {
        return failed("MalformedData", message);
    }

    /** The same, with the column it is about. */
    static RecordFailedException malformed(ColumnPath column, String reason) {
        return malformed("Column " + column + ": " + reason);
    }

    /** The data does not fit the schema: these words, and then why. */
    static RecordFailedException mismatch(ColumnPath column, String reason) {
        return malformed(column, "Data does not match the schema. " + reason);
    }

    static RecordFailedException invalidRecord(ColumnPath column, String reason) {
        return failed("InvalidRecord", "Column " + column + ": " + reason);
    }

    /** We failed on it, and it is this record's doing. */
    static RecordFailedException conversionFailure(String message) {
        return failed("ConversionFailureException", message);
    }

    /** The same, with the column that it failed in. */
    static RecordFailedException conversionFailure(ColumnPath column, String reason) {
        return conversionFailure("Column " + column + ": " + reason);
    }

    private static RecordFailedException failed(String code, String message) {
        return new RecordFailedException(
                new Failure(Failure.Kind.FORMAT_CONVERSION_FAILED, PREFIX + code, message));
    }
}
