package io.delivery.s3;

import io.delivery.config.StoreDefinition.Checksums;
import io.delivery.failure.FailureText;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore.Found;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.Landing.Occupied;
import io.delivery.landing.ObjectStore.Landing.Unknown;
import io.delivery.landing.StoreProbe.BucketState;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedContent;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** The requests that find out what is under a name, and what their answers mean. */
final class S3Looks {
    private static final Logger log = LoggerFactory.getLogger(S3Looks.class);

    private final S3Client client;
    private final S3Settings settings;

    S3Looks(S3Client client, S3Settings settings) {
        this.client = client;
        this.settings = settings;
    }

    /** Without the condition, a look keeps a stranger from being overwritten; null to go on. */
    Landing before(ObjectName name) {
        try {
            HeadObjectResponse there =
                    client.headObject(b -> b.bucket(name.bucket()).key(name.key()));
            return ProxyAnswers.insteadOfALook(there.sdkHttpResponse(), there.eTag())
                    .<Landing>map(Unknown::new)
                    .orElseGet(Occupied::new);
        } catch (SdkServiceException e) {
            // A role that may only put: the key carries our salt, so what is there is ours.
            return e.statusCode() == 404 || e.statusCode() == 403
                    ? null
                    : new Unknown("looking before the PUT: " + S3Answers.said(e));
        } catch (SdkException e) {
            return S3Answers.meaning(e);
        }
    }

    /** What is there, by what the store says of it. */
    Found look(ObjectName name, ObjectAttributes attributes, StagedContent content) {
        try {
            HeadObjectResponse there = head(name);
            Optional<String> ofAProxy =
                    ProxyAnswers.insteadOfALook(there.sdkHttpResponse(), there.eTag());
            if (ofAProxy.isPresent()) {
                return Found.unknown(ofAProxy.get());
            }
            return isOurs(there, attributes, content) ? Found.OURS : Found.stranger(seen(there));
        } catch (SdkServiceException e) {
            return inWords(name, e);
        } catch (SdkException e) {
            return Found.unknown(S3Answers.text(e));
        } catch (IllegalStateException e) {
            return Found.unknown("the store was closed: " + S3Answers.reason(e));
        }
    }

    private static Found notSeen(SdkServiceException e) {
        if (S3Answers.refusesTheName(e)) {
            return Found.ABSENT; // no object can have that name
        }
        if (!S3Answers.refusesTheSigner(e)) {
            if (e.statusCode() == 404) {
                return Found.ABSENT;
            }
            if (e.statusCode() == 403) {
                return Found.FORBIDDEN;
            }
        }
        return Found.unknown(S3Answers.text(e));
    }

    /**
     * The answer to a HEAD has no body, so it does not say why: a key that was disabled looks like
     * a missing right (403), at versitygw even like a missing object (404), and a bucket's name
     * that no store takes like expired credentials (400). A GET of the first byte is answered in
     * words.
     */
    private Found inWords(ObjectName name, SdkServiceException head) {
        try (ResponseInputStream<GetObjectResponse> there =
                client.getObject(b -> b.bucket(name.bucket()).key(name.key()).range("bytes=0-0"))) {
            there.abort();
            return Found.unknown(
                    "%d to HEAD and success to GET: they cannot both be the store's answer"
                            .formatted(head.statusCode()));
        } catch (SdkServiceException e) {
            return notSeen(e.statusCode() == head.statusCode() ? e : head);
        } catch (SdkException | IOException | IllegalStateException e) {
            return notSeen(head);
        }
    }

    /** What a stranger is: two looks that see the same say the same. */
    private static String seen(HeadObjectResponse there) {
        return "ETag %s, %s bytes, %s"
                .formatted(
                        there.eTag(),
                        there.contentLength(),
                        Optional.ofNullable(there.metadata().get(ObjectHeaders.MARK))
                                .map(mark -> "marked " + mark)
                                .orElse("without a mark of ours"));
    }

    HeadObjectResponse head(ObjectName name) {
        HeadObjectRequest.Builder request =
                HeadObjectRequest.builder().bucket(name.bucket()).key(name.key());
        if (settings.checksums() == Checksums.WHEN_SUPPORTED) {
            request.checksumMode(ChecksumMode.ENABLED);
        }
        return client.headObject(request.build());
    }

    /** Mark, length, recorded checksum, and the store's own where it tells one. Never the ETag. */
    private static boolean isOurs(
            HeadObjectResponse there, ObjectAttributes attributes, StagedContent content) {
        Map<String, String> metadata = there.metadata();
        if (!attributes.mark().equals(metadata.get(ObjectHeaders.MARK))
                || !ObjectChecksums.hex(content.crc32()).equals(metadata.get(ObjectHeaders.CRC32))
                || there.contentLength() == null
                || there.contentLength() != content.length()) {
            return false;
        }
        String told = there.checksumCRC32();
        if (ObjectChecksums.agree(told, content.crc32())) {
            return true;
        }
        String partSize = metadata.get(S3Uploads.PART_SIZE);
        if (partSize == null) {
            return false;
        }
        try {
            return ObjectChecksums.agree(
                    told,
                    content.crc32(),
                    ObjectChecksums.ofParts(content, Math.max(1, Long.parseLong(partSize))));
        } catch (IOException | NumberFormatException e) {
            // The staged bytes are gone or damaged, so the parts' sums cannot be compared. Mark,
            // length and the recorded checksum agree.
            log.warn(
                    "checksums of parts not compared: mark={} error={}",
                    attributes.mark(),
                    FailureText.of(e));
            return true;
        }
    }

    /** Reads what is visible and compares length and checksum with what was staged. */
    Found compare(ObjectName name, StagedContent content) {
        try (ResponseInputStream<GetObjectResponse> there =
                client.getObject(b -> b.bucket(name.bucket()).key(name.key()))) {
            GetObjectResponse answer = there.response();
            Optional<String> ofAProxy =
                    ProxyAnswers.insteadOfALook(answer.sdkHttpResponse(), answer.eTag());
            if (ofAProxy.isPresent()) {
                there.abort();
                return Found.unknown("reading back: " + ofAProxy.get());
            }
            CRC32 crc = new CRC32();
            long length = 0;
            byte[] buffer = new byte[64 << 10];
            for (int count; (count = there.read(buffer)) >= 0; ) {
                crc.update(buffer, 0, count);
                length += count;
                if (length > content.length()) {
                    there.abort();
                    return Found.stranger(
                            "ETag %s, more than %d bytes"
                                    .formatted(answer.eTag(), content.length()));
                }
            }
            return length == content.length() && (int) crc.getValue() == content.crc32()
                    ? Found.OURS
                    : Found.stranger(
                            "ETag %s, %d bytes with the checksum %08x"
                                    .formatted(answer.eTag(), length, (int) crc.getValue()));
        } catch (SdkServiceException e) {
            return notSeen(e);
        } catch (SdkException e) {
            return Found.unknown(S3Answers.text(e));
        } catch (IOException | IllegalStateException e) {
            return Found.unknown("reading back: " + S3Answers.reason(e));
        }
    }

    /** Whether it is there. */
    BucketState bucket(String bucket) {
        try {
            client.headBucket(b -> b.bucket(bucket));
            return BucketState.PRESENT;
        } catch (SdkServiceException e) {
            return switch (e.statusCode()) {
                case 404 -> BucketState.MISSING;
                case 403 -> BucketState.FORBIDDEN;
                default -> BucketState.UNKNOWN;
            };
        } catch (SdkException e) {
            return BucketState.UNKNOWN;
        }
    }
}
