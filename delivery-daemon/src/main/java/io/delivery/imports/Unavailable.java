package io.delivery.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Refuses streams from and to places that this service does not have, before anything is read. */
final class Unavailable {
    private static final String DESTINATION = "destinationconfiguration";
    private static final Set<String> DESTINATIONS =
            Set.of("s3" + DESTINATION, "extendeds3" + DESTINATION);
    private static final Set<String> SOURCES =
            Set.of(
                    "kinesisstreamsourceconfiguration",
                    "msksourceconfiguration",
                    "databasesourceconfiguration");

    private Unavailable() {}

    static void refuse(SourceStream stream) throws MisfitException {
        for (Map.Entry<String, JsonNode> member : stream.request().properties()) {
            String written = stream.written().getOrDefault(member.getKey(), member.getKey());
            String place = stream.place() + "." + written;
            String folded = member.getKey().replace("_", "").toLowerCase(Locale.ROOT);
            JsonNode value = member.getValue();
            boolean there = !value.isNull() && !(value.isContainerNode() && value.isEmpty());
            if (there && SOURCES.contains(folded)) {
                throw new MisfitException(
                        place,
                        "records come from callers of the API only: send them with PutRecord");
            }
            if (there && folded.endsWith(DESTINATION) && !DESTINATIONS.contains(folded)) {
                throw new MisfitException(
                        place, "records land in S3, what speaks its API, and folders only");
            }
        }
    }
}
