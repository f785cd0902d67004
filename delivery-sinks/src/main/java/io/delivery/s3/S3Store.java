package io.delivery.s3;

import io.delivery.config.ObjectNames;
import io.delivery.config.StoreDefinition.ConditionalWrites;
import io.delivery.failure.FailureText;
import io.delivery.landing.ObjectAttributes;
import io.delivery.landing.ObjectListing;
import io.delivery.landing.ObjectStore;
import io.delivery.landing.ObjectStore.Landing.Denied;
import io.delivery.landing.ObjectStore.Landing.Doubtful;
import io.delivery.landing.ObjectStore.Landing.Landed;
import io.delivery.landing.ObjectStore.Landing.Occupied;
import io.delivery.landing.ObjectStore.Landing.Unknown;
import io.delivery.landing.ObjectStore.Landing.Unreadable;
import io.delivery.landing.StoreProbe;
import io.delivery.record.ObjectName;
import io.delivery.staging.DamagedStagingException;
import io.delivery.staging.StagedContent;
import io.delivery.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A store that speaks S3. An object is one PUT, or a multipart upload above the part size, with
 * {@code If-None-Match: *} until the store answers that it does not know it; after that the store
 * is looked at before each PUT.
 *
 * <p>The blocking client on a bounded pool, not the asynchronous one: the bytes come from a file,
 * so a thread has to read them anyway; each upload holds a few 64 KiB buffers, or an object of up
 * to 128 KiB twice, the second time with its frames, and one connection, and nothing else grows
 * with the size of an object. The client retries nothing (but see {@link S3Connection}); whoever
 * calls looks and tries again. Most small objects go past the client's pipeline ({@link S3Puts}).
 *
 * <p>CRC-32 goes as a plain header with the recorded value, not as a trailer computed on the way:
 * the store itself then compares what arrived with what was recorded when the object was staged,
 * and stores that know no trailers take it too.
 */
public final class S3Store implements ObjectStore, StoreProbe, ObjectListing {
    private static final Logger log = LoggerFactory.getLogger(S3Store.class);

    /** Looks are short and must not wait behind uploads. */
    private static final int LOOKS = 4;

    /**
     * A request is refused when its signature's time is more than 15 minutes before or after the
     * store's (RequestTimeTooSkewed: S3 API reference, error responses; MinIO, Ceph and S3Proxy do
     * the same). So none that was held for longer than both together becomes visible.
     */
    private static final Duration SIGNATURE_COUNTS = Duration.ofMinutes(30);

    private final S3Settings settings;
    private final S3Connection connection;
    private final S3Client client;
    private final S3Uploads uploads;
    private final S3Looks looks;
    private final S3Listing listing;
    private final Executor landing;
    private final Executor looking;
    private volatile boolean conditional;
    private volatile boolean closed;

    private S3Store(S3Settings settings, World world, S3Connection connection) {
        this.settings = settings;
        this.connection = connection;
        this.client = connection.client();
        this.uploads = new S3Uploads(connection, settings);
        this.looks = new S3Looks(client, settings);
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
                        return new Unknown("staged bytes could not be read: " + FailureText.of(e));
                    } catch (IllegalStateException e) {
                        if (closed) {
                            return new Unknown("the store was closed");
                        }
                        throw e;
                    }
                });
    }

    @Override
    public Optional<Denied> refusal(ObjectName name) {
        Optional<String> ofBucket = ObjectNames.problemOfS3Bucket(name.bucket());
        if (ofBucket.isPresent()) {
            return Optional.of(
                    new Denied("InvalidBucketName", ofBucket.get(), "Name another one."));
        }
        return ObjectNames.problemOfS3Key(name.key())
                .map(problem -> Denied.ofTheKey("InvalidKey", problem, "Name another prefix."));
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
                        "the store does not know conditional writes, so each PUT is preceded by a look: bucket={}",
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
            Landing inTheWay = looks.before(upload.name());
            if (inTheWay != null) {
                return inTheWay;
            }
        }
        Landing answer = uploads.send(upload, asked);
        if (answer instanceof Doubtful doubtful) {
            log.warn("landing is in doubt: object={} said={}", upload.name(), doubtful.said());
        }
        return answer;
    }

    private static boolean isNotImplemented(Landing answer) {
        return answer instanceof Denied denied && denied.code().equals("NotImplemented");
    }

    /** Null when the bucket is there now. */
    private Landing createBucket(String bucket) {
        try {
            client.createBucket(b -> b.bucket(bucket));
            log.info("bucket created: bucket={}", bucket);
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
        Found there = looks.compare(upload.name(), upload.content());
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
        Found there = looks.compare(upload.name(), upload.content());
        return switch (there.presence()) {
            case OURS, STRANGER, ABSENT -> occupied;
            case FORBIDDEN -> notReadable();
            case UNKNOWN -> new Unknown("occupied, but could not be read back: " + there.reason());
        };
    }

    private static Unreadable notReadable() {
        return new Unreadable(
                "AccessDenied: the object may not be read back",
                "Allow s3:GetObject on the prefix, or set readBack: false.");
    }

    @Override
    public CompletionStage<Found> find(
            ObjectName name, ObjectAttributes attributes, StagedContent content) {
        return on(
                looking,
                () -> {
                    Found found = looks.look(name, attributes, content);
                    boolean ours = found.equals(Found.OURS);
                    if (content.length() > settings.partSize()
                            && (ours || found.equals(Found.ABSENT))) {
                        uploads.abortStrays(name);
                    }
                    endLeft(name, ours);
                    return ours && settings.readBack() ? looks.compare(name, content) : found;
                });
    }

    @Override
    public CompletionStage<Found> readBack(
            ObjectName name, ObjectAttributes attributes, StagedContent content) {
        return on(
                looking,
                () -> {
                    Found found = looks.look(name, attributes, content);
                    boolean ours = found.equals(Found.OURS);
                    endLeft(name, ours);
                    return ours ? looks.compare(name, content) : found;
                });
    }

    private void endLeft(ObjectName name, boolean there) {
        if (there) {
            uploads.settle(name);
        } else {
            uploads.abortLeft(name);
        }
    }

    @Override
    public Duration requestLife(long bytes) {
        return SIGNATURE_COUNTS.plus(TimeLimitedHttpClient.limit(bytes));
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
        return new S3Trials(settings, client, uploads, looks).run(bucket, prefix);
    }

    @Override
    public BucketState bucket(String bucket) {
        return looks.bucket(bucket);
    }

    @Override
    public List<Look> look(List<ObjectName> names, Depth depth) {
        List<CompletableFuture<Look>> answers = new ArrayList<>();
        for (ObjectName name : names) {
            answers.add(
                    S3Store.<Look>on(
                                    looking,
                                    () -> listing.look(() -> looks.head(name), name, depth))
                            .toCompletableFuture());
        }
        return answers.stream().map(CompletableFuture::join).toList();
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

    @Override
    public void endUpload(ObjectName name, String uploadId) throws IOException {
        listing.endUpload(name, uploadId);
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
}
