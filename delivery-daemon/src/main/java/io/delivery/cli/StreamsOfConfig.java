package io.delivery.cli;

import io.delivery.config.DeliveryConfig;
import io.delivery.config.FunctionSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.Suggestion;
import io.delivery.loading.ConfigParts;
import io.delivery.loading.InvalidConfigException;
import java.util.List;
import java.util.Optional;

/** Streams that a command names, and what their processing needs of the configuration. */
final class StreamsOfConfig {
    private StreamsOfConfig() {}

    /**
     * The definition of a stream.
     *
     * @throws UnknownStreamException when there is none; the message names those there are
     */
    static StreamDefinition named(ConfigParts parts, String stream)
            throws InvalidConfigException, UnknownStreamException {
        DeliveryConfig known = parts.require("streams." + stream);
        if (known.stream(stream).isEmpty()) {
            List<String> names = known.streams().stream().map(StreamDefinition::name).toList();
            throw new UnknownStreamException(
                    "there is no stream %s: the configuration has %s%s"
                            .formatted(
                                    stream,
                                    names.isEmpty() ? "none" : String.join(", ", names),
                                    Suggestion.ask(stream, names)));
        }
        return known.stream(stream).get();
    }

    /**
     * The configuration, with the function of the stream when it has one.
     *
     * @throws RefusedArgumentException when there is no such function
     */
    static DeliveryConfig around(ConfigParts parts, StreamDefinition stream)
            throws InvalidConfigException, RefusedArgumentException {
        Optional<String> function = stream.transform().function();
        DeliveryConfig all = parts.require("server.region", "server.account", "plugins");
        if (function.isPresent()) {
            all = parts.require("functions." + function.get(), "plugins");
            if (all.function(function.get()).isEmpty()) {
                throw new RefusedArgumentException(unknown(function.get(), all));
            }
        }
        return all;
    }

    private static String unknown(String function, DeliveryConfig config) {
        List<String> names = config.functions().stream().map(FunctionSettings::name).toList();
        return "there is no function %s: the configuration has %s%s"
                .formatted(
                        function,
                        names.isEmpty() ? "none" : String.join(", ", names),
                        Suggestion.ask(function, names));
    }
}
