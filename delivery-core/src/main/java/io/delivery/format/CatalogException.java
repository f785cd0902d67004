package io.delivery.format;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

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
        return "DataFormatConversion." + reason.code;
    }
}
