package io.delivery.s3.direct;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignerProperty;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * The request of a PUT into one bucket without what is of one object, taken from a request that the
 * SDK has made: where it goes, which headers all objects have, how it is signed. So all that the
 * SDK knows of endpoints, regions and settings counts without being known here.
 *
 * <p>A request is taken only where every part of it is understood: what this class makes for the
 * same object is the same request, but for the SDK's ids. Immutable.
 */
final class PreparedPut {
    /** Headers that are the same for all objects of a bucket in a store. */
    private static final Set<String> OF_ALL_OBJECTS =
            Set.of(
                    "content-type",
                    "user-agent",
                    "x-amz-acl",
                    "x-amz-server-side-encryption",
                    "x-amz-server-side-encryption-aws-kms-key-id");

    // For whoever reads the logs of a service: AWS SDKs reference, "Retry behavior".
    private static final String INVOCATION = "amz-sdk-invocation-id";
    private static final String ATTEMPT = "amz-sdk-request";

    /** A request that the SDK repeats says so, which the ones that are made from it do not. */
    private static final String FIRST_ATTEMPT = "attempt=1;";

    private static final Set<String> OF_THE_SDK = Set.of(INVOCATION, ATTEMPT);

    /** All that a signature depends on, and nothing of one body, as a cached hash is. */
    private static final List<SignerProperty<?>> OF_SIGNATURES =
            List.of(
                    AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME,
                    AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE,
                    AwsV4FamilyHttpSigner.NORMALIZE_PATH,
                    AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED,
                    AwsV4FamilyHttpSigner.CHUNK_ENCODING_ENABLED,
                    AwsV4FamilyHttpSigner.CHECKSUM_ALGORITHM,
                    AwsV4HttpSigner.REGION_NAME,
                    HttpSigner.SIGNING_CLOCK);

    private final SdkHttpRequest forAll;
    private final String attempt;
    private final String pathBeforeTheKey;
    private final List<Consumer<SignRequest.Builder<AwsCredentialsIdentity>>> signing;

    private PreparedPut(
            SdkHttpRequest forAll,
            String attempt,
            String pathBeforeTheKey,
            List<Consumer<SignRequest.Builder<AwsCredentialsIdentity>>> signing) {
        this.forAll = forAll;
        this.attempt = attempt;
        this.pathBeforeTheKey = pathBeforeTheKey;
        this.signing = signing;
    }

    /** Whether the SDK writes this key as it is; it drops a slash at the beginning of some. */
    static boolean takes(String key) {
        return !key.startsWith("/");
    }

    /**
     * Empty where the request has something that is not known here, or is not the first of a call.
     *
     * @param seen what the SDK is about to sign for this object
     */
    static Optional<PreparedPut> from(
            SignRequest<? extends AwsCredentialsIdentity> seen, ObjectPut put) {
        SdkHttpRequest request = seen.request();
        String key = encoded(put.key());
        if (request.method() != SdkHttpMethod.PUT
                || request.numRawQueryParameters() > 0
                || !request.encodedPath().endsWith("/" + key)
                || !isSignedInHeaders(seen)) {
            return Optional.empty();
        }
        Map<String, List<String>> forAll = new HashMap<>();
        Map<String, String> own = new HashMap<>();
        put.headers().forEach((name, value) -> own.put(name.toLowerCase(Locale.ROOT), value));
        String attempt = null;
        for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            String ours = own.remove(name);
            if (ours != null && header.getValue().equals(List.of(ours))) {
                continue;
            }
            if (ours != null || !OF_ALL_OBJECTS.contains(name) && !OF_THE_SDK.contains(name)) {
                return Optional.empty();
            }
            if (name.equals(ATTEMPT)) {
                attempt = header.getValue().get(0);
            }
            if (OF_ALL_OBJECTS.contains(name)) {
                forAll.put(header.getKey(), header.getValue());
            }
        }
        if (attempt == null || !attempt.startsWith(FIRST_ATTEMPT) || !own.isEmpty()) {
            return Optional.empty();
        }
        String path = request.encodedPath();
        return Optional.of(
                new PreparedPut(
                        SdkHttpRequest.builder()
                                .method(SdkHttpMethod.PUT)
                                .protocol(request.protocol())
                                .host(request.host())
                                .port(request.port())
                                .encodedPath("/")
                                .headers(forAll)
                                .build(),
                        attempt,
                        path.substring(0, path.length() - key.length()),
                        signing(seen)));
    }

    private static boolean isSignedInHeaders(SignRequest<?> seen) {
        AuthLocation where = seen.property(AwsV4FamilyHttpSigner.AUTH_LOCATION);
        return (where == null || where == AuthLocation.HEADER)
                && seen.property(AwsV4FamilyHttpSigner.EXPIRATION_DURATION) == null;
    }

    private static String encoded(String key) {
        return SdkHttpUtils.urlEncodeIgnoreSlashes(key);
    }

    /**
     * What is to be signed.
     *
     * @param put one whose key this {@link #takes}
     */
    SignRequest<AwsCredentialsIdentity> of(
            ObjectPut put, ContentStreamProvider body, AwsCredentialsIdentity signer) {
        SdkHttpRequest.Builder request =
                forAll.toBuilder()
                        .encodedPath(pathBeforeTheKey + encoded(put.key()))
                        .putHeader(INVOCATION, invocation())
                        .putHeader(ATTEMPT, attempt);
        put.headers().forEach(request::putHeader);
        SignRequest.Builder<AwsCredentialsIdentity> signed =
                SignRequest.builder(signer).request(request.build()).payload(body);
        signing.forEach(property -> property.accept(signed));
        return signed.build();
    }

    /** An id, not a secret. */
    private static String invocation() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private static List<Consumer<SignRequest.Builder<AwsCredentialsIdentity>>> signing(
            SignRequest<? extends AwsCredentialsIdentity> seen) {
        return OF_SIGNATURES.stream().flatMap(property -> value(property, seen).stream()).toList();
    }

    private static <T> Optional<Consumer<SignRequest.Builder<AwsCredentialsIdentity>>> value(
            SignerProperty<T> property, SignRequest<? extends AwsCredentialsIdentity> seen) {
        return Optional.ofNullable(seen.property(property))
                .map(value -> request -> request.putProperty(property, value));
    }
}
