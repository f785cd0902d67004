package io.delivery.s3;

import io.delivery.failure.FailureText;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.Landing.Denied;
import io.delivery.landing.ObjectStore.Landing.Occupied;
import io.delivery.landing.ObjectStore.Landing.Unknown;
import java.io.IOException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import javax.xml.stream.XMLStreamException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/** What a failure of a request means for the object that was on its way. */
final class S3Answers {
    /** Refusals that come as 409, which otherwise means a conflict that passes. */
    private static final Set<String> LASTING_CONFLICTS =
            Set.of(
                    "ObjectParentIsFile", // versitygw: key x beside x/y
                    "XMinioObjectExistsAsDirectory",
                    "ExistingObjectIsDirectory",
                    "InvalidBucketState",
                    "BucketAlreadyExists");

    /** 400s that tell of this attempt and not of the request. */
    private static final Set<String> PASSING_FAULTS =
            Set.of("RequestTimeout", "IncompleteBody", "InternalError");

    /**
     * Refusals of one key, whoever asks: S3 API reference and the servers' own words. Not {@code
     * InvalidURI}, which may be of the endpoint's path as well.
     */
    private static final Set<String> OF_THE_KEY =
            Set.of(
                    "KeyTooLongError",
                    "KeyTooLong",
                    "InvalidObjectName", // Ceph
                    "XMinioInvalidObjectName",
                    "XMinioInvalidResourceName",
                    "XMinioParentIsObject",
                    "XMinioObjectExistsAsDirectory",
                    "ObjectParentIsFile",
                    "ExistingObjectIsDirectory");

    /** The store knows the key no longer, or not yet, or not with this signature. */
    private static final Set<String> REFUSED_KEYS =
            Set.of(
                    "ExpiredToken",
                    "TokenRefreshRequired",
                    "InvalidToken",
                    "InvalidTokenId", // MinIO's word for it
                    "InvalidAccessKeyId",
                    "SignatureDoesNotMatch",
                    "XAdminUserNotFound"); // versitygw: a 404

    /** Of the SDK, when it fails over the headers or the body of an answer. */
    private static final String NOT_UNDERSTOOD = "Unable to unmarshall";

    private S3Answers() {}

    static Landing meaning(SdkException failure) {
        Landing meaning =
                failure instanceof SdkServiceException answer
                        ? meaning(answer)
                        : withoutAnswer(failure);
        return meaning instanceof Denied denied && wasRepeated(failure) && !ofTheFeature(denied)
                ? new Unknown("to a repetition, after a connection broke: " + denied.text())
                : meaning;
    }

    /**
     * The store may have done what the first request asked for, and refused the repetition only.
     */
    private static boolean wasRepeated(SdkException failure) {
        Integer attempts = failure.numAttempts();
        return attempts != null && attempts > 1;
    }

    /** A store without what the request needs has not done it the first time either. */
    private static boolean ofTheFeature(Denied denied) {
        return denied.code().equals("NotImplemented");
    }

    /** A failure of a request that only looks, in words, with a remedy where there is one. */
    static String text(SdkException failure) {
        Landing meaning = meaning(failure);
        if (meaning instanceof Denied denied) {
            return denied.text();
        }
        return meaning instanceof Unknown unknown ? unknown.reason() : reason(failure);
    }

    private static Landing meaning(SdkServiceException answer) {
        Optional<String> ofAProxy = ProxyAnswers.insteadOf(answer);
        if (ofAProxy.isPresent()) {
            return new Unknown(ofAProxy.get());
        }
        int status = answer.statusCode();
        String code = code(answer);
        if (status == 412) {
            return new Occupied();
        }
        if (code.equals("NoSuchUpload")
                || PASSING_FAULTS.contains(code)
                || status < 300 // an error in the body of a 200: CompleteMultipartUpload
                || status == 408
                || status == 429
                || (status == 409 && !LASTING_CONFLICTS.contains(code))
                || (status == 404 && code.equals("NoSuchKey"))
                || (status >= 500 && status != 501 && status != 505)) {
            return new Unknown(
                    code.equals("XMinioStorageFull")
                            ? said(answer) + ". Make room in the store."
                            : said(answer));
        }
        return new Denied(
                refusesTheName(answer) ? Denied.Of.THE_KEY : Denied.Of.MORE_THAN_THE_KEY,
                code,
                said(answer),
                S3Remedies.of(code, status, words(answer)));
    }

    /** Whether a request that only reads may succeed when it is made again. */
    static boolean mayPass(Exception failure) {
        if (failure instanceof SdkServiceException answer) {
            int status = answer.statusCode();
            return status == 408
                    || status == 429
                    || status >= 500 && status != 501 && status != 505
                    || PASSING_FAULTS.contains(code(answer));
        }
        boolean certificate =
                causedBy(failure, SSLHandshakeException.class)
                        || causedBy(failure, CertificateException.class)
                        || causedBy(failure, CertPathValidatorException.class);
        return !certificate
                && (causedBy(failure, IOException.class)
                        || failure instanceof ApiCallTimeoutException
                        || failure instanceof ApiCallAttemptTimeoutException);
    }

    /** Whether it tells of the key that signed, or of the clock, and nothing of the object. */
    static boolean refusesTheSigner(SdkServiceException answer) {
        String code = code(answer);
        return REFUSED_KEYS.contains(code) || code.equals("RequestTimeTooSkewed");
    }

    /**
     * Whether it is certainly of the object's name: other names are taken, and this one by nobody.
     */
    static boolean refusesTheName(SdkServiceException answer) {
        return OF_THE_KEY.contains(code(answer));
    }

    /** Whether another key may be all that is needed. A 403 without words is one of rights. */
    static boolean mayRefuseTheKey(SdkServiceException answer) {
        String code = code(answer);
        return REFUSED_KEYS.contains(code) || code.equals(S3Remedies.WORDLESS_400);
    }

    private static Landing withoutAnswer(SdkException failure) {
        if (causedBy(failure, SSLHandshakeException.class)
                || causedBy(failure, CertificateException.class)
                || causedBy(failure, CertPathValidatorException.class)) {
            return new Denied(
                    "UntrustedCertificate",
                    reason(failure),
                    "Name the certificate authority of the store in caFile, or correct the"
                            + " endpoint's host name.");
        }
        if (causedBy(failure, IOException.class)) {
            return new Unknown(reason(failure));
        }
        if (causedBy(failure, XMLStreamException.class)) {
            return new Unknown(
                    "success, and a body that no store writes. Something in front of the store has"
                            + " answered: set endpoint to the store itself. "
                            + reason(failure));
        }
        if (failure instanceof AbortedException
                || String.valueOf(failure.getMessage()).startsWith(NOT_UNDERSTOOD)) {
            return new Unknown("sent, and no answer that can be understood: " + reason(failure));
        }
        if (failure instanceof SdkClientException
                && String.valueOf(failure.getMessage()).contains("credentials")) {
            return new Denied(
                    "NoCredentials",
                    reason(failure),
                    "Give credentials in the store's settings, or to the default chain by"
                            + " environment, profile or role.");
        }
        return new Denied(
                "InvalidRequest",
                reason(failure),
                "The request cannot be made: check endpoint, region, bucket and key.");
    }

    /** The store's word for it, or the status where it gives none (HEAD has no body). */
    static String code(SdkServiceException answer) {
        if (answer instanceof AwsServiceException aws) {
            AwsErrorDetails details = aws.awsErrorDetails();
            if (details != null
                    && details.errorCode() != null
                    && !details.errorCode().isBlank()
                    && !details.errorCode().equals(String.valueOf(answer.statusCode()))) {
                return details.errorCode();
            }
        }
        return switch (answer.statusCode()) {
            case 403 -> "AccessDenied";
            case 404 -> "NotFound";
            case 412 -> "PreconditionFailed";
            case 501 -> "NotImplemented";
            case 503 -> "ServiceUnavailable";
            default -> "Status" + answer.statusCode();
        };
    }

    private static String words(SdkServiceException answer) {
        return answer instanceof AwsServiceException aws
                        && aws.awsErrorDetails() != null
                        && aws.awsErrorDetails().errorMessage() != null
                ? aws.awsErrorDetails().errorMessage()
                : "";
    }

    static String said(SdkServiceException answer) {
        String text = answer.statusCode() + " " + code(answer);
        if (!words(answer).isEmpty()) {
            text += ": " + words(answer);
        }
        if (code(answer).equals(S3Remedies.WORDLESS_400)) {
            text +=
                    " (the store gave no reason; often the session credentials have expired, or the endpoint is another region's)";
        }
        return text;
    }

    /** What a store has said of an object that it has taken. */
    static String said(String eTag, String version) {
        boolean told = eTag != null && !eTag.isBlank();
        return (told ? "ETag " + eTag : "no ETag")
                + (version == null ? "" : ", version " + version);
    }

    static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return FailureText.of(root);
    }

    static boolean causedBy(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (kind.isInstance(e)) {
                return true;
            }
        }
        return false;
    }
}
