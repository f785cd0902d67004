package io.delivery.s3;

import io.delivery.config.StoreDefinition.Checksums;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectStore.Landing;
import io.delivery.landing.ObjectStore.Landing.Doubtful;
import io.delivery.landing.ObjectStore.Landing.Landed;
import io.delivery.landing.ObjectStore.Landing.Unknown;
import io.delivery.s3.direct.FirstAnswers.Outcome;
import io.delivery.s3.direct.ObjectPut;
import io.delivery.staging.StagedContent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Objects that are one PUT. The SDK makes the first one into a bucket, each large one, and the next
 * after a failure; {@link io.delivery.s3.direct.DirectPuts} sends the others. What an answer means
 * is found out in the same way for both.
 */
final class S3Puts {
    private final S3Connection connection;
    private final S3Client client;
    private final ObjectHeaders headers;
    private final boolean checksums;

    S3Puts(S3Connection connection, S3Settings settings) {
        this.connection = connection;
        this.client = connection.client();
        this.headers = new ObjectHeaders(settings);
        this.checksums = settings.checksums() == Checksums.WHEN_SUPPORTED;
    }

    /**
     * One attempt.
     *
     * @param conditional whether to ask for {@code If-None-Match: *}
     * @throws io.delivery.staging.DamagedStagingException when the staged bytes are not those that
     *     were recorded; nothing is visible then
     */
    Landing put(S3Upload upload, boolean conditional) throws IOException {
        ObjectPut put = of(upload, conditional);
        Optional<Outcome> sent = connection.direct().send(put);
        try {
            Optional<SdkHttpResponse> plain = sent.flatMap(Outcome::takePlainSuccess);
            return plain.isPresent()
                    ? taken(plain.get(), upload.content())
                    : withTheSdk(put, request(upload, conditional), sent);
        } finally {
            sent.ifPresent(Outcome::giveUp);
        }
    }

    /**
     * @param sent what became of the first request, if it was made without the SDK
     */
    private Landing withTheSdk(ObjectPut put, PutObjectRequest request, Optional<Outcome> sent)
            throws IOException {
        StagedContent content = put.content();
        try (SentBytes body = SentBytes.whole(content)) {
            try {
                Supplier<PutObjectResponse> call = () -> client.putObject(request, body.asBody());
                if (sent.isEmpty()) {
                    return taken(connection.direct().watched(put, call), content);
                }
                body.wentOut();
                return taken(connection.after(sent.get(), call), content);
            } catch (SdkException e) {
                body.throwDamage();
                return sent.isPresent() && !sent.get().wasTaken()
                        ? new Unknown("sent, and what came back is lost: " + S3Answers.reason(e))
                        : S3Answers.meaning(e);
            } catch (UncheckedIOException e) {
                body.throwDamage();
                return new Unknown("staged bytes could not be read: " + e.getCause());
            }
        }
    }

    /** The same as {@link #request}, but for what is the same for every object of a bucket. */
    ObjectPut of(S3Upload upload, boolean conditional) {
        Map<String, String> own = new HashMap<>();
        own.put("Content-Length", Long.toString(upload.content().length()));
        ObjectHeaders.contentEncoding(upload.attributes())
                .ifPresent(encoding -> own.put("Content-Encoding", encoding));
        if (checksums) {
            own.put("x-amz-checksum-crc32", ObjectChecksums.header(upload.content().crc32()));
        }
        if (conditional) {
            own.put("If-None-Match", "*");
        }
        ObjectHeaders.metadata(upload)
                .forEach((name, value) -> own.put("x-amz-meta-" + name, value));
        return new ObjectPut(upload.name().bucket(), upload.name().key(), upload.content(), own);
    }

    private PutObjectRequest request(S3Upload upload, boolean conditional) {
        PutObjectRequest.Builder request =
                PutObjectRequest.builder()
                        .bucket(upload.name().bucket())
                        .key(upload.name().key())
                        .contentType(ObjectAttributes.CONTENT_TYPE)
                        .contentLength(upload.content().length())
                        .metadata(ObjectHeaders.metadata(upload));
        ObjectHeaders.contentEncoding(upload.attributes()).ifPresent(request::contentEncoding);
        headers.acl().ifPresent(request::acl);
        headers.encryption().ifPresent(request::serverSideEncryption);
        headers.encryptionKey().ifPresent(request::ssekmsKeyId);
        if (checksums) {
            request.checksumCRC32(ObjectChecksums.header(upload.content().crc32()));
        }
        if (conditional) {
            request.ifNoneMatch("*");
        }
        return request.build();
    }

    private static Landing taken(SdkHttpResponse answer, StagedContent content) {
        return taken(
                answer,
                answer.firstMatchingHeader("ETag").orElse(null),
                answer.firstMatchingHeader("x-amz-version-id").orElse(null),
                answer.firstMatchingHeader("x-amz-checksum-crc32").orElse(null),
                null,
                content);
    }

    private static Landing taken(PutObjectResponse answer, StagedContent content) {
        return taken(
                answer.sdkHttpResponse(),
                answer.eTag(),
                answer.versionId(),
                answer.checksumCRC32(),
                answer.size(),
                content);
    }

    /**
     * What a success means.
     *
     * @param size null where the store tells none; as all other words of it
     */
    private static Landing taken(
            SdkHttpResponse answer,
            String eTag,
            String version,
            String checksum,
            Long size,
            StagedContent content) {
        Optional<String> ofAProxy = ProxyAnswers.insteadOf(answer, eTag);
        if (ofAProxy.isPresent()) {
            return new Unknown(ofAProxy.get());
        }
        String said = S3Answers.said(eTag, version);
        if (!ObjectChecksums.agree(checksum, content.crc32())
                || (size != null && size != content.length())) {
            return new Doubtful(
                    "PUT answered checksum %s and size %s, sent %s and %d; %s"
                            .formatted(
                                    checksum,
                                    size,
                                    ObjectChecksums.header(content.crc32()),
                                    content.length(),
                                    said));
        }
        return new Landed(said);
    }
}
