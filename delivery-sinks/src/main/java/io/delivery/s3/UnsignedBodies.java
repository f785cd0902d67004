package io.delivery.s3;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.scheme.AwsV4AuthScheme;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.spi.scheme.AuthScheme;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignRequest;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignedRequest;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.IdentityProviders;

/**
 * Signature Version 4 that leaves the body of an object or of a part out, {@code UNSIGNED-PAYLOAD},
 * when its CRC-32 is among the headers, which are signed. Every other request is signed with its
 * body.
 *
 * <p>The SDK does that by itself over https only. Over http its signer hashes whatever body it is
 * given, so this one does not give it the body.
 */
final class UnsignedBodies implements AuthScheme<AwsCredentialsIdentity> {
    private static final String CHECKSUM = "x-amz-checksum-crc32";

    private final AwsV4AuthScheme version4 = AwsV4AuthScheme.create();

    @Override
    public String schemeId() {
        return AwsV4AuthScheme.SCHEME_ID; // in place of the SDK's own
    }

    @Override
    public IdentityProvider<AwsCredentialsIdentity> identityProvider(IdentityProviders providers) {
        return version4.identityProvider(providers);
    }

    @Override
    public HttpSigner<AwsCredentialsIdentity> signer() {
        return new Signer();
    }

    private final class Signer implements HttpSigner<AwsCredentialsIdentity> {
        @Override
        public SignedRequest sign(SignRequest<? extends AwsCredentialsIdentity> request) {
            Optional<ContentStreamProvider> body = request.payload();
            if (body.isEmpty() || !hasItsChecksum(request.request())) {
                return version4.signer().sign(request);
            }
            return version4.signer().sign(withoutBody(request)).toBuilder()
                    .payload(body.get())
                    .build();
        }

        @Override
        public CompletableFuture<AsyncSignedRequest> signAsync(
                AsyncSignRequest<? extends AwsCredentialsIdentity> request) {
            throw new UnsupportedOperationException("the store uses the blocking client");
        }
    }

    /** The completion of an upload has the checksum of the object, not of its own body. */
    private static boolean hasItsChecksum(SdkHttpRequest request) {
        return request.method() == SdkHttpMethod.PUT
                && request.firstMatchingHeader(CHECKSUM).isPresent();
    }

    private static <I extends AwsCredentialsIdentity> SignRequest<I> withoutBody(
            SignRequest<I> request) {
        return request.toBuilder()
                .payload(null)
                .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                .putProperty(AwsV4FamilyHttpSigner.CHUNK_ENCODING_ENABLED, false)
                .build();
    }
}
