package io.delivery.proof;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * The store that records are to land in.
 *
 * @param title for people
 * @param bucket which must be there, or be made by the store
 * @param prefix of all keys: empty, or ends with a slash
 * @param settings the value of {@code stores.<name>} in YAML, in flow style. The endpoint is {@code
 *     ${DELIVERY_PROOF_ENDPOINT}}, whether that is the store's or the proxy's
 * @param environment what else {@code settings} refer to by name
 * @param endpoint where the store answers; empty where it has none
 * @param withoutFaults why no faults can be injected; empty when they can
 * @param lake looks into the bucket, not through the proxy
 */
public record ProofStore(
        String title,
        String bucket,
        String prefix,
        String settings,
        Map<String, String> environment,
        Optional<URI> endpoint,
        String withoutFaults,
        Lake lake) {
    /** The variable that holds the endpoint. */
    public static final String ENDPOINT = "DELIVERY_PROOF_ENDPOINT";

    boolean takesFaults() {
        return withoutFaults.isEmpty();
    }
}
