package io.delivery.s3;

import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.Landing.Denied;
import io.delivery.landing.ObjectStore.Landing.Occupied;
import io.delivery.landing.ObjectStore.Landing.Unknown;
import java.io.IOException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
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

    /** The store knows the key no longer, or not yet, or not with this signature. */
    private static final Set<String> REFUSED_KEYS =
            Set.of(
                    "ExpiredToken",
                    "TokenRefreshRequired",
                    "InvalidToken",
                    "InvalidAccessKeyId",
                    "SignatureDoesNotMatch",
                    "XAdminUserNotFound");

    /** A HEAD that is refused without a body: S3 answers so to an expired token. */
    private static final String WORDLESS_400 = "Status400";

    private S3Answers() {}

    static Landing meaning(SdkException failure) {
        return failure instanceof SdkServiceException answer
                ? meaning(answer)
                : withoutAnswer(failure);
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
            return new Unknown(said(answer));
        }
        return new Denied(code, said(answer), remedy(code, status));
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

    /** Whether another key may be all that is needed. A 403 without words is one of rights. */
    static boolean mayRefuseTheKey(SdkServiceException answer) {
        String code = code(answer);
        return REFUSED_KEYS.contains(code) || code.equals(WORDLESS_400);
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

    static String said(SdkServiceException answer) {
        String text = answer.statusCode() + " " + code(answer);
        if (answer instanceof AwsServiceException aws
                && aws.awsErrorDetails() != null
                && aws.awsErrorDetails().errorMessage() != null) {
            text += ": " + aws.awsErrorDetails().errorMessage();
        }
        if (code(answer).equals(WORDLESS_400)) {
            text += " (no words: expired session credentials, or another region's endpoint)";
        }
        return text;
    }

    static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String own = String.valueOf(failure.getMessage());
        return root == failure ? own : root.getClass().getSimpleName() + ": " + root.getMessage();
    }

    static boolean causedBy(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (kind.isInstance(e)) {
                return true;
            }
        }
        return false;
    }

    private static String remedy(String code, int status) {
        return switch (code) {
            case "NoSuchBucket" -> "Create the bucket, or set createBuckets: true.";
            case "InvalidAccessKeyId", "SignatureDoesNotMatch", "XAdminUserNotFound" ->
                    "Correct the store's credentials: a new key in a profile file is read without a"
                            + " restart, one in the configuration at the next start.";
            case "ExpiredToken", "TokenRefreshRequired", "InvalidToken" ->
                    "Renew the session credentials of the store; they are asked for again before the"
                            + " next attempt.";
            case WORDLESS_400 ->
                    "Renew the store's credentials, which are asked for again before the next"
                            + " attempt, or set region and endpoint to the bucket's.";
            case "RequestTimeTooSkewed" -> "Set the clock of this machine.";
            case "AuthorizationHeaderMalformed",
                    "PermanentRedirect",
                    "TemporaryRedirect",
                    "IllegalLocationConstraintException" ->
                    "Set the store's region and endpoint to the bucket's.";
            case "NotImplemented" ->
                    "The store does not know something it was asked for: try acl: none,"
                            + " encryption: none or conditionalWrites: never.";
            case "InvalidStorageClass" -> "The store does not know this storage class.";
            case "AccessControlListNotSupported" -> "The bucket takes no ACLs: set acl: none.";
            case "MalformedXML",
                    "InvalidDigest",
                    "BadDigest",
                    "XAmzContentChecksumMismatch",
                    "XAmzContentSHA256Mismatch",
                    "InvalidArgument",
                    "InvalidRequest" ->
                    "If every object is refused, try checksums: whenRequired and chunkedEncoding:"
                            + " false; delivery check --online tells which.";
            case "KeyTooLongError",
                    "XMinioInvalidObjectName",
                    "XMinioParentIsObject",
                    "ObjectParentIsFile",
                    "XMinioObjectExistsAsDirectory" ->
                    "The store does not take this key: change the prefix, or remove the object in"
                            + " its way.";
            default -> {
                if (code.startsWith("KMS")) {
                    yield "Allow kms:GenerateDataKey and kms:Decrypt on the encryption key, or"
                            + " correct encryption.";
                }
                if (status == 403) {
                    yield "Allow s3:PutObject and s3:AbortMultipartUpload on the prefix, and"
                            + " s3:GetObject and s3:ListBucket so that we may look.";
                }
                if (status >= 300 && status < 400) {
                    yield "Set the store's region and endpoint to the bucket's.";
                }
                yield "Look up the store's answer; the object waits and is tried again.";
            }
        };
    }
}
