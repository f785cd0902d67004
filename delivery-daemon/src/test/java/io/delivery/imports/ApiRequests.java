package io.delivery.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.api.model.ServiceModel;
import io.delivery.api.model.Shape;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Random requests of CreateDeliveryStream that keep the model, and the rules beyond it. Words come
 * from the model, so those of a later version come by themselves.
 */
final class ApiRequests {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ServiceModel MODEL = ServiceModel.firehose();
    private static final String ROLE = "arn:aws:iam::111122223333:role/firehose";

    private final Random random;

    ApiRequests(long seed) {
        this.random = new Random(seed);
    }

    private boolean sometimes() {
        return random.nextBoolean();
    }

    @SafeVarargs
    private <T> T one(T... of) {
        return of[random.nextInt(of.length)];
    }

    private String word(String shape) {
        Set<String> words = ((Shape.Text) MODEL.shape(shape)).words();
        return List.copyOf(words).get(random.nextInt(words.size()));
    }

    private int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    /** A text with what YAML, variables and prefixes might stumble over. */
    private String folder() {
        return one("a", "A-b_c", "it's \"x\"", "a: b", "#", "é", "${HOME}", "null", "-", "k=v")
                + one("", "/", " /");
    }

    /** With the first key of a configuration, however it is named. */
    private void encryption(ObjectNode encryption) {
        String type = word("KeyType");
        encryption.put("KeyType", type);
        if (type.equals("CUSTOMER_MANAGED_CMK")) {
            encryption.put("KeyARN", "arn:aws:kms:eu-central-1:111122223333:key/k1");
        }
    }

    ObjectNode request() {
        ObjectNode request = MAPPER.createObjectNode();
        request.put("DeliveryStreamName", "s");
        boolean partitioned = sometimes();
        boolean converted = sometimes();
        ObjectNode to = request.putObject("ExtendedS3DestinationConfiguration");
        to.put("RoleARN", ROLE).put("BucketARN", "arn:aws:s3:::" + one("events", "b.c", "0123"));
        prefixes(to, partitioned, converted);
        if (sometimes() || partitioned || converted) {
            to.putObject("BufferingHints")
                    .put("SizeInMBs", between(partitioned || converted ? 64 : 1, 128))
                    .put("IntervalInSeconds", between(partitioned || converted ? 60 : 0, 900));
        }
        if (!converted && sometimes()) {
            to.put("CompressionFormat", word("CompressionFormat"));
        }
        if (sometimes()) {
            to.put("CustomTimeZone", one("UTC", "Europe/Berlin", "America/New_York"));
        }
        if (sometimes()) {
            to.put("FileExtension", one(".json", ".a-b'c", ".0"));
        }
        processors(to, partitioned);
        if (sometimes()) {
            backup(to);
        }
        if (converted) {
            to.set("DataFormatConversionConfiguration", conversion());
        }
        if (sometimes()) {
            encryption(request.putObject("DeliveryStreamEncryptionConfigurationInput"));
        }
        if (partitioned) {
            to.putObject("DynamicPartitioningConfiguration").put("Enabled", true);
        }
        return request;
    }

    private void prefixes(ObjectNode to, boolean partitioned, boolean converted) {
        String keys = partitioned ? "k=!{partitionKeyFromQuery:k}/" : "";
        String time = sometimes() ? "!{timestamp:yyyy/MM}/" : "";
        if (partitioned || sometimes()) {
            to.put("Prefix", folder() + keys + time);
        }
        if (partitioned || converted || !time.isEmpty() || sometimes()) {
            to.put("ErrorOutputPrefix", folder() + one("e/", "!{firehose:error-output-type}/"));
        }
    }

    private void processors(ObjectNode to, boolean partitioned) {
        ArrayNode processors = MAPPER.createArrayNode();
        if (sometimes()) {
            processor(processors, "Decompression", "CompressionFormat", "GZIP");
            if (sometimes()) {
                String extract = one("true", "false", "True");
                processor(processors, "CloudWatchLogProcessing", "DataMessageExtraction", extract);
            }
        } else if (sometimes()) {
            // "####" and a line break, in base64
            if (sometimes()) {
                String delimiter = one("IyMjIw==", "Cg==", "JHs=");
                processor(
                        processors,
                        "RecordDeAggregation",
                        "SubRecordType",
                        "DELIMITED",
                        "Delimiter",
                        delimiter);
            } else {
                processor(processors, "RecordDeAggregation", "SubRecordType", "JSON");
            }
        }
        if (sometimes()) {
            lambda(processors);
        }
        if (partitioned) {
            processor(
                    processors,
                    "MetadataExtraction",
                    "JsonParsingEngine",
                    "JQ-1.6",
                    "MetadataExtractionQuery",
                    one("{k: .a}", "{k: .\"it's\"}", "{k: (.a // \"${x}: #\")}"));
        }
        if (processors.size() < 5 && sometimes()) {
            processor(processors, "AppendDelimiterToRecord");
        }
        if (!processors.isEmpty()) {
            to.putObject("ProcessingConfiguration")
                    .put("Enabled", true)
                    .set("Processors", processors);
        }
    }

    private void lambda(ArrayNode processors) {
        String arn = "arn:aws:lambda:us-east-1:111122223333:function:enrich";
        if (sometimes()) {
            processor(processors, "Lambda", "LambdaArn", arn);
        } else {
            processor(
                    processors,
                    "Lambda",
                    "LambdaArn",
                    arn + one("", ":live"),
                    "NumberOfRetries",
                    String.valueOf(between(0, 300)),
                    "BufferSizeInMBs",
                    one("0.2", "0.5", "1", "1.7", "3"),
                    "BufferIntervalInSeconds",
                    String.valueOf(between(0, 900)));
        }
    }

    private static void processor(ArrayNode processors, String type, String... parameters) {
        ArrayNode all = processors.addObject().put("Type", type).putArray("Parameters");
        for (int i = 0; i < parameters.length; i += 2) {
            all.addObject()
                    .put("ParameterName", parameters[i])
                    .put("ParameterValue", parameters[i + 1]);
        }
    }

    private void backup(ObjectNode to) {
        ObjectNode backup = to.put("S3BackupMode", "Enabled").putObject("S3BackupConfiguration");
        backup.put("RoleARN", ROLE).put("BucketARN", "arn:aws:s3:::kept");
        if (sometimes()) {
            backup.put("Prefix", folder());
        }
        if (sometimes()) {
            backup.put("CompressionFormat", word("CompressionFormat"));
        }
        if (sometimes()) {
            backup.putObject("BufferingHints")
                    .put("SizeInMBs", between(1, 128))
                    .put("IntervalInSeconds", between(60, 900));
        }
    }

    private JsonNode conversion() {
        ObjectNode conversion = MAPPER.createObjectNode();
        ObjectNode schema = conversion.putObject("SchemaConfiguration");
        schema.put("RoleARN", ROLE).put("DatabaseName", "d").put("TableName", "t");
        if (sometimes()) {
            schema.put("Region", one("eu-central-1", "us-west-2"));
        }
        if (sometimes()) {
            schema.put("CatalogId", one("main", "111122223333", "444455556666"));
        }
        if (sometimes()) {
            schema.put("VersionId", one("LATEST", "7"));
        }
        ObjectNode from =
                conversion.putObject("InputFormatConfiguration").putObject("Deserializer");
        if (sometimes()) {
            ArrayNode formats = from.putObject("HiveJsonSerDe").putArray("TimestampFormats");
            if (sometimes()) {
                formats.add("yyyy-MM-dd'T'HH:mm:ss").add("millis");
            }
        } else {
            openX(from.putObject("OpenXJsonSerDe"));
        }
        ObjectNode into = conversion.putObject("OutputFormatConfiguration").putObject("Serializer");
        if (sometimes()) {
            parquet(into.putObject("ParquetSerDe"));
        } else {
            orc(into.putObject("OrcSerDe"));
        }
        return conversion;
    }

    private void openX(ObjectNode serde) {
        if (sometimes()) {
            serde.put("CaseInsensitive", sometimes());
        }
        if (sometimes()) {
            serde.put("ConvertDotsInJsonKeysToUnderscores", sometimes());
        }
        if (sometimes()) {
            serde.putObject("ColumnToJsonKeyMappings").put("ts", "time stamp").put("b", "${b}");
        }
    }

    private void parquet(ObjectNode serde) {
        if (sometimes()) {
            serde.put("Compression", word("ParquetCompression"))
                    .put("WriterVersion", word("ParquetWriterVersion"));
        }
        if (sometimes()) {
            serde.put("BlockSizeBytes", between(64 << 20, 256 << 20))
                    .put("PageSizeBytes", between(64 << 10, 1 << 20))
                    .put("EnableDictionaryCompression", sometimes())
                    .put("MaxPaddingBytes", between(0, 1 << 20));
        }
    }

    private void orc(ObjectNode serde) {
        if (sometimes()) {
            serde.put("Compression", word("OrcCompression"))
                    .put("FormatVersion", word("OrcFormatVersion"));
        }
        if (sometimes()) {
            serde.put("StripeSizeBytes", between(8 << 20, 64 << 20))
                    .put("RowIndexStride", between(1_000, 1_000_000));
        }
        boolean old = serde.path("FormatVersion").asText().equals("V0_11");
        if (sometimes()) {
            serde.put("DictionaryKeyThreshold", old ? between(0, 1) : between(0, 100) / 100.0);
        }
        if (sometimes()) {
            serde.put("EnablePadding", true)
                    .put("BlockSizeBytes", between(64 << 20, 256 << 20))
                    .put("PaddingTolerance", between(0, 100) / 100.0);
        }
        if (!old && sometimes()) {
            serde.put("BloomFilterFalsePositiveProbability", between(1, 99) / 100.0)
                    .putArray("BloomFilterColumns")
                    .add("c")
                    .add("d");
        }
    }
}
