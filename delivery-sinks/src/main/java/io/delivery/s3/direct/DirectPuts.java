package io.delivery.s3.direct;

import io.delivery.s3.direct.FirstAnswers.Outcome;
import io.delivery.staging.DamagedStagingException;
import io.delivery.staging.StagedContent;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.spi.scheme.AuthScheme;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * PUTs of small objects without the SDK's pipeline, which costs more than such a request itself.
 * The SDK makes the first request of each bucket, which is watched ({@link PreparedPut}); the next
 * ones are made from that, signed by the SDK's signer and sent by its HTTP client. Whatever has
 * another outcome than a plain success is handed to the SDK ({@link FirstAnswers}), and after a
 * failure the SDK makes the bucket's next request again.
 *
 * <p>Thread-safe. A request holds its object in memory, {@value #LARGEST} bytes at most, and where
 * it is sent in chunks the same bytes once more with their frames.
 */
public final class DirectPuts {
    private static final Logger log = LoggerFactory.getLogger(DirectPuts.class);

    /**
     * Bytes of an object. A larger one costs more than the pipeline does, and the SDK asks for
     * {@code Expect: 100-continue} above a size that is larger than this.
     */
    public static final int LARGEST = SignedChunk.LARGEST;

    private static final int PRECONDITION_FAILED = 412;

    /** A body that came too slowly, another request for the same name, too many requests. */
    private static final Set<Integer> PASSING = Set.of(408, 409, 429);

    private static final int OF_THE_SERVER = 500;

    private final SdkHttpClient http;
    private final AuthScheme<AwsCredentialsIdentity> scheme;
    private final SeenSignatures seen;
    private final AwsCredentialsProvider credentials;
    private final SignedChunk chunk = new SignedChunk();

    private final PreparedPuts prepared = new PreparedPuts();

    /**
     * @param http sends
     * @param scheme signs
     * @param seen shows what the SDK signs
     */
    public DirectPuts(
            SdkHttpClient http,
            AuthScheme<AwsCredentialsIdentity> scheme,
            SeenSignatures seen,
            AwsCredentialsProvider credentials) {
        this.http = http;
        this.scheme = scheme;
        this.seen = seen;
        this.credentials = credentials;
    }

    /** Whether such a request may be made here. */
    private static boolean takes(ObjectPut put) {
        return put.content().length() <= LARGEST && PreparedPut.takes(put.key());
    }

    /** Has the SDK make the request, and sees how; a request that fails is no example. */
    public <T> T watched(ObjectPut put, Supplier<T> call) {
        if (!takes(put)) {
            return call.get();
        }
        Optional<PreparedPut> refused = prepared.refused(put.bucket());
        AtomicReference<PreparedPut> understood = new AtomicReference<>();
        T answer =
                seen.during(
                        call, request -> PreparedPut.from(request, put).ifPresent(understood::set));
        if (understood.get() != null) {
            prepared.add(put.bucket(), understood.get(), refused);
        }
        return answer;
    }

    /**
     * Has the SDK make the next request of every bucket: it has found out that its clock is wrong,
     * and signs with another time from now on.
     */
    public void clockWasCorrected() {
        prepared.removeAll();
    }

    /**
     * What became of the request; empty when none was sent, so that the SDK may.
     *
     * @throws DamagedStagingException when the staged bytes are not those that were recorded; they
     *     were compared before anything was sent
     * @throws IOException when they cannot be read
     */
    public Optional<Outcome> send(ObjectPut put) throws IOException {
        String bucket = put.bucket();
        PreparedPut known = takes(put) ? prepared.get(bucket).orElse(null) : null;
        if (known == null) {
            return Optional.empty();
        }
        byte[] body = read(put.content());
        AwsCredentialsIdentity signer;
        ExecutableHttpRequest request;
        try {
            signer = credentials.resolveCredentials();
            request = http.prepareRequest(signed(known, put, body, signer));
        } catch (RuntimeException e) { // no key, for example: the SDK says why
            log.debug("a request was not made without the SDK: bucket={}", bucket, e);
            prepared.remove(bucket, known);
            return Optional.empty();
        }
        Outcome outcome = call(request, signer.accessKeyId());
        OptionalInt status = outcome.status();
        if (status.isPresent() && isTaken(status.getAsInt())) {
            prepared.worked(bucket);
        } else if (status.isPresent() && isRefused(status.getAsInt())) {
            prepared.refused(bucket, known);
        } else {
            prepared.remove(bucket, known);
        }
        return Optional.of(outcome);
    }

    private HttpExecuteRequest signed(
            PreparedPut known, ObjectPut put, byte[] body, AwsCredentialsIdentity signer) {
        SignedRequest signed =
                scheme.signer()
                        .sign(
                                known.of(
                                        put,
                                        ContentStreamProvider.fromByteArrayUnsafe(body),
                                        signer));
        ContentStreamProvider sent =
                chunk.of(signed.request(), body, signer)
                        .filter(framed -> isAnnounced(signed.request(), framed.length))
                        .map(ContentStreamProvider::fromByteArrayUnsafe)
                        .orElseGet(() -> signed.payload().orElseThrow());
        return HttpExecuteRequest.builder()
                .request(signed.request())
                .contentStreamProvider(sent)
                .build();
    }

    private static boolean isAnnounced(SdkHttpRequest request, int length) {
        return request.firstMatchingHeader("Content-Length")
                .filter(Integer.toString(length)::equals)
                .isPresent();
    }

    private static Outcome call(ExecutableHttpRequest request, String accessKeyId) {
        try {
            return Outcome.of(request.call(), accessKeyId);
        } catch (IOException e) {
            return Outcome.of(e, accessKeyId);
        } catch (RuntimeException e) {
            return Outcome.of(e, accessKeyId);
        }
    }

    /** A name that is taken tells nothing against the request. */
    private static boolean isTaken(int status) {
        return status < 300 || status == PRECONDITION_FAILED;
    }

    /** Neither taken nor left undone because of the state of the server or of another request. */
    private static boolean isRefused(int status) {
        return !isTaken(status) && status < OF_THE_SERVER && !PASSING.contains(status);
    }

    private static byte[] read(StagedContent content) throws IOException {
        byte[] body = new byte[(int) content.length()];
        try (InputStream in = content.open(0, body.length)) {
            int read = in.readNBytes(body, 0, body.length);
            if (read < body.length) {
                throw DamagedStagingException.endsShort(body.length - read);
            }
        }
        CRC32 sum = new CRC32();
        sum.update(body);
        if ((int) sum.getValue() != content.crc32()) {
            throw DamagedStagingException.otherChecksum((int) sum.getValue(), content.crc32());
        }
        return body;
    }
}
