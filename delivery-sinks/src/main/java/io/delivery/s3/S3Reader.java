package io.delivery.s3;

import io.delivery.world.Scheduler;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * What is in a bucket, for whoever compares it with what should be. Blocking, thread-safe. Does not
 * retry what the store refuses.
 */
public final class S3Reader implements AutoCloseable {
    private static final int CONNECTIONS = 4;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int NOT_IMPLEMENTED = 501;

    private final S3Connection connection;
    private final S3Client client;

    private S3Reader(S3Connection connection) {
        this.connection = connection;
        this.client = connection.client();
    }

    /**
     * @throws IOException when the CA file cannot be read
     */
    public static S3Reader open(S3Settings settings, Scheduler scheduler) throws IOException {
        return new S3Reader(new S3Connection(settings, scheduler, CONNECTIONS));
    }

    /**
     * Length of every object whose key begins like this, by key, in the order of keys.
     *
     * @throws IOException when the store refuses or does not answer
     */
    public Map<String, Long> list(String bucket, String prefix) throws IOException {
        ListObjectsV2Request request =
                ListObjectsV2Request.builder().bucket(bucket).prefix(prefix).build();
        return answer(
                "list s3://" + bucket + "/" + prefix,
                () -> {
                    Map<String, Long> objects = new TreeMap<>();
                    for (S3Object object : client.listObjectsV2Paginator(request).contents()) {
                        objects.put(object.key(), object.size());
                    }
                    return objects;
                });
    }

    /**
     * The bytes of an object; empty when it is not there.
     *
     * @throws IOException when the store refuses or does not answer
     */
    public Optional<byte[]> read(String bucket, String key) throws IOException {
        return answer(
                "read s3://" + bucket + "/" + key,
                () -> {
                    try {
                        return Optional.of(
                                client.getObjectAsBytes(r -> r.bucket(bucket).key(key))
                                        .asByteArrayUnsafe());
                    } catch (SdkServiceException refused) {
                        if (refused.statusCode() == NOT_FOUND) {
                            return Optional.empty();
                        }
                        throw refused;
                    }
                });
    }

    /**
     * How many versions and delete markers each key has that begins like this; empty when the
     * bucket keeps none, the store does not know of versions, or we may not ask.
     *
     * @throws IOException when the store refuses or does not answer
     */
    public Optional<Map<String, Integer>> versions(String bucket, String prefix)
            throws IOException {
        return answer(
                "list versions of s3://" + bucket + "/" + prefix,
                () -> versioned(bucket) ? counts(bucket, prefix) : Optional.empty());
    }

    private boolean versioned(String bucket) {
        try {
            GetBucketVersioningResponse answer = client.getBucketVersioning(r -> r.bucket(bucket));
            return answer.status() == BucketVersioningStatus.ENABLED;
        } catch (SdkServiceException refused) {
            if (refused.statusCode() == NOT_IMPLEMENTED
                    || refused.statusCode() == FORBIDDEN
                    || "VersioningNotConfigured".equals(S3Answers.code(refused))) {
                return false;
            }
            throw refused;
        }
    }

    /** Empty when we may not list them. */
    private Optional<Map<String, Integer>> counts(String bucket, String prefix) {
        Map<String, Integer> counts = new TreeMap<>();
        try {
            for (ListObjectVersionsResponse page :
                    client.listObjectVersionsPaginator(r -> r.bucket(bucket).prefix(prefix))) {
                page.versions().forEach(version -> counts.merge(version.key(), 1, Integer::sum));
                page.deleteMarkers().forEach(marker -> counts.merge(marker.key(), 1, Integer::sum));
            }
            return Optional.of(counts);
        } catch (SdkServiceException refused) {
            if (refused.statusCode() == FORBIDDEN) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /**
     * Removes an object, with all its versions if the bucket keeps them and we may; nothing when it
     * is not there.
     *
     * @throws IOException when the store refuses or does not answer
     */
    public void remove(String bucket, String key) throws IOException {
        answer(
                "remove s3://" + bucket + "/" + key,
                () -> {
                    if (!versioned(bucket) || !removedVersions(bucket, key)) {
                        client.deleteObject(r -> r.bucket(bucket).key(key));
                    }
                    return key;
                });
    }

    /** False when we may not. */
    private boolean removedVersions(String bucket, String key) {
        try {
            for (ListObjectVersionsResponse page :
                    client.listObjectVersionsPaginator(r -> r.bucket(bucket).prefix(key))) {
                page.versions().stream()
                        .filter(version -> version.key().equals(key))
                        .forEach(version -> removeVersion(bucket, key, version.versionId()));
                page.deleteMarkers().stream()
                        .filter(marker -> marker.key().equals(key))
                        .forEach(marker -> removeVersion(bucket, key, marker.versionId()));
            }
            return true;
        } catch (SdkServiceException refused) {
            if (refused.statusCode() == FORBIDDEN) {
                return false;
            }
            throw refused;
        }
    }

    private void removeVersion(String bucket, String key, String versionId) {
        client.deleteObject(r -> r.bucket(bucket).key(key).versionId(versionId));
    }

    private static <T> T answer(String what, Callable<T> call) throws IOException {
        try {
            return call.call();
        } catch (SdkServiceException refused) {
            throw new IOException(what + ": " + S3Answers.said(refused), refused);
        } catch (SdkException failed) {
            throw new IOException(what + ": " + S3Answers.reason(failed), failed);
        } catch (RuntimeException failed) {
            throw failed;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible); // the calls above declare none
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
