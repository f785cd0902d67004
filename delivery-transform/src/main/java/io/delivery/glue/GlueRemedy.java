package io.delivery.glue;

import io.delivery.format.CatalogException.Reason;
import io.delivery.format.SchemaProblem.Cause;
import java.util.Map;

/**
 * What an answer means, and what would help. Codes: API reference, GetTable and GetTableVersion,
 * errors; common errors of all services.
 */
enum GlueRemedy {
    ABSENT(
            Reason.ENTITY_NOT_FOUND,
            Cause.ABSENT,
            "create it, or correct format.schema.table of the stream, or region or catalogId of the"
                    + " catalog"),
    INVALID(
            Reason.INVALID_INPUT,
            Cause.NAME,
            "correct format.schema of the stream, or catalogId of the catalog"),
    DENIED(
            Reason.ACCESS_DENIED,
            Cause.UNREADABLE,
            "allow glue:GetTable and glue:GetTableVersion on the catalog, the database and the"
                    + " table, and where Lake Formation guards the table, SELECT on all of its"
                    + " columns"),
    UNKNOWN_KEY(
            Reason.INVALID_GLUE_ROLE,
            Cause.UNREADABLE,
            "correct the credentials of the catalog, or have the key enabled; a new key in a"
                    + " profile file is read without a restart, and so is one in the"
                    + " configuration"),
    OLD_SESSION(
            Reason.INVALID_GLUE_ROLE,
            Cause.UNREADABLE,
            "renew the session credentials, or set the clock of this machine"),
    NO_CREDENTIALS(
            Reason.INVALID_GLUE_ROLE,
            Cause.UNREADABLE,
            "set credentials of the catalog, or give the service a role or a profile"),
    THROTTLED(
            Reason.THROTTLED_BY_GLUE,
            Cause.UNREADABLE,
            "it is asked again after a pause; set a longer refresh if that repeats"),
    ENCRYPTED(
            Reason.GLUE_ENCRYPTION,
            Cause.UNREADABLE,
            "allow kms:Decrypt on the key of the catalog, and have the key enabled"),
    SLOW(Reason.SCHEMA_VALIDATION_TIMEOUT, Cause.UNREADABLE, "it is asked again after a pause"),
    LATE(
            Reason.SCHEMA_VALIDATION_TIMEOUT,
            Cause.UNREADABLE,
            "it is asked again after a pause; look at the network and at endpoint of the catalog"),
    UNREACHABLE(
            Reason.SCHEMA_VALIDATION_TIMEOUT,
            Cause.UNREADABLE,
            "it is asked again after a pause; look at the network and at endpoint of the catalog"),
    NO_SUCH_REGION(
            Reason.GLUE_NOT_AVAILABLE_IN_REGION,
            Cause.UNREADABLE,
            "correct region of the catalog, or look at the network"),
    NO_GLUE(
            Reason.INTERNAL_ERROR,
            Cause.UNREADABLE,
            "that is no answer of Glue: look at endpoint of the catalog, and at proxies on the way"),
    FAILED(Reason.INTERNAL_ERROR, Cause.UNREADABLE, "it is asked again after a pause"),
    REFUSED(
            Reason.CUSTOMER_ERROR,
            Cause.UNREADABLE,
            "look up Glue's answer; it is asked again after a pause");

    private static final Map<String, GlueRemedy> OF_CODE =
            Map.ofEntries(
                    Map.entry("EntityNotFoundException", ABSENT),
                    Map.entry("InvalidInputException", INVALID),
                    Map.entry("ValidationException", INVALID),
                    Map.entry("AccessDeniedException", DENIED),
                    Map.entry("UnrecognizedClientException", UNKNOWN_KEY),
                    Map.entry("InvalidClientTokenId", UNKNOWN_KEY),
                    Map.entry("InvalidSignatureException", UNKNOWN_KEY),
                    Map.entry("IncompleteSignatureException", UNKNOWN_KEY),
                    Map.entry("MissingAuthenticationTokenException", UNKNOWN_KEY),
                    Map.entry("ExpiredTokenException", OLD_SESSION),
                    Map.entry("RequestExpired", OLD_SESSION),
                    Map.entry("ThrottlingException", THROTTLED),
                    Map.entry("Throttling", THROTTLED),
                    Map.entry("RequestLimitExceeded", THROTTLED),
                    Map.entry("GlueEncryptionException", ENCRYPTED),
                    Map.entry("OperationTimeoutException", SLOW),
                    Map.entry("InternalServiceException", FAILED),
                    Map.entry("ResourceNotReadyException", FAILED),
                    Map.entry("FederationSourceException", FAILED),
                    Map.entry("FederationSourceRetryableException", FAILED));

    private final Reason reason;
    private final Cause cause;
    private final String remedy;

    GlueRemedy(Reason reason, Cause cause, String remedy) {
        this.reason = reason;
        this.cause = cause;
        this.remedy = remedy;
    }

    /**
     * @param code of the error; empty when the answer has none
     */
    static GlueRemedy of(String code, int status) {
        GlueRemedy known = OF_CODE.get(code);
        if (known != null) {
            return known;
        }
        if (status == 429) {
            return THROTTLED;
        }
        if (status == 401 || status == 403) {
            return DENIED;
        }
        if (status >= 500) {
            return FAILED;
        }
        return code.isEmpty() || status < 400 ? NO_GLUE : REFUSED;
    }

    /** The contract's code. */
    Reason reason() {
        return reason;
    }

    /** Whether waiting may help. */
    Cause cause() {
        return cause;
    }

    /** What somebody can do, as the end of a sentence. */
    String remedy() {
        return remedy;
    }
}
