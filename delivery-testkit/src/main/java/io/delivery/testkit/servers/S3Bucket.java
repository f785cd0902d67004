package io.delivery.testkit.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/** One bucket of a server, as somebody sees it who only knows S3. */
public final class S3Bucket implements AutoCloseable {
    private final S3Server server;
    private final S3Client client;
    private final String name;

    private S3Bucket(S3Server server, S3Client client, String name) {
        this.server = server;
        this.client = client;
        this.name = name;
    }

    /** Makes the bucket. */
    public static S3Bucket create(S3Server server, String name) {
        S3Client client =
                S3Client.builder()
                        .endpointOverride(server.endpoint())
                        .region(Region.of(server.region()))
                        .forcePathStyle(true)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(
                                                server.accessKeyId(), server.secretAccessKey())))
                        .httpClientBuilder(Apache5HttpClient.builder())
                        .build();
        client.createBucket(request -> request.bucket(name));
        return new S3Bucket(server, client, name);
    }

    /** From now on every PUT of a key makes a version. */
    public S3Bucket keepVersions() {
        client.putBucketVersioning(
                request ->
                        request.bucket(name)
                                .versioningConfiguration(
                                        v -> v.status(BucketVersioningStatus.ENABLED)));
        return this;
    }

    public String name() {
        return name;
    }

    /**
     * The bytes of every object, by key. S3Proxy may list the object of a PUT that was broken off
     * and then deny it: what cannot be read was never visible. Nor was what it lists of a PUT that
     * goes on.
     */
    public Map<String, byte[]> objects() {
        Map<String, byte[]> all = new TreeMap<>();
        for (S3Object object :
                client.listObjectsV2Paginator(request -> request.bucket(name)).contents()) {
            if (server.listsUnfinished(object.key())) {
                continue;
            }
            try {
                all.put(
                        object.key(),
                        client.getObjectAsBytes(request -> request.bucket(name).key(object.key()))
                                .asByteArray());
            } catch (NoSuchKeyException brokenOff) {
                all.remove(object.key());
            }
        }
        return all;
    }

    /** As somebody else does it. */
    public void remove(String key) {
        client.deleteObject(request -> request.bucket(name).key(key));
    }

    /** As somebody else does it: whatever was there, without our metadata. */
    public void put(String key, byte[] bytes) {
        client.putObject(request -> request.bucket(name).key(key), RequestBody.fromBytes(bytes));
    }

    /** Begins a multipart upload that nobody goes on with. */
    public void beginUpload(String key) {
        client.createMultipartUpload(request -> request.bucket(name).key(key));
    }

    /** The keys of multipart uploads that nobody has ended; not every server lists them. */
    public List<String> uploads() {
        return client.listMultipartUploads(request -> request.bucket(name)).uploads().stream()
                .map(MultipartUpload::key)
                .toList();
    }

    /** Writes every object to the file that its key names below a directory. */
    public void download(Path directory) throws IOException {
        for (Map.Entry<String, byte[]> object : objects().entrySet()) {
            Path file = directory.resolve(object.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, object.getValue());
        }
    }

    /** How many versions and delete markers each key has. */
    public Map<String, Integer> versions() {
        Map<String, Integer> counts = new TreeMap<>();
        for (ListObjectVersionsResponse page :
                client.listObjectVersionsPaginator(request -> request.bucket(name))) {
            page.versions().forEach(version -> counts.merge(version.key(), 1, Integer::sum));
            page.deleteMarkers().forEach(marker -> counts.merge(marker.key(), 1, Integer::sum));
        }
        return counts;
    }

    @Override
    public void close() {
        client.close();
    }
}
