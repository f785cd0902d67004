package io.delivery.s3.direct;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
 * Another scheme's signatures, and a look at what the SDK has signed. The blocking client signs on
 * the thread that calls it.
 */
public final class SeenSignatures implements AuthScheme<AwsCredentialsIdentity> {
    private final AuthScheme<AwsCredentialsIdentity> scheme;
    private final ThreadLocal<Consumer<SignRequest<? extends AwsCredentialsIdentity>>> looking =
            new ThreadLocal<>();

    public SeenSignatures(AuthScheme<AwsCredentialsIdentity> scheme) {
        this.scheme = scheme;
    }

    /**
     * Makes a call of the client, and shows what is signed for it before it is signed.
     *
     * @throws RuntimeException as the call does
     */
    <T> T during(Supplier<T> call, Consumer<SignRequest<? extends AwsCredentialsIdentity>> look) {
        looking.set(look);
        try {
            return call.get();
        } finally {
            looking.remove();
        }
    }

    @Override
    public String schemeId() {
        return scheme.schemeId();
    }

    @Override
    public IdentityProvider<AwsCredentialsIdentity> identityProvider(IdentityProviders providers) {
        return scheme.identityProvider(providers);
    }

    @Override
    public HttpSigner<AwsCredentialsIdentity> signer() {
        return new Signer(scheme.signer());
    }

    private final class Signer implements HttpSigner<AwsCredentialsIdentity> {
        private final HttpSigner<AwsCredentialsIdentity> signer;

        Signer(HttpSigner<AwsCredentialsIdentity> signer) {
            this.signer = signer;
        }

        @Override
        public SignedRequest sign(SignRequest<? extends AwsCredentialsIdentity> request) {
            Consumer<SignRequest<? extends AwsCredentialsIdentity>> look = looking.get();
            if (look != null) {
                look.accept(request);
            }
            return signer.sign(request);
        }

        @Override
        public CompletableFuture<AsyncSignedRequest> signAsync(
                AsyncSignRequest<? extends AwsCredentialsIdentity> request) {
            return signer.signAsync(request);
        }
    }
}
