package io.delivery.api.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.ApiException;
import io.delivery.config.BackupSettings;
import io.delivery.config.BufferingHints;
import io.delivery.config.BufferingHints.Latency;
import io.delivery.config.Compression;
import io.delivery.config.ConfigProblems;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.DestinationSettings;
import io.delivery.config.FormatSettings;
import io.delivery.config.FormatSettings.Delimiter;
import io.delivery.config.StoreSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.partition.KeySources;
import io.delivery.partition.PrefixRules;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Makes the definition that the engine runs of what a caller of the API has defined. The first rule
 * that is broken is the answer, an InvalidArgumentException.
 */
public final class DefinitionReader {
    /** The least interval of a stream that is not of low latency. */
    private static final int STANDARD_INTERVAL_SECONDS = 60;

    private final Resolver resolver;
    private final DeliveryConfig config;
    private final String name;
    private final ObjectNode destination;
    private final ApiDefinition whole;

    private DefinitionReader(Resolver resolver, String name, ApiDefinition whole) {
        this.resolver = resolver;
        this.config = resolver.config();
        this.name = name;
        this.whole = whole;
        this.destination = whole.destination();
    }

    /**
     * Reads a definition that a caller gives now.
     *
     * @param name of the stream
     * @throws ApiException InvalidArgumentException
     */
    public static StreamDefinition accept(
            Resolver resolver, String name, ApiDefinition definition) {
        DefinitionReader reader = new DefinitionReader(resolver, name, definition);
        StreamDefinition read = reader.definition();
        ConfigProblems problems = new ConfigProblems();
        reader.config.validatePlaces(read, "stream", problems);
        refuse(problems);
        return read;
    }

    /**
     * Reads a definition that was accepted before, maybe by an earlier program.
     *
     * @param name of the stream
     * @throws ApiException InvalidArgumentException when it cannot be used any more
     */
    public static StreamDefinition read(Resolver resolver, String name, ApiDefinition definition) {
        return new DefinitionReader(resolver, name, definition).definition();
    }

    private static void refuse(ConfigProblems problems) {
        problems.all().stream()
                .findFirst()
                .ifPresent(
                        problem -> {
                            throw ApiException.invalidArgument(ApiWords.of(problem));
                        });
    }

    private StreamDefinition definition() {
        ProcessorReader processors = new ProcessorReader(resolver, destination);
        StreamDefinition definition =
                new StreamDefinition(
                        name,
                        1,
                        hints(destination, minimumInterval()),
                        processors.transform(),
                        processors.partitioning(),
                        format(processors.delimiter()),
                        place(),
                        backup(),
                        whole.encryption());
        ConfigProblems problems = new ConfigProblems();
        definition.validate("stream", problems);
        config.validateReferences(definition, "stream", problems);
        refuse(problems);
        return definition;
    }

    private int minimumInterval() {
        return RequestRules.isPartitioned(destination) ? STANDARD_INTERVAL_SECONDS : 0;
    }

    /** The API has no word for low latency: a short interval asks for it. */
    private static BufferingHints hints(JsonNode place, int minInterval) {
        JsonNode hints = place.path("BufferingHints");
        if (hints.has("SizeInMBs") != hints.has("IntervalInSeconds")) {
            throw ApiException.invalidArgument(
                    "BufferingHints must have both SizeInMBs and IntervalInSeconds");
        }
        int interval = hints.path("IntervalInSeconds").asInt();
        boolean low = interval < STANDARD_INTERVAL_SECONDS && interval >= minInterval;
        return new BufferingHints(
                hints.path("SizeInMBs").asInt(), interval, low ? Latency.LOW : Latency.STANDARD);
    }

    private FormatSettings format(Delimiter delimiter) {
        return RequestRules.converts(destination)
                ? new ConversionReader(resolver, destination).read()
                : new FormatSettings.Raw(delimiter);
    }

    private DestinationSettings place() {
        String bucket = bucket(destination);
        return new DestinationSettings(
                store(bucket),
                bucket,
                RequestRules.text(destination, "Prefix"),
                RequestRules.text(destination, "ErrorOutputPrefix"),
                compression(destination),
                timezone(),
                RequestRules.text(destination, "FileExtension"));
    }

    private Optional<BackupSettings> backup() {
        if (!RequestRules.hasBackup(destination)) {
            return Optional.empty();
        }
        JsonNode backup = destination.path("S3BackupConfiguration");
        if (!backup.has("BucketARN")) {
            throw ApiException.invalidArgument(
                    "S3BackupConfiguration must be given when S3BackupMode is Enabled");
        }
        PrefixRules.validate(
                        null,
                        RequestRules.text(backup, "ErrorOutputPrefix").orElse(null),
                        KeySources.NONE)
                .stream()
                .findFirst()
                .ifPresent(
                        problem -> {
                            throw ApiException.invalidArgument("S3BackupConfiguration." + problem);
                        });
        String bucket = bucket(backup);
        return Optional.of(
                new BackupSettings(
                        store(bucket),
                        bucket,
                        RequestRules.text(backup, "Prefix"),
                        compression(backup),
                        FormatSettings.DEFAULT_DELIMITER,
                        timezone(),
                        hints(backup, STANDARD_INTERVAL_SECONDS)));
    }

    private static String bucket(JsonNode place) {
        String arn = place.path("BucketARN").asText();
        return arn.substring(arn.lastIndexOf(':') + 1);
    }

    private String store(String bucket) {
        return config.storeOfBucket(bucket)
                .map(StoreSettings::name)
                .orElseThrow(
                        () ->
                                ApiException.invalidArgument(
                                        "No store is configured for the bucket %1$s: add {match: '%1$s', store: NAME} to buckets of this server's configuration, or mark a store as default."
                                                .formatted(bucket)));
    }

    private static Compression compression(JsonNode place) {
        String word = place.path("CompressionFormat").asText();
        return switch (word) {
            case "UNCOMPRESSED" -> Compression.NONE;
            case "GZIP" -> Compression.GZIP;
            case "ZIP" -> Compression.ZIP;
            case "Snappy" -> Compression.SNAPPY;
            case "HADOOP_SNAPPY" -> Compression.HADOOP_SNAPPY;
            default ->
                    throw ApiException.invalidArgument(
                            "CompressionFormat %s is not available on this server."
                                    .formatted(word));
        };
    }

    /** The model lets it be empty, as it lets a FileExtension: that is the default. */
    private ZoneId timezone() {
        String standard = DestinationSettings.DEFAULT_TIMEZONE.getId();
        String zone =
                RequestRules.text(destination, "CustomTimeZone")
                        .filter(given -> !given.isEmpty())
                        .orElse(standard);
        if (zone.equals(standard)) {
            return DestinationSettings.DEFAULT_TIMEZONE; // each ZoneId.of would make its own
        }
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException unknown) {
            throw ApiException.invalidArgument(
                    "CustomTimeZone must name a time zone of the IANA database, was " + zone);
        }
    }
}
