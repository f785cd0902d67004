package io.delivery.s3;

import io.delivery.landing.ObjectAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** What requests say of an object, whether it is one PUT or goes in parts. */
record ObjectHeaders(S3Settings settings) {
    // User metadata: x-amz-meta-delivery-…
    static final String MARK = "delivery-object";
    static final String CRC32 = "delivery-crc32";
    static final String RECORDS = "delivery-records";

    static Map<String, String> metadata(S3Upload upload) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(MARK, upload.attributes().mark());
        metadata.put(CRC32, ObjectChecksums.hex(upload.content().crc32()));
        metadata.put(RECORDS, Long.toString(upload.attributes().records()));
        return metadata;
    }

    static Optional<String> contentEncoding(ObjectAttributes attributes) {
        String encoding = attributes.contentEncoding();
        return encoding.isEmpty() ? Optional.empty() : Optional.of(encoding);
    }

    Optional<ObjectCannedACL> acl() {
        return switch (settings.acl()) {
            case NONE -> Optional.empty();
            case BUCKET_OWNER_FULL_CONTROL ->
                    Optional.of(ObjectCannedACL.BUCKET_OWNER_FULL_CONTROL);
        };
    }

    Optional<ServerSideEncryption> encryption() {
        return settings.encryption()
                .choose(
                        none -> Optional.empty(),
                        aes256 -> Optional.of(ServerSideEncryption.AES256),
                        kms -> Optional.of(ServerSideEncryption.AWS_KMS));
    }

    Optional<String> encryptionKey() {
        return settings.encryption()
                .choose(
                        none -> Optional.empty(),
                        aes256 -> Optional.empty(),
                        kms -> Optional.of(kms.key()));
    }
}
