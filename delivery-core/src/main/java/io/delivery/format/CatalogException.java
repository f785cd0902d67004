package io.delivery.format;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** A schema is not to be had. The catalog may be mended meanwhile, so it is worth asking again. */
public final class CatalogException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What is wrong, with the contract's codes (§6.8). */
    public enum Reason {
        /** No such database or table. */
        ENTITY_NOT_FOUND("DataFormatConversion.EntityNotFound"),
        /** A name or another input that the catalog does not take. */
        INVALID_INPUT("DataFormatConversion.InvalidInput"),
        /** No such version. */
        INVALID_VERSION_ID("DataFormatConversion.InvalidVersionId"),
        /** The schema contradicts itself, has unknown keys, or cannot be read. */
        INVALID_SCHEMA("DataFormatConversion.InvalidSchema"),
        /** A type string cannot be parsed. */
        INVALID_TYPE_FORMAT("DataFormatConversion.InvalidTypeFormat"),
        /** The table has no columns. */
        NON_EXISTENT_COLUMNS("DataFormatConversion.NonExistentColumns"),
        /** Whoever we are may not read the table. */
        ACCESS_DENIED("DataFormatConversion.AccessDenied"),
        /** The catalog does not know who we are: credentials are missing, wrong or too old. */
        INVALID_GLUE_ROLE("DataFormatConversion.InvalidGlueRole"),
        /** The catalog has been asked too often. */
        THROTTLED_BY_GLUE("DataFormatConversion.ThrottledByGlue"),
        /** There is no such service in that region, or nothing at its host name. */
        GLUE_NOT_AVAILABLE_IN_REGION("DataFormatConversion.GlueNotAvailableInRegion"),
        /** The catalog is encrypted and its key is not to be had. */
        GLUE_ENCRYPTION("DataFormatConversion.GlueEncryptionException"),
        /** No answer within the time, or none at all. */
        SCHEMA_VALIDATION_TIMEOUT("DataFormatConversion.SchemaValidationTimeout"),
        /** A refusal that no other code stands for. */
        CUSTOMER_ERROR("DataFormatConversion.DataFormatConversionCustomerErrorException"),
        /** The catalog has failed, or answered what makes no sense. */
        INTERNAL_ERROR("DataFirehose.InternalError");

        private final String code;

        Reason(String code) {
            this.code = code;
        }
    }

    private final Reason reason;
    private final transient List<SchemaProblem> problems;

    /**
     * @param problems everything that is wrong, at least one
     */
    public CatalogException(Reason reason, List<SchemaProblem> problems) {
        super(problems.stream().map(SchemaProblem::toString).collect(Collectors.joining("; ")));
        this.reason = reason;
        this.problems = List.copyOf(problems);
    }

    /** The same, with more around the message. */
    public CatalogException(String message, CatalogException cause) {
        super(message, cause);
        this.reason = cause.reason;
        this.problems = cause.problems;
    }

    public Reason reason() {
        return reason;
    }

    /** Everything that is wrong, in the order in which it stands in the file. */
    public List<SchemaProblem> problems() {
        return problems;
    }

    /** The contract's code, e.g. {@code DataFormatConversion.EntityNotFound}. */
    public String code() {
        return reason.code;
    }
}
