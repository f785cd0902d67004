package io.delivery.format;

import java.io.IOException;

/** A schema is not to be had. The catalog may be mended meanwhile, so it is worth asking again. */
public final class CatalogException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What is wrong; the names are the contract's codes behind {@code DataFormatConversion.}. */
    public enum Reason {
        /** No such database or table. */
        ENTITY_NOT_FOUND("EntityNotFound"),
        /** A name or another input that the catalog does not take. */
        INVALID_INPUT("InvalidInput"),
        /** No such version. */
        INVALID_VERSION_ID("InvalidVersionId"),
        /** The schema contradicts itself, has unknown keys, or cannot be read. */
        INVALID_SCHEMA("InvalidSchema"),
        /** A type string cannot be parsed. */
        INVALID_TYPE_FORMAT("InvalidTypeFormat"),
        /** The table has no columns. */
        NON_EXISTENT_COLUMNS("NonExistentColumns");

        private final String code;

        Reason(String code) {
            this.code = code;
        }
    }

    private final Reason reason;

    public CatalogException(Reason reason, String message) {
        this(reason, message, null);
    }

    public CatalogException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** The contract's code, e.g. {@code DataFormatConversion.EntityNotFound}. */
    public String code() {
        return "DataFormatConversion." + reason.code;
    }
}
