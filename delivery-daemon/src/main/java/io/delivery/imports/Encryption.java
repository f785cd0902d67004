package io.delivery.imports;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.control.ApiDefinition;
import io.delivery.api.control.RequestRules;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.EncryptionSettings;
import io.delivery.config.MasterKeySettings;
import io.delivery.config.Secret;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * That a stream is encrypted on the disk, in two languages: a request names a key of KMS or none, a
 * configuration says {@code encryption: true} and has keys of its own, of which the first counts.
 */
final class Encryption {
    /** Of a CreateDeliveryStream. */
    static final String MEMBER = ApiDefinition.ENCRYPTION;

    static final String KEY_TYPE = RequestRules.KEY_TYPE;
    static final String KEY_ARN = RequestRules.KEY_ARN;

    private static final String ID = "k1";

    private Encryption() {}

    /** The member of a request that asks for it. */
    static ObjectNode asked(EncryptionSettings settings) {
        ObjectNode asked = JsonNodeFactory.instance.objectNode();
        Optional<String> arn = settings.keyArn();
        arn.ifPresent(named -> asked.put(KEY_ARN, named));
        return asked.put(
                KEY_TYPE, arn.isPresent() ? RequestRules.CUSTOMER_KEY : RequestRules.OWN_KEY);
    }

    /** The same configuration, in which a stream may be encrypted: one without keys gets one. */
    static DeliveryConfig withKey(DeliveryConfig config) {
        if (!config.masterKeys().isEmpty()) {
            return config;
        }
        MasterKeySettings key =
                new MasterKeySettings(ID, Optional.empty(), Optional.of(new Secret(ID)));
        return config.withMasterKeys(List.of(key));
    }

    /** The section of a whole configuration, whose key nobody has given yet. */
    static Map<String, Object> section(Holes holes) {
        Map<String, Object> key = new LinkedHashMap<>();
        key.put("id", ID);
        key.put("key", holes.masterKey());
        return Map.of("keys", List.of(key));
    }

    /** What somebody has to know who gives that key. */
    static Finding keyIsMissing() {
        return new Finding(
                Finding.Kind.FILL_IN,
                "encryption.keys",
                "keys of AWS stay there: give one of your own, 32 bytes in base64 (openssl rand -base64 32), and keep a copy of it");
    }
}
