package io.delivery.api.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.ApiException;
import io.delivery.config.CatalogDefinition;
import io.delivery.config.CatalogSettings;
import io.delivery.config.ColumnarSettings;
import io.delivery.config.ColumnarSettings.BloomFilters;
import io.delivery.config.ColumnarSettings.Orc;
import io.delivery.config.ColumnarSettings.OrcCompression;
import io.delivery.config.ColumnarSettings.OrcVersion;
import io.delivery.config.ColumnarSettings.Padding;
import io.delivery.config.ColumnarSettings.Parquet;
import io.delivery.config.ColumnarSettings.ParquetCompression;
import io.delivery.config.ColumnarSettings.ParquetVersion;
import io.delivery.config.DeliveryConfig;
import io.delivery.config.FormatSettings;
import io.delivery.config.FormatSettings.SchemaReference;
import io.delivery.format.DecoderOptions;
import io.delivery.format.JsonSerDe;
import io.delivery.format.UnknownFieldPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Reads DataFormatConversionConfiguration: contract, section 6.1. Checks come in the captured
 * order: CompressionFormat, the size of the buffer, the three parts, their members.
 */
final class ConversionReader {
    private static final int LEAST_SIZE_IN_MBS = 64;

    private final Resolver resolver;
    private final DeliveryConfig config;
    private final ObjectNode destination;
    private final JsonNode conversion;

    ConversionReader(Resolver resolver, ObjectNode destination) {
        this.resolver = resolver;
        this.config = resolver.config();
        this.destination = destination;
        this.conversion = destination.path("DataFormatConversionConfiguration");
    }

    FormatSettings read() {
        if (!destination.path("CompressionFormat").asText().equals("UNCOMPRESSED")) {
            throw ApiException.invalidArgument(
                    "CompressionFormat must be UNCOMPRESSED when data format conversion is enabled");
        }
        if (destination.path("BufferingHints").path("SizeInMBs").asInt() < LEAST_SIZE_IN_MBS) {
            throw ApiException.invalidArgument(
                    "BufferingHints.SizeInMBs must be at least 64 when data format conversion is"
                            + " enabled");
        }
        JsonNode schema = part("SchemaConfiguration");
        JsonNode deserializer = part("InputFormatConfiguration").path("Deserializer");
        JsonNode serializer = part("OutputFormatConfiguration").path("Serializer");
        requireOne(deserializer, "Deserializer", "OpenXJsonSerDe or HiveJsonSerDe");
        requireOne(serializer, "Serializer", "ParquetSerDe or OrcSerDe");
        return new FormatSettings.Converted(
                file(serializer),
                schema(schema),
                new DecoderOptions(Optional.of(serde(deserializer)), UnknownFieldPolicy.DEFAULT));
    }

    private JsonNode part(String member) {
        JsonNode part = conversion.path(member);
        if (!part.isObject()) {
            throw ApiException.invalidArgument(
                    member + " must be given when data format conversion is enabled");
        }
        return part;
    }

    private static void requireOne(JsonNode choice, String member, String which) {
        if (choice.size() != 1) {
            throw ApiException.invalidArgument(
                    "Exactly one of %s must be given in %s".formatted(which, member));
        }
    }

    private JsonSerDe serde(JsonNode deserializer) {
        JsonNode hive = deserializer.path("HiveJsonSerDe");
        if (hive.isObject()) {
            List<String> formats = new ArrayList<>();
            hive.path("TimestampFormats").forEach(format -> formats.add(checked(format.asText())));
            return new JsonSerDe.Hive(formats);
        }
        JsonNode openX = deserializer.path("OpenXJsonSerDe");
        Map<String, String> mappings = new LinkedHashMap<>();
        openX.path("ColumnToJsonKeyMappings")
                .properties()
                .forEach(mapping -> mappings.put(mapping.getKey(), mapping.getValue().asText()));
        return new JsonSerDe.OpenX(
                openX.path("CaseInsensitive").asBoolean(true),
                openX.path("ConvertDotsInJsonKeysToUnderscores").asBoolean(false),
                mappings);
    }

    private String checked(String timestampFormat) {
        try {
            resolver.checkTimestampFormat(timestampFormat);
            return timestampFormat;
        } catch (IllegalArgumentException refused) {
            throw ApiException.invalidArgument(
                    "TimestampFormats of HiveJsonSerDe: %s: %s"
                            .formatted(timestampFormat, refused.getMessage()));
        }
    }

    private static ColumnarSettings file(JsonNode serializer) {
        return serializer.has("OrcSerDe")
                ? orc(serializer.path("OrcSerDe"))
                : parquet(serializer.path("ParquetSerDe"));
    }

    private static Parquet parquet(JsonNode serde) {
        return new Parquet(
                switch (serde.path("Compression").asText("SNAPPY")) {
                    case "UNCOMPRESSED" -> ParquetCompression.NONE;
                    case "GZIP" -> ParquetCompression.GZIP;
                    default -> ParquetCompression.SNAPPY; // the model has no other word
                },
                Parquet.DEFAULT_TIMESTAMPS,
                Optional.ofNullable(serde.get("EnableDictionaryCompression"))
                        .map(JsonNode::asBoolean),
                serde.path("BlockSizeBytes").asLong(Parquet.DEFAULT_BLOCK_SIZE_BYTES),
                serde.path("PageSizeBytes").asInt(Parquet.DEFAULT_PAGE_SIZE_BYTES),
                serde.path("MaxPaddingBytes").asLong(Parquet.DEFAULT_MAX_PADDING_BYTES),
                ParquetVersion.valueOf(serde.path("WriterVersion").asText("V1")));
    }

    private static Orc orc(JsonNode serde) {
        OrcVersion version = OrcVersion.valueOf(serde.path("FormatVersion").asText("V0_12"));
        List<String> bloomFilters = new ArrayList<>();
        serde.path("BloomFilterColumns").forEach(column -> bloomFilters.add(column.asText()));
        return new Orc(
                OrcCompression.valueOf(serde.path("Compression").asText("SNAPPY")),
                serde.path("StripeSizeBytes").asLong(Orc.DEFAULT_STRIPE_SIZE_BYTES),
                serde.path("RowIndexStride").asInt(Orc.DEFAULT_ROW_INDEX_STRIDE),
                padding(serde),
                bloomFilters.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new BloomFilters(
                                        bloomFilters,
                                        serde.path("BloomFilterFalsePositiveProbability")
                                                .asDouble(
                                                        BloomFilters
                                                                .DEFAULT_FALSE_POSITIVE_PROBABILITY))),
                threshold(serde, version),
                version);
    }

    /**
     * 0 is what Firehose has where nothing is said, and what Terraform therefore always says: it
     * counts as nothing. Old files have texts in dictionaries only.
     */
    private static double threshold(JsonNode serde, OrcVersion version) {
        double asked = serde.path("DictionaryKeyThreshold").asDouble(0);
        return asked == 0 ? Orc.defaultThreshold(version) : asked;
    }

    private static Optional<Padding> padding(JsonNode serde) {
        return serde.path("EnablePadding").asBoolean(false)
                ? Optional.of(
                        new Padding(
                                serde.path("BlockSizeBytes")
                                        .asLong(Padding.DEFAULT_BLOCK_SIZE_BYTES),
                                serde.path("PaddingTolerance").asDouble(Padding.DEFAULT_TOLERANCE)))
                : Optional.empty();
    }

    private SchemaReference schema(JsonNode schema) {
        return new SchemaReference(
                catalog(schema),
                required(schema, "DatabaseName"),
                required(schema, "TableName"),
                schema.path("VersionId").asText(SchemaReference.LATEST));
    }

    private static String required(JsonNode schema, String member) {
        return RequestRules.text(schema, member)
                .orElseThrow(
                        () ->
                                ApiException.invalidArgument(
                                        "SchemaConfiguration.%s must be given when data format conversion is enabled"
                                                .formatted(member)));
    }

    /**
     * The catalog that a CatalogId means: the one of that name, the one of Glue with that id, else
     * the only one of Glue, else the only one. An id is mostly the number of an account.
     */
    private String catalog(JsonNode schema) {
        Optional<String> id = RequestRules.text(schema, "CatalogId");
        List<CatalogSettings> all = config.catalogs();
        return id.flatMap(config::catalog)
                .or(() -> only(all, catalog -> id.isPresent() && glueId(catalog).equals(id)))
                .or(() -> only(all, catalog -> isGlue(catalog)))
                .or(() -> only(all, catalog -> true))
                .map(CatalogSettings::name)
                .orElseThrow(() -> noCatalog(id, all));
    }

    private static Optional<CatalogSettings> only(
            List<CatalogSettings> all, Predicate<CatalogSettings> wanted) {
        List<CatalogSettings> found = all.stream().filter(wanted).toList();
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    private static boolean isGlue(CatalogSettings catalog) {
        return catalog.definition().choose(files -> false, glue -> true);
    }

    private static Optional<String> glueId(CatalogSettings catalog) {
        return catalog.definition()
                .choose(files -> Optional.empty(), CatalogDefinition.Glue::catalogId);
    }

    private static ApiException noCatalog(Optional<String> id, List<CatalogSettings> all) {
        if (all.isEmpty()) {
            return ApiException.invalidArgument(
                    "No catalog is configured for SchemaConfiguration: add one to catalogs of this"
                            + " server's configuration.");
        }
        return ApiException.invalidArgument(
                "SchemaConfiguration.CatalogId must name one of the catalogs %s, was %s."
                        .formatted(
                                all.stream()
                                        .map(CatalogSettings::name)
                                        .collect(Collectors.joining(", ")),
                                id.orElse("absent")));
    }
}
