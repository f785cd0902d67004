package io.delivery.s3;

import io.delivery.config.StoreDefinition.Checksums;
import io.delivery.config.StoreDefinition.ConditionalWrites;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectListing;
import io.delivery.landing.ObjectStore;
import io.delivery.landing.ObjectStore.Landing.Denied;
import io.delivery.landing.ObjectStore.Landing.Doubtful;
import io.delivery.landing.ObjectStore.Landing.Landed;
import io.delivery.landing.ObjectStore.Landing.Occupied;
import io.delivery.landing.ObjectStore.Landing.Unknown;
import io.delivery.landing.StoreProbe;
import io.delivery.record.ObjectName;
import io.delivery.staging.DamagedStagingException;
import io.delivery.staging.StagedContent;
import io.delivery.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
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

/**
 * A store that speaks S3. An object is one PUT, or a multipart upload above the part size, with
 * {@code If-None-Match: *} until the store answers that it does not know it; after that the store
 * is looked at before each PUT.
 *
 * <p>The blocking client on a bounded pool, not the asynchronous one: the bytes come from a file,
 * so a thread has to read them anyway; each upload holds a few 64 KiB buffers and one connection,
 * and nothing else grows with the size of an object. The client retries nothing (but see {@link
 * S3Connection}); whoever calls looks and tries again.
 *
 * <p>CRC-32 goes as a plain header with the recorded value, not as a trailer computed on the way:
 * the store itself then compares what arrived with what was recorded when the object was staged,
 * and stores that know no trailers take it too.
 */
public final class S3Store implements ObjectStore, StoreProbe, ObjectListing {
    private static final Logger log = LoggerFactory.getLogger(S3Store.class);

    /** Looks are short and must not wait behind uploads. */
    private static final int LOOKS = 4;

    private final S3Settings settings;
    private final S3Connection connection;
    private final S3Client client;
    private final S3Uploads uploads;
    private final S3Listing listing;
    private final Executor landing;
    private final Executor looking;
    private volatile boolean conditional;
    private volatile boolean closed;

    private S3Store(S3Settings settings, World world, S3Connection connection) {
        this.settings = settings;
        this.connection = connection;
        this.client = connection.client();
        this.uploads = new S3Uploads(client, settings);
        this.listing = new S3Listing(client, ReadAttempts.inThisThread());
        this.landing = world.scheduler().pool("s3-landing", settings.uploads());
        this.looking = world.scheduler().pool("s3-looking", LOOKS);
        this.conditional = settings.conditionalWrites() == ConditionalWrites.AUTO;
    }

    /**
     * Sends no request yet.
     *
     * @param world gives the pools and the time limits of requests
     * @throws IOException when {@code caFile} cannot be read
     */
    public static S3Store open(S3Settings settings, World world) throws IOException {
        int connections = settings.uploads() + 2 * LOOKS; // some for probes
        return new S3Store(
                settings, world, new S3Connection(settings, world.scheduler(), connections));
    }

    @Override
    public CompletionStage<Landing> land(
            StagedContent content,
            ObjectName name,
            ObjectAttributes attributes,
            UploadListener listener) {
        return on(
                landing,
                () -> {
                    try {
                        return landNow(new S3Upload(content, name, attributes, listener));
                    } catch (DamagedStagingException e) {
                        throw e;
                    } catch (IOException e) {
                        return new Unknown("staged bytes could not be read: " + e);
                    } catch (IllegalStateException e) {
                        if (closed) {
                            return new Unknown("the store was closed");
                        }
                        throw e;
                    }
                });
    }

    private Landing landNow(S3Upload upload) throws IOException {
        boolean asked = conditional;
        Landing answer = attempt(upload, asked);
        if (settings.createBuckets()
                && answer instanceof Denied denied
                && denied.code().equals("NoSuchBucket")) {
            answer = createBucket(upload.name().bucket());
            if (answer == null) {
                answer = attempt(upload, asked);
            }
        }
        if (asked && isNotImplemented(answer)) {
            // Nothing is there yet. It may be the condition or something else of the request.
            Landing without = attempt(upload, false);
            if (without instanceof Landed || without instanceof Doubtful) {
                conditional = false;
                log.warn(
                        "Store knows no conditional writes, looking before each PUT bucket={}",
                        upload.name().bucket());
            }
            answer = without;
        }
        if (answer instanceof Landed || answer instanceof Occupied) {
            // Nothing more is sent for it, unless the look finds out that nothing is there.
            uploads.settle(upload.name());
        }
        if (!settings.readBack()) {
            return answer;
        }
        if (answer instanceof Landed landed) {
            return afterReadBack(landed, upload);
        }
        return answer instanceof Occupied occupied ? ifReadable(occupied, upload) : answer;
    }

    private Landing attempt(S3Upload upload, boolean asked) throws IOException {
        if (!asked) {
            Landing inTheWay = lookBefore(upload.name());
            if (inTheWay != null) {
                return inTheWay;
            }
        }
        Landing answer = uploads.send(upload, asked);
        if (answer instanceof Doubtful doubtful) {
            log.warn("Landing in doubt object={} said={}", upload.name(), doubtful.said());
        }
        return answer;
    }

    /** Without the condition, a look keeps a stranger from being overwritten; null to go on. */
    private Landing lookBefore(ObjectName name) {
        try {
            client.headObject(b -> b.bucket(name.bucket()).key(name.key()));
            return new Occupied();
        } catch (SdkServiceException e) {
            // A role that may only put: the key carries our salt, so what is there is ours.
            return e.statusCode() == 404 || e.statusCode() == 403
                    ? null
                    : new Unknown("looking before the PUT: " + S3Answers.said(e));
        } catch (SdkException e) {
            return S3Answers.meaning(e);
        }
    }

    private static boolean isNotImplemented(Landing answer) {
        return answer instanceof Denied denied && denied.code().equals("NotImplemented");
    }

    /** Null when the bucket is there now. */
    private Landing createBucket(String bucket) {
        try {
            client.createBucket(b -> b.bucket(bucket));
            log.info("Bucket created bucket={}", bucket);
            return null;
        } catch (SdkServiceException e) {
            String code = S3Answers.code(e);
            if (code.equals("BucketAlreadyOwnedByYou") || code.equals("BucketAlreadyExists")) {
                return null; // another upload was faster
            }
            return S3Answers.meaning(e);
        } catch (SdkException e) {
            return S3Answers.meaning(e);
        }
    }

    private Landing afterReadBack(Landed landed, S3Upload upload) throws IOException {
        Found there = compare(upload.name(), upload.content());
        return switch (there.presence()) {
            case OURS -> landed;
            case STRANGER -> new Doubtful("read back other bytes than were sent; " + landed.said());
            case FORBIDDEN -> notReadable();
            case ABSENT -> new Unknown("landed, and was not there to be read back");
            case UNKNOWN -> new Unknown("landed, but could not be read back: " + there.reason());
        };
    }

    /** A caller that may not look takes an occupied key for its own; unread it must not count. */
    private Landing ifReadable(Occupied occupied, S3Upload upload) {
        Found there = compare(upload.name(), upload.content());
        return switch (there.presence()) {
            case OURS, STRANGER, ABSENT -> occupied;
            case FORBIDDEN -> notReadable();
            case UNKNOWN -> new Unknown("occupied, but could not be read back: " + there.reason());
        };
    }

    private static Denied notReadable() {
        return new Denied(
                "AccessDenied",
                "the object may not be read back",
                "Allow s3:GetObject on the prefix, or set readBack: false.");
    }

    @Override
    public CompletionStage<Found> find(
            ObjectName name, ObjectAttributes attributes, StagedContent content) {
        return on(
                looking,
                () -> {
                    Found found = look(name, attributes, content);
                    boolean ours = found.equals(Found.OURS);
                    if (content.length() > settings.partSize()
                            && (ours || found.equals(Found.ABSENT))) {
                        uploads.abortStrays(name);
                    }
                    endLeft(name, ours);
                    return ours && settings.readBack() ? compare(name, content) : found;
                });
    }

    @Override
    public CompletionStage<Found> readBack(
            ObjectName name, ObjectAttributes attributes, StagedContent content) {
        return on(
                looking,
                () -> {
                    Found found = look(name, attributes, content);
                    boolean ours = found.equals(Found.OURS);
                    endLeft(name, ours);
                    return ours ? compare(name, content) : found;
                });
    }

    private void endLeft(ObjectName name, boolean there) {
        if (there) {
            uploads.settle(name);
        } else {
            uploads.abortLeft(name);
        }
    }

    private Found look(ObjectName name, ObjectAttributes attributes, StagedContent content) {
        try {
            return isOurs(head(name), attributes, content) ? Found.OURS : Found.STRANGER;
        } catch (SdkServiceException e) {
            return notFound(e);
        } catch (SdkException e) {
            return Found.unknown(S3Answers.text(e));
        } catch (IllegalStateException e) {
            return Found.unknown("the store was closed: " + S3Answers.reason(e));
        }
    }

    private static Found notFound(SdkServiceException e) {
        return switch (e.statusCode()) {
            case 404 -> Found.ABSENT;
            case 403 -> Found.FORBIDDEN;
            default -> Found.unknown(S3Answers.text(e));
        };
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
        if (!attributes.mark().equals(metadata.get(S3Uploads.MARK))
                || !S3Uploads.hex(content.crc32()).equals(metadata.get(S3Uploads.CRC32))
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
            log.warn("Checksums of parts not compared mark={} reason={}", attributes.mark(), e);
            return true;
        }
    }

    /** Reads what is visible and compares length and checksum with what was staged. */
    Found compare(ObjectName name, StagedContent content) {
        try (ResponseInputStream<GetObjectResponse> there =
                client.getObject(b -> b.bucket(name.bucket()).key(name.key()))) {
            CRC32 crc = new CRC32();
            long length = 0;
            byte[] buffer = new byte[64 << 10];
            for (int count; (count = there.read(buffer)) >= 0; ) {
                crc.update(buffer, 0, count);
                length += count;
                if (length > content.length()) {
                    there.abort();
                    return Found.STRANGER;
                }
            }
            return length == content.length() && (int) crc.getValue() == content.crc32()
                    ? Found.OURS
                    : Found.STRANGER;
        } catch (SdkServiceException e) {
            return notFound(e);
        } catch (SdkException e) {
            return Found.unknown(S3Answers.text(e));
        } catch (IOException | IllegalStateException e) {
            return Found.unknown("reading back: " + S3Answers.reason(e));
        }
    }

    @Override
    public CompletionStage<Void> abort(ObjectName name, String uploadId) {
        return on(
                looking,
                () -> {
                    uploads.abort(name, uploadId);
                    return null;
                });
    }

    @Override
    public List<Finding> probe(String bucket, String prefix) {
        return new S3Trials(settings, client, uploads, this).run(bucket, prefix);
    }

    @Override
    public BucketState bucket(String bucket) {
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

    @Override
    public List<Look> look(List<ObjectName> names, Depth depth) {
        List<CompletableFuture<Look>> looks = new ArrayList<>();
        for (ObjectName name : names) {
            looks.add(
                    S3Store.<Look>on(looking, () -> listing.look(() -> head(name), name, depth))
                            .toCompletableFuture());
        }
        return looks.stream().map(CompletableFuture::join).toList();
    }

    @Override
    public boolean keepsMarks() {
        return true;
    }

    @Override
    public void list(String bucket, String prefix, Consumer<Listed> visitor) throws IOException {
        listing.list(bucket, prefix, visitor);
    }

    @Override
    public Uploads uploads(String bucket, String prefix) {
        return listing.uploads(bucket, prefix);
    }

    /** Attempts under way end without an answer. The pools belong to the world. */
    @Override
    public void close() {
        closed = true;
        connection.close();
    }

    private static <T> CompletionStage<T> on(Executor executor, Callable<T> step) {
        CompletableFuture<T> result = new CompletableFuture<>();
        executor.execute(
                () -> {
                    try {
                        result.complete(step.call());
                    } catch (UncheckedIOException e) {
                        result.completeExceptionally(e.getCause());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                });
        return result;
    }

    /** One object on its way. */
    record S3Upload(
            StagedContent content,
            ObjectName name,
            ObjectAttributes attributes,
            UploadListener listener) {}
}
