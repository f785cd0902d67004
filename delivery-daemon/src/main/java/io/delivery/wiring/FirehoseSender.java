package io.delivery.wiring;

import io.delivery.api.ApiException;
import io.delivery.api.http.FirehoseClient;
import io.delivery.api.signing.RequestSigner;
import io.delivery.cli.FirehoseEndpoint;
import io.delivery.config.ApiCredentials;
import io.delivery.config.Secret;
import io.delivery.failure.FailureText;
import io.delivery.world.Clock;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;

/** What {@code put} sends with: the API's own client. */
public final class FirehoseSender implements FirehoseEndpoint {
    private static final int TOO_MANY_REQUESTS = 429;

    private final URI endpoint;
    private final FirehoseClient client;

    /**
     * @param credentials absent: calls are not signed
     */
    public FirehoseSender(
            URI endpoint, String region, Optional<ApiCredentials> credentials, Clock clock) {
        this(endpoint, region, credentials, clock, HttpClient.newHttpClient());
    }

    /** With a client that trusts a certificate of one's own, for example. */
    FirehoseSender(
            URI endpoint,
            String region,
            Optional<ApiCredentials> credentials,
            Clock clock,
            HttpClient http) {
        Optional<RequestSigner> signer =
                credentials.map(
                        caller ->
                                new RequestSigner(
                                        caller.key().accessKeyId(),
                                        caller.key().secretAccessKey().value(),
                                        caller.sessionToken().map(Secret::value),
                                        region));
        this.endpoint = endpoint;
        this.client = new FirehoseClient(endpoint, signer, clock, http);
    }

    private static RefusedException.Reason reason(ApiException refusal) {
        if (refusal.type().equals("ResourceNotFoundException")) {
            return RefusedException.Reason.UNKNOWN_STREAM;
        }
        boolean notAllowed = refusal.status() == 401 || refusal.status() == 403;
        return notAllowed ? RefusedException.Reason.NOT_ALLOWED : RefusedException.Reason.OTHER;
    }

    @Override
    public List<Optional<String>> put(String stream, List<byte[]> records)
            throws IOException, InterruptedException, RefusedException {
        try {
            return client.putRecordBatch(stream, records).stream()
                    .map(e -> e.accepted() ? Optional.<String>empty() : Optional.of(e.errorCode()))
                    .toList();
        } catch (ApiException e) {
            String said = e.type() + ": " + e.getMessage();
            if (e.status() >= 500 || e.status() == TOO_MANY_REQUESTS) {
                throw new BusyException(said, e);
            }
            throw new RefusedException(reason(e), said);
        } catch (SSLHandshakeException untrusted) {
            throw new RefusedException(
                    RefusedException.Reason.OTHER,
                    "no TLS connection to %s: %s. If its certificate is your own or from an authority of your own, name a PEM file with it: --ca-file FILE. The name or address in --endpoint must be one that the certificate has"
                            .formatted(endpoint, FailureText.of(untrusted)));
        } catch (ConnectException nobody) {
            throw new IOException(
                    "nobody answers at %s; is delivery running?".formatted(endpoint), nobody);
        }
    }
}
