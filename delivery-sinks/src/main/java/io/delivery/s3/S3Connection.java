package io.delivery.s3;

import io.delivery.failure.FailureText;
import io.delivery.file.BoundedFile;
import io.delivery.s3.direct.DirectPuts;
import io.delivery.s3.direct.FirstAnswers;
import io.delivery.s3.direct.SeenSignatures;
import io.delivery.world.Scheduler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.auth.aws.scheme.AwsV4AuthScheme;
import software.amazon.awssdk.http.auth.spi.scheme.AuthScheme;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/** One store's client and what it holds: connections, trust, credentials. */
final class S3Connection implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** Silence of the peer, not the length of a call: {@link TimeLimitedHttpClient} ends those. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final FirstAnswers http;
    private final DirectPuts direct;
    private final AwsCredentialsProvider credentials;
    private final S3Client client;

    S3Connection(S3Settings settings, Scheduler scheduler, int connections) throws IOException {
        this(settings, new TimeLimitedHttpClient(apache(settings, connections), scheduler));
    }

    /** Closes the client that sends. */
    S3Connection(S3Settings settings, SdkHttpClient sending) {
        http = new FirstAnswers(sending);
        credentials = credentials(settings);
        AuthScheme<AwsCredentialsIdentity> signatures =
                settings.signedBodies() ? AwsV4AuthScheme.create() : new UnsignedBodies();
        SeenSignatures seen = new SeenSignatures(signatures);
        direct = new DirectPuts(sending, signatures, seen, credentials);
        RequestChecksumCalculation checksums =
                switch (settings.checksums()) {
                    case WHEN_SUPPORTED -> RequestChecksumCalculation.WHEN_SUPPORTED;
                    case WHEN_REQUIRED -> RequestChecksumCalculation.WHEN_REQUIRED;
                };
        S3ClientBuilder builder =
                S3Client.builder()
                        .httpClient(http)
                        .region(Region.of(settings.region()))
                        .credentialsProvider(credentials)
                        .forcePathStyle(settings.pathStyle())
                        .serviceConfiguration(
                                S3Configuration.builder()
                                        .chunkedEncodingEnabled(settings.chunkedEncoding())
                                        .build())
                        .requestChecksumCalculation(checksums)
                        // What is read back is compared with the staged bytes, not with itself.
                        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                        .overrideConfiguration(
                                o ->
                                        o.retryStrategy(onceMoreOnADeadConnection())
                                                .addExecutionInterceptor(new RefusedSignatures()));
        settings.endpoint().ifPresent(builder::endpointOverride);
        client = builder.putAuthScheme(seen).build();
    }

    private static SdkHttpClient apache(S3Settings settings, int connections) throws IOException {
        Apache5HttpClient.Builder apache =
                Apache5HttpClient.builder()
                        .maxConnections(connections)
                        .connectionTimeout(CONNECT)
                        .socketTimeout(SILENCE)
                        .connectionAcquisitionTimeout(SILENCE)
                        .connectionMaxIdleTime(Duration.ofSeconds(5))
                        .tcpKeepAlive(true);
        if (settings.caFile().isPresent()) {
            TrustManager[] trusted = trustManagers(settings.caFile().get());
            apache.tlsTrustManagersProvider(() -> trusted);
        }
        return apache.build();
    }

    S3Client client() {
        return client;
    }

    DirectPuts direct() {
        return direct;
    }

    /** Makes a call whose first request was made already, with this outcome. */
    <T> T after(FirstAnswers.Outcome outcome, Supplier<T> call) {
        return http.during(outcome, call);
    }

    /**
     * No retries: the engine looks and tries again, and knows how long to wait. The one exception
     * is a kept-alive connection that the server closed after its last answer, as some do after a
     * refusal (S3Proxy, hypercorn, Ceph): the request goes out on another one at once. Safe, as
     * every repetition is: the same bytes under the same condition. A refusal of a repetition says
     * nothing of the first request, which {@link S3Answers} takes into account.
     */
    private static StandardRetryStrategy onceMoreOnADeadConnection() {
        return StandardRetryStrategy.builder()
                .maxAttempts(3) // a pool may hold more than one dead connection
                .retryOnException(S3Connection::diedUnderUs)
                .treatAsThrottling(e -> false)
                .useClientDefaults(false) // else the client adds its own: 5xx, 429, clock skew
                .circuitBreakerEnabled(false)
                .backoffStrategy(BackoffStrategy.retryImmediately())
                .build();
    }

    private static boolean diedUnderUs(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e.getClass().getSimpleName().equals("NoHttpResponseException")) {
                return true; // Apache's, for a connection closed before the first byte
            }
            if (e instanceof SocketException && !(e instanceof ConnectException)) {
                String message = String.valueOf(e.getMessage());
                return message.contains("Broken pipe") || message.contains("Connection reset");
            }
        }
        return false;
    }

    private static AwsCredentialsProvider credentials(S3Settings settings) {
        if (settings.credentialsFile().isPresent()) {
            return new FileCredentials(settings.credentialsFile().get());
        }
        if (settings.credentials().isEmpty()) {
            return new ChainCredentials();
        }
        S3Settings.Credentials given = settings.credentials().get();
        return StaticCredentialsProvider.create(
                given.sessionToken().isPresent()
                        ? AwsSessionCredentials.create(
                                given.accessKeyId(),
                                given.secretAccessKey(),
                                given.sessionToken().get())
                        : AwsBasicCredentials.create(given.accessKeyId(), given.secretAccessKey()));
    }

    /**
     * Has another key asked for where a store refuses the one there is, and requests signed with
     * another time where it refuses that.
     */
    private final class RefusedSignatures implements ExecutionInterceptor {
        /**
         * Signature Version 4: the access key id, which may have slashes, then the scope of a day,
         * a region (version 4A has none) and a service.
         */
        private static final Pattern CREDENTIAL =
                Pattern.compile("Credential=(.+)/\\d{8}/([^/,]+/){1,2}aws4_request,");

        @Override
        public void onExecutionFailure(
                Context.FailedExecution context, ExecutionAttributes attributes) {
            if (!(context.exception() instanceof SdkServiceException answer)) {
                return;
            }
            if (answer.isClockSkewException()) {
                direct.clockWasCorrected();
            }
            if (credentials instanceof ChainCredentials chain
                    && S3Answers.mayRefuseTheKey(answer)) {
                http.signerOfTheAnswer()
                        .or(() -> signer(context.httpRequest()))
                        .ifPresent(chain::refused);
            }
        }

        private static Optional<String> signer(Optional<SdkHttpRequest> sent) {
            return sent.flatMap(signed -> signed.firstMatchingHeader("Authorization"))
                    .map(CREDENTIAL::matcher)
                    .filter(Matcher::find)
                    .map(signature -> signature.group(1));
        }
    }

    /** The JDK's certificate authorities and those of the file. */
    private static TrustManager[] trustManagers(Path caFile) throws IOException {
        byte[] pem = BoundedFile.readNamed(caFile, BoundedFile.OF_SECRETS);
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            Collection<? extends Certificate> given =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(pem));
            if (given.isEmpty()) {
                throw new IOException("caFile " + caFile + " holds no certificate");
            }
            for (Certificate certificate : given) {
                store.setCertificateEntry("given-" + number++, certificate);
            }
            for (TrustManager manager : trustManagers((KeyStore) null)) {
                if (manager instanceof X509TrustManager x509) {
                    for (X509Certificate certificate : x509.getAcceptedIssuers()) {
                        store.setCertificateEntry("jdk-" + number++, certificate);
                    }
                }
            }
            return trustManagers(store);
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "caFile "
                            + caFile
                            + " cannot be read as PEM certificates: "
                            + FailureText.of(e),
                    e);
        }
    }

    private static TrustManager[] trustManagers(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store); // null: the JDK's own
        return factory.getTrustManagers();
    }

    @Override
    public void close() {
        client.close();
        http.close();
        if (credentials instanceof ChainCredentials chain) {
            chain.close();
        }
    }
}
