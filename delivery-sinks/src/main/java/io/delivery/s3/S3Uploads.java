package io.delivery.s3;

import io.delivery.config.StoreDefinition.Checksums;
import io.delivery.failure.FailureText;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.Landing.Doubtful;
import io.delivery.landing.ObjectStore.Landing.Landed;
import io.delivery.landing.ObjectStore.Landing.Unknown;
import io.delivery.record.ObjectName;
import io.delivery.staging.StagedContent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** The requests that carry an object: one PUT, or create, parts and completion. */
final class S3Uploads {
    private static final Logger log = LoggerFactory.getLogger(S3Uploads.class);

    /** Of a multipart object: without it nobody can compute the checksum the store tells. */
    static final String PART_SIZE = "delivery-part-size";

    /** S3 multipart upload limits. */
    private static final int MAX_PARTS = 10_000;

    /** Per object. A role that may never abort must not fill the memory. */
    private static final int MOST_LEFT = 100;

    private final S3Client client;
    private final S3Settings settings;
    private final S3Puts puts;
    private final ObjectHeaders headers;
    private final long partSize;
    private final boolean checksums;

    /**
     * Uploads that could not be aborted, as by a key that was refused in their middle. They are
     * aborted as soon as the store takes a key again; after a restart by what the lane recorded.
     */
    private final Map<ObjectName, Set<String>> left = new ConcurrentHashMap<>();

    S3Uploads(S3Connection connection, S3Settings settings) {
        this(connection.client(), settings, new S3Puts(connection, settings), settings.partSize());
    }

    private S3Uploads(S3Client client, S3Settings settings, S3Puts puts, long partSize) {
        this.client = client;
        this.settings = settings;
        this.puts = puts;
        this.headers = new ObjectHeaders(settings);
        this.partSize = partSize;
        this.checksums = settings.checksums() == Checksums.WHEN_SUPPORTED;
    }

    S3Uploads withPartSize(long bytes) {
        return new S3Uploads(client, settings, puts, bytes);
    }

    /**
     * One attempt.
     *
     * @param conditional whether to ask for {@code If-None-Match: *}
     * @throws io.delivery.staging.DamagedStagingException when the staged bytes are not those that
     *     were recorded; nothing is visible then
     */
    Landing send(S3Upload upload, boolean conditional) throws IOException {
        return upload.content().length() <= partSize
                ? puts.put(upload, conditional)
                : putInParts(upload, conditional);
    }

    private Landing putInParts(S3Upload upload, boolean conditional) throws IOException {
        StagedContent content = upload.content();
        long partSize = partSize(content.length());
        // Before anything is sent: the whole is what was recorded. Each part is compared again
        // with its sum while it is sent.
        List<Integer> sums = ObjectChecksums.ofParts(content, partSize);
        String id;
        try {
            CreateMultipartUploadResponse begun =
                    client.createMultipartUpload(creation(upload, partSize));
            id = begun.uploadId();
            Optional<String> ofAProxy = ProxyAnswers.insteadOf(begun.sdkHttpResponse(), id);
            if (ofAProxy.isPresent()) {
                return new Unknown(ofAProxy.get());
            }
        } catch (SdkException e) {
            return S3Answers.meaning(e);
        }
        boolean mayBeCompleted = false;
        try {
            upload.listener().started(id);
            abortLeft(upload.name()); // now that the store takes our key
            List<CompletedPart> parts = new ArrayList<>();
            for (int i = 0; i < sums.size(); i++) {
                parts.add(sendPart(upload, id, i, partSize, sums.get(i)));
            }
            Landing answer = complete(upload, id, parts, sums, conditional);
            mayBeCompleted = answer instanceof Unknown || answer instanceof Landed;
            return answer;
        } catch (SdkException e) {
            return S3Answers.meaning(e);
        } catch (NotTheStoreException e) {
            return new Unknown(FailureText.of(e));
        } catch (UncheckedIOException e) {
            return new Unknown("staged bytes could not be read: " + e.getCause());
        } finally {
            if (!mayBeCompleted && !aborted(upload.name(), id)) {
                leave(upload.name(), id);
            }
        }
    }

    /** The answer to a part came from something in front of the store. */
    private static final class NotTheStoreException extends Exception {
        private static final long serialVersionUID = 1L;

        NotTheStoreException(String reason) {
            super(reason);
        }
    }

    private CompletedPart sendPart(S3Upload upload, String id, int index, long partSize, int sum)
            throws IOException, NotTheStoreException {
        long offset = index * partSize;
        long length = Math.min(partSize, upload.content().length() - offset);
        UploadPartRequest.Builder request =
                UploadPartRequest.builder()
                        .bucket(upload.name().bucket())
                        .key(upload.name().key())
                        .uploadId(id)
                        .partNumber(index + 1)
                        .contentLength(length);
        if (checksums) {
            request.checksumCRC32(ObjectChecksums.header(sum));
        }
        try (SentBytes body = new SentBytes(upload.content(), offset, length, sum)) {
            try {
                UploadPartResponse answer = client.uploadPart(request.build(), body.asBody());
                Optional<String> ofAProxy =
                        ProxyAnswers.insteadOf(answer.sdkHttpResponse(), answer.eTag());
                if (ofAProxy.isPresent()) {
                    throw new NotTheStoreException(ofAProxy.get());
                }
                CompletedPart.Builder part =
                        CompletedPart.builder().partNumber(index + 1).eTag(answer.eTag());
                if (checksums) {
                    part.checksumCRC32(ObjectChecksums.header(sum));
                }
                return part.build();
            } catch (SdkException | UncheckedIOException e) {
                body.throwDamage();
                throw e;
            }
        }
    }

    private Landing complete(
            S3Upload upload,
            String id,
            List<CompletedPart> parts,
            List<Integer> sums,
            boolean conditional) {
        CompleteMultipartUploadRequest.Builder request =
                CompleteMultipartUploadRequest.builder()
                        .bucket(upload.name().bucket())
                        .key(upload.name().key())
                        .uploadId(id)
                        .multipartUpload(m -> m.parts(parts));
        if (conditional) {
            request.ifNoneMatch("*");
        }
        try {
            CompleteMultipartUploadResponse answer =
                    client.completeMultipartUpload(request.build());
            // Its body is XML: a page in its place has no ETag, or cannot be read at all.
            Optional<String> ofAProxy =
                    ProxyAnswers.insteadOf(answer.sdkHttpResponse(), proof(answer, upload.name()));
            if (ofAProxy.isPresent()) {
                return new Unknown(ofAProxy.get());
            }
            String said = S3Answers.said(answer.eTag(), answer.versionId());
            String told = answer.checksumCRC32();
            if (!ObjectChecksums.agree(told, upload.content().crc32(), sums)) {
                return new Doubtful(
                        "completion answered checksum %s, the parts' is %s; %s"
                                .formatted(told, ObjectChecksums.composite(sums), said));
            }
            return new Landed(said);
        } catch (SdkException e) {
            return S3Answers.meaning(e);
        }
    }

    /**
     * The ETag; where it is empty, the key, if the answer names it. Ceph 16.2 leaves the ETag of a
     * completion empty (seen), and later releases that of a repeated one (ceph/ceph, pull request
     * 68364).
     */
    private static String proof(CompleteMultipartUploadResponse answer, ObjectName name) {
        boolean told = answer.eTag() != null && !answer.eTag().isBlank();
        return told || !name.key().equals(answer.key()) ? answer.eTag() : answer.key();
    }

    private CreateMultipartUploadRequest creation(S3Upload upload, long partSize) {
        Map<String, String> metadata = ObjectHeaders.metadata(upload);
        metadata.put(PART_SIZE, Long.toString(partSize));
        CreateMultipartUploadRequest.Builder request =
                CreateMultipartUploadRequest.builder()
                        .bucket(upload.name().bucket())
                        .key(upload.name().key())
                        .contentType(ObjectAttributes.CONTENT_TYPE)
                        .metadata(metadata);
        ObjectHeaders.contentEncoding(upload.attributes()).ifPresent(request::contentEncoding);
        headers.acl().ifPresent(request::acl);
        headers.encryption().ifPresent(request::serverSideEncryption);
        headers.encryptionKey().ifPresent(request::ssekmsKeyId);
        if (checksums) {
            // Here and the parts' sums at completion, or neither: half-way is 400 at some stores.
            request.checksumAlgorithm(ChecksumAlgorithm.CRC32);
        }
        return request.build();
    }

    /** The configured one, larger only where 10,000 parts would not do. */
    private long partSize(long length) {
        return Math.max(partSize, (length + MAX_PARTS - 1) / MAX_PARTS);
    }

    /** Ends an upload; what is gone is fine, what fails is ended when the store takes a key. */
    void abort(ObjectName name, String id) {
        if (!aborted(name, id)) {
            leave(name, id);
        }
    }

    /** Whether it is gone now. */
    private boolean aborted(ObjectName name, String id) {
        try {
            client.abortMultipartUpload(b -> b.bucket(name.bucket()).key(name.key()).uploadId(id));
            return true;
        } catch (SdkException | IllegalStateException e) {
            log.debug("upload not aborted: object={} error={}", name, S3Answers.reason(e));
            return e instanceof NoSuchUploadException;
        }
    }

    private void leave(ObjectName name, String id) {
        left.compute(
                name,
                (there, ids) -> {
                    Set<String> all = ids == null ? new LinkedHashSet<>() : ids;
                    if (all.size() < MOST_LEFT) {
                        all.add(id);
                    }
                    return all;
                });
    }

    /**
     * The object is there, so nobody comes back for it: what earlier attempts could not end is
     * tried once more, and then left to the operator.
     */
    void settle(ObjectName name) {
        Set<String> ids = left.remove(name);
        if (ids != null) {
            ids.stream()
                    .filter(id -> !aborted(name, id))
                    .forEach(
                            id ->
                                    log.warn(
                                            "upload left open, abort it by hand or by a lifecycle"
                                                    + " rule: object={} uploadId={}",
                                            name,
                                            id));
        }
    }

    /** For how many objects something is left to end. */
    int objectsLeft() {
        return left.size();
    }

    /** Ends what earlier attempts for this object could not end. */
    void abortLeft(ObjectName name) {
        Set<String> ids = left.remove(name);
        if (ids != null) {
            ids.stream().filter(id -> !aborted(name, id)).forEach(id -> leave(name, id));
        }
    }

    /**
     * Ends every upload of exactly this key. It carries our salt and has one attempt at a time, so
     * whatever is there was left by a dead attempt of ours.
     */
    void abortStrays(ObjectName name) {
        try {
            for (MultipartUpload stray : strays(name)) {
                abort(name, stray.uploadId());
                log.info("upload of an earlier attempt aborted: object={}", name);
            }
        } catch (SdkException | IllegalStateException e) {
            log.debug("uploads not listed: object={} error={}", name, S3Answers.reason(e));
        }
    }

    /** One page is enough: other keys can only come in when ours is a prefix of theirs. */
    List<MultipartUpload> strays(ObjectName name) {
        return client
                .listMultipartUploads(b -> b.bucket(name.bucket()).prefix(name.key()))
                .uploads()
                .stream()
                .filter(upload -> upload.key().equals(name.key()))
                .toList();
    }
}
