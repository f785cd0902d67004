package io.delivery.s3;

import io.delivery.landing.ObjectListing.Depth;
import io.delivery.landing.ObjectListing.Listed;
import io.delivery.landing.ObjectListing.Look;
import io.delivery.landing.ObjectListing.Upload;
import io.delivery.landing.ObjectListing.Uploads;
import io.delivery.record.ObjectName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Requests that only read, for whoever compares the store with what was recorded. */
final class S3Listing {
    private final S3Client client;
    private final ReadAttempts attempts;

    S3Listing(S3Client client, ReadAttempts attempts) {
        this.client = client;
        this.attempts = attempts;
    }

    /**
     * @param head asks for the object's attributes
     */
    Look look(Supplier<HeadObjectResponse> head, ObjectName name, Depth depth) {
        try {
            return attempts.make(() -> lookOnce(head, name, depth));
        } catch (SdkServiceException e) {
            return e.statusCode() == 404 ? new Look.Absent() : new Look.Unseen(S3Answers.said(e));
        } catch (SdkException | IOException | IllegalStateException e) {
            return new Look.Unseen(S3Answers.reason(e));
        }
    }

    private Look lookOnce(Supplier<HeadObjectResponse> head, ObjectName name, Depth depth)
            throws IOException {
        HeadObjectResponse there = head.get();
        Map<String, String> metadata = there.metadata();
        long length = there.contentLength() == null ? 0 : there.contentLength();
        OptionalInt crc32 = whole(there.checksumCRC32());
        if (depth == Depth.BYTES) {
            CRC32 read = new CRC32();
            length = read(name, read);
            crc32 = OptionalInt.of((int) read.getValue());
        }
        return new Look.Present(
                length,
                Optional.ofNullable(metadata.get(ObjectHeaders.MARK)),
                hex(metadata.get(ObjectHeaders.CRC32)),
                crc32);
    }

    private long read(ObjectName name, CRC32 crc) throws IOException {
        long length = 0;
        try (ResponseInputStream<GetObjectResponse> there =
                client.getObject(b -> b.bucket(name.bucket()).key(name.key()))) {
            byte[] buffer = new byte[64 << 10];
            for (int count; (count = there.read(buffer)) >= 0; length += count) {
                crc.update(buffer, 0, count);
            }
        }
        return length;
    }

    /** The checksum of all bytes; what a store tells of a multipart object may be of the parts'. */
    private static OptionalInt whole(String told) {
        if (told == null || told.contains("-")) {
            return OptionalInt.empty();
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(told);
            return bytes.length == Integer.BYTES
                    ? OptionalInt.of(ByteBuffer.wrap(bytes).getInt())
                    : OptionalInt.empty();
        } catch (IllegalArgumentException noChecksum) {
            return OptionalInt.empty();
        }
    }

    private static OptionalInt hex(String text) {
        try {
            return text == null
                    ? OptionalInt.empty()
                    : OptionalInt.of(HexFormat.fromHexDigits(text));
        } catch (IllegalArgumentException noNumber) {
            return OptionalInt.empty();
        }
    }

    void list(String bucket, String prefix, Consumer<Listed> visitor) throws IOException {
        try {
            String token = null;
            while (true) {
                String from = token;
                ListObjectsV2Response page =
                        attempts.make(
                                () ->
                                        client.listObjectsV2(
                                                b ->
                                                        b.bucket(bucket)
                                                                .prefix(prefix)
                                                                .continuationToken(from)));
                for (S3Object object : page.contents()) {
                    visitor.accept(
                            new Listed(
                                    object.key(),
                                    object.lastModified() == null
                                            ? OptionalLong.empty()
                                            : OptionalLong.of(
                                                    object.lastModified().toEpochMilli())));
                }
                if (!Boolean.TRUE.equals(page.isTruncated())) {
                    return;
                }
                token = page.nextContinuationToken();
                if (token == null || token.equals(from)) {
                    throw new IOException("the store does not tell how its listing goes on");
                }
            }
        } catch (SdkServiceException e) {
            if (!S3Answers.code(e).equals("NoSuchBucket")) {
                throw new IOException(S3Answers.said(e), e);
            }
        } catch (SdkException e) {
            throw new IOException(S3Answers.reason(e), e);
        }
    }

    Uploads uploads(String bucket, String prefix) {
        List<Upload> all = new ArrayList<>();
        try {
            String keyMarker = null;
            String idMarker = null;
            while (true) {
                String key = keyMarker;
                String id = idMarker;
                ListMultipartUploadsResponse page =
                        attempts.make(
                                () ->
                                        client.listMultipartUploads(
                                                b ->
                                                        b.bucket(bucket)
                                                                .prefix(prefix)
                                                                .keyMarker(key)
                                                                .uploadIdMarker(id)));
                for (MultipartUpload upload : page.uploads()) {
                    all.add(new Upload(upload.key(), upload.uploadId()));
                }
                if (!Boolean.TRUE.equals(page.isTruncated())) {
                    return new Uploads(all, listsOneKeyOnly(page));
                }
                keyMarker = page.nextKeyMarker();
                idMarker = page.nextUploadIdMarker();
                if (keyMarker == null
                        || keyMarker.equals(key) && id != null && id.equals(idMarker)) {
                    return new Uploads(
                            all, Optional.of("the store does not tell how its listing goes on"));
                }
            }
        } catch (SdkServiceException e) {
            return S3Answers.code(e).equals("NoSuchBucket")
                    ? new Uploads(List.of(), Optional.empty())
                    : new Uploads(all, Optional.of(S3Answers.said(e)));
        } catch (SdkException | IOException e) {
            return new Uploads(all, Optional.of(S3Answers.reason(e)));
        }
    }

    /** Ends an upload; what is gone is fine. */
    void endUpload(ObjectName name, String uploadId) throws IOException {
        try {
            client.abortMultipartUpload(
                    b -> b.bucket(name.bucket()).key(name.key()).uploadId(uploadId));
        } catch (NoSuchUploadException gone) {
            // As wanted.
        } catch (SdkServiceException e) {
            throw new IOException(S3Answers.said(e), e);
        } catch (SdkException e) {
            throw new IOException(S3Answers.reason(e), e);
        }
    }

    /**
     * MinIO answers with the uploads of the key that equals the prefix, and with none for others.
     */
    private static Optional<String> listsOneKeyOnly(ListMultipartUploadsResponse page) {
        return page.sdkHttpResponse()
                .firstMatchingHeader("Server")
                .filter(server -> server.startsWith("MinIO"))
                .map(server -> "MinIO lists the uploads of one key at a time only");
    }
}
