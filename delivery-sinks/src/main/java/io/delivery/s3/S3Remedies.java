package io.delivery.s3;

import java.util.Map;

/**
 * What an operator can do about a refusal, one cause at a time. Codes are those of the S3 API
 * reference (error responses) and of the servers that have their own: MinIO, versitygw, Ceph.
 */
final class S3Remedies {
    /** A HEAD that is refused without a body: S3 answers so to an expired token. */
    static final String WORDLESS_400 = "Status400";

    /** A new definition counts for what is recorded under it. */
    private static final String KEPT =
            " What is recorded already keeps its bucket and key: delivery redirect leads it"
                    + " elsewhere, delivery skip gives it up.";

    private static final String LOCATION = "Set the store's region and endpoint to the bucket's.";

    private static final String KEY = "The store takes no such key: correct the prefix." + KEPT;

    private static final String IN_THE_WAY =
            "Another object is in the way of this key: move that one away, or change the prefix so"
                    + " that no key is the beginning of another one's path."
                    + KEPT;

    private static final String CREDENTIALS =
            "Correct the store's credentials, or have the key enabled: a new key in a profile file"
                    + " is read without a restart, and so is one in the configuration.";

    private static final String SESSION =
            "Renew the session credentials of the store; they are asked for again before the next"
                    + " attempt.";

    private static final String CLOSED =
            "The store has closed this account or bucket: ask whoever runs it." + KEPT;

    private static final String QUOTA = "Raise the quota of the bucket, or make room in it.";

    private static final String ENCRYPTION =
            "Allow kms:GenerateDataKey and kms:Decrypt on the encryption key, or correct"
                    + " encryption.";

    private static final String CHECKSUMS =
            "If every object is refused, try checksums: whenRequired and chunkedEncoding: false;"
                    + " delivery check --online tells which.";

    private static final Map<String, String> OF_CODE =
            Map.ofEntries(
                    Map.entry(
                            "NoSuchBucket",
                            "Create the bucket, correct the destination's bucket, or set"
                                    + " createBuckets: true."
                                    + KEPT),
                    Map.entry(
                            "InvalidBucketName",
                            "No store takes this bucket name: correct the destination's bucket."
                                    + KEPT),
                    Map.entry(
                            "TooManyBuckets",
                            "The account may have no more buckets: create this one elsewhere, or"
                                    + " have the limit raised."
                                    + KEPT),
                    Map.entry("InvalidAccessKeyId", CREDENTIALS),
                    Map.entry("SignatureDoesNotMatch", CREDENTIALS),
                    Map.entry("XAdminUserNotFound", CREDENTIALS),
                    Map.entry("ExpiredToken", SESSION),
                    Map.entry("TokenRefreshRequired", SESSION),
                    Map.entry("InvalidToken", SESSION),
                    Map.entry("InvalidTokenId", SESSION),
                    Map.entry(
                            WORDLESS_400,
                            "Renew the store's credentials, which are asked for again before the"
                                    + " next attempt, or set region and endpoint to the bucket's."),
                    Map.entry("RequestTimeTooSkewed", "Set the clock of this machine."),
                    Map.entry("AuthorizationHeaderMalformed", LOCATION),
                    Map.entry("PermanentRedirect", LOCATION),
                    Map.entry("TemporaryRedirect", LOCATION),
                    Map.entry("Redirect", LOCATION),
                    Map.entry("IllegalLocationConstraintException", LOCATION),
                    Map.entry("InvalidLocationConstraint", LOCATION),
                    Map.entry("AccountProblem", CLOSED),
                    Map.entry("AllAccessDisabled", CLOSED),
                    Map.entry("NotSignedUp", CLOSED),
                    Map.entry("InvalidSecurity", CLOSED),
                    Map.entry("InvalidPayer", CLOSED),
                    Map.entry(
                            "InvalidBucketState",
                            "The bucket's state does not allow it: look at its versioning and"
                                    + " object lock."),
                    Map.entry("XMinioAdminBucketQuotaExceeded", QUOTA),
                    Map.entry("QuotaExceeded", QUOTA),
                    Map.entry(
                            "EntityTooLarge",
                            "The store takes less in one request: set a smaller partSize."),
                    Map.entry("EntityTooSmall", "Set partSize to at least 5MB."),
                    Map.entry(
                            "MissingContentLength",
                            "Set chunkedEncoding: false; something wants to know the length"
                                    + " first."),
                    Map.entry(
                            "MethodNotAllowed",
                            "Set endpoint to the store's S3 API: this address is another one of"
                                    + " it."),
                    Map.entry(
                            "NotImplemented",
                            "The store does not know something it was asked for: try acl: none,"
                                    + " encryption: none or conditionalWrites: never."),
                    Map.entry("InvalidStorageClass", "The store does not know this storage class."),
                    Map.entry(
                            "AccessControlListNotSupported",
                            "The bucket takes no ACLs: set acl: none."),
                    Map.entry("InvalidEncryptionAlgorithmError", ENCRYPTION),
                    Map.entry("MalformedXML", CHECKSUMS),
                    Map.entry("InvalidDigest", CHECKSUMS),
                    Map.entry("BadDigest", CHECKSUMS),
                    Map.entry("XAmzContentChecksumMismatch", CHECKSUMS),
                    Map.entry("XAmzContentSHA256Mismatch", CHECKSUMS),
                    Map.entry("InvalidArgument", CHECKSUMS),
                    Map.entry("InvalidRequest", CHECKSUMS),
                    Map.entry("KeyTooLongError", KEY),
                    Map.entry("KeyTooLong", KEY),
                    Map.entry("InvalidObjectName", KEY),
                    Map.entry("InvalidURI", KEY),
                    Map.entry("XMinioInvalidObjectName", KEY),
                    Map.entry("XMinioInvalidResourceName", KEY),
                    Map.entry("XMinioParentIsObject", IN_THE_WAY),
                    Map.entry("XMinioObjectExistsAsDirectory", IN_THE_WAY),
                    Map.entry("ObjectParentIsFile", IN_THE_WAY),
                    Map.entry("ExistingObjectIsDirectory", IN_THE_WAY));

    private S3Remedies() {}

    /**
     * One or two sentences.
     *
     * @param words the store's own, which tell causes apart where the code does not
     */
    static String of(String code, int status, String words) {
        // MinIO answers NotImplemented for a key it has no KMS for.
        if (code.startsWith("KMS") || code.equals("NotImplemented") && words.contains("KMS")) {
            return ENCRYPTION;
        }
        // A bucket with object lock: PutObject API reference.
        if (code.equals("InvalidRequest") && words.contains("Content-MD5")) {
            return "The bucket asks for checksums: set checksums: whenSupported.";
        }
        String known = OF_CODE.get(code);
        if (known != null) {
            return known;
        }
        if (status == 403) {
            return "Allow s3:PutObject and s3:AbortMultipartUpload on the prefix, and s3:GetObject"
                    + " and s3:ListBucket so that we may look. If the bucket is somebody else's,"
                    + " correct the destination's bucket."
                    + KEPT;
        }
        if (status >= 300 && status < 400) {
            return LOCATION;
        }
        return "Look up the store's answer; the object waits and is tried again.";
    }
}
