package io.delivery.api.signing;

import io.delivery.config.ApiCredentials;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.spec.SecretKeySpec;

/** Those who may sign, as they are listed at one time, with the keys derived of their secrets. */
final class KnownCallers {
    private final Map<String, ApiCredentials> byKeyId = new HashMap<>();
    private final String region;

    /** Of the dates that the skew permits. */
    private final Map<String, SecretKeySpec> signingKeys = new ConcurrentHashMap<>();

    KnownCallers(List<ApiCredentials> callers, String region) {
        callers.forEach(caller -> byKeyId.put(caller.key().accessKeyId(), caller));
        this.region = region;
    }

    Optional<ApiCredentials> find(String accessKeyId) {
        return Optional.ofNullable(byKeyId.get(accessKeyId));
    }

    int keysDerived() {
        return signingKeys.size();
    }

    /**
     * @param caller one of these
     * @param date of the signature's scope
     */
    SecretKeySpec signingKey(ApiCredentials caller, String date) {
        if (signingKeys.size() > 4 * byKeyId.size()) {
            signingKeys.clear(); // days have passed
        }
        return signingKeys.computeIfAbsent(
                caller.key().accessKeyId() + "/" + date,
                key ->
                        SignatureV4.signingKey(
                                caller.key().secretAccessKey().value(), date, region));
    }
}
