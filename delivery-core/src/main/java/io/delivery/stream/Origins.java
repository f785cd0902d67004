package io.delivery.stream;

import io.delivery.config.Origin;
import io.delivery.home.StreamFolder;
import io.delivery.home.StreamFolders;
import java.util.List;
import java.util.Optional;

/** A name belongs to the configuration or to a caller of the API, never to both. */
public final class Origins {
    private Origins() {}

    /**
     * Refuses a configuration that defines a stream which was made through the API.
     *
     * @param folders of that name
     */
    static void refuseTwo(DefinedStream stream, List<StreamFolder> folders) {
        for (StreamFolder folder : folders) {
            whyNotConfigured(stream.name(), folder)
                    .ifPresent(
                            why -> {
                                throw new DefinitionRefusedException(why);
                            });
        }
    }

    /**
     * Why a configuration cannot define a stream while there is this directory: one of this name
     * was made through the API. Empty when it can.
     */
    public static Optional<String> whyNotConfigured(String name, StreamFolder folder) {
        return folder instanceof StreamFolder.Kept kept
                        && kept.stream().origin() == Origin.API
                        && StreamFolders.sameName(name, kept.name())
                ? Optional.of(
                        "stream %s is configured, and stream %s was made through the API (%s): delete that one or give this one another name"
                                .formatted(name, kept.name(), kept.directory()))
                : Optional.empty();
    }
}
