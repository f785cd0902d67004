package io.delivery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.control.RequestRules;
import io.delivery.api.control.Resolver;
import io.delivery.api.model.RequestReader;
import io.delivery.api.model.ServiceModel;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.EncryptionSettings;
import io.delivery.stream.StreamPhase;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * StartDeliveryStreamEncryption and StopDeliveryStreamEncryption: answer when it is durable;
 * Describe shows when it is in force. Whether a stream of the configuration is encrypted says that.
 */
final class EncryptionOperation implements Operation {
    private final String name;
    private final Function<ObjectNode, Optional<EncryptionSettings>> asked;
    private final Streams streams;
    private final Refusals refusals;
    private final String account;
    private final RequestReader requests;

    private EncryptionOperation(
            String name,
            Function<ObjectNode, Optional<EncryptionSettings>> asked,
            Streams streams,
            String account,
            ServiceModel model) {
        this.name = name;
        this.asked = asked;
        this.streams = streams;
        this.refusals = new Refusals(account);
        this.account = account;
        this.requests = RequestReader.of(model, name).refusingUnknown();
    }

    static Operation start(Streams streams, String account, ServiceModel model) {
        return new EncryptionOperation(
                "StartDeliveryStreamEncryption",
                request ->
                        Optional.of(
                                RequestRules.encryptionOf(request)
                                        .orElse(EncryptionSettings.DEFAULT)),
                streams,
                account,
                model);
    }

    static Operation stop(Streams streams, String account, ServiceModel model) {
        return new EncryptionOperation(
                "StopDeliveryStreamEncryption",
                request -> Optional.empty(),
                streams,
                account,
                model);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CompletionStage<byte[]> answer(Call call) {
        ObjectNode request = requests.read(call.body(), 0, call.length());
        String stream = request.get("DeliveryStreamName").asText();
        call.caller().mustBeAllowed(name, stream);
        StreamDoor found = streams.require(stream, account);
        requireSwitchable(found, stream);
        Optional<EncryptionSettings> settings = asked.apply(request);
        settings.ifPresent(encryption -> requireKey(streams.resolver(), encryption));
        return streams.changes()
                .encryption(stream, settings)
                .handle((done, failure) -> refusals.orEmpty(failure, stream));
    }

    private void requireSwitchable(StreamDoor found, String stream) {
        Refusals.documentOf(found, stream);
        StreamPhase phase = found.status().phase();
        if (phase == StreamPhase.CLOSED) {
            throw ApiException.slowDown(); // an operator must look; the log and the status say why
        }
        if (phase != StreamPhase.ACTIVE) {
            throw Refusals.inUse(
                    "Firehose %s under account %s cannot be encrypted or decrypted in %s state"
                            .formatted(stream, account, phase));
        }
    }

    /**
     * Refuses what no master key of the configuration is for.
     *
     * @throws ApiException InvalidKMSResourceException, which names the setting
     */
    static void requireKey(Resolver resolver, EncryptionSettings settings) {
        DeliveryConfig config = resolver.config();
        if (config.masterKeys().isEmpty()) {
            throw noKey(
                    "No master key is configured: name one under encryption.keys of this server's"
                            + " configuration.");
        }
        Optional<String> id = settings.masterKey();
        if (id.isPresent()
                && config.masterKeys().stream().noneMatch(key -> key.id().equals(id.get()))) {
            throw noKey(
                    "No master key is configured for %s: name one with the id %s under encryption.keys of this server's configuration."
                            .formatted(settings.keyArn().orElseThrow(), id.get()));
        }
    }

    private static ApiException noKey(String message) {
        return new ApiException("InvalidKMSResourceException", 400, message);
    }
}
