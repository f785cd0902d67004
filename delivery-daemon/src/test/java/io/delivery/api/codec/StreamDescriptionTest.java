package io.delivery.api.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.api.FakeStream;
import io.delivery.api.model.ServiceModel;
import io.delivery.config.BackupSettings;
import io.delivery.config.BufferingHints;
import io.delivery.config.ColumnarSettings;
import io.delivery.config.Compression;
import io.delivery.config.Decompression;
import io.delivery.config.DestinationSettings;
import io.delivery.config.EncryptionStatus;
import io.delivery.config.FormatSettings;
import io.delivery.config.Origin;
import io.delivery.config.PartitioningSettings;
import io.delivery.config.ProcessorSettings;
import io.delivery.config.SplitSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.TransformSettings;
import io.delivery.format.DecoderOptions;
import io.delivery.format.JsonSerDe;
import io.delivery.stream.StreamPhase;
import io.delivery.stream.StreamStatus;
import java.io.IOException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamDescriptionTest {
    private static final JsonSerDe OPENX = JsonSerDe.OpenX.DEFAULTS;

    private final StreamDescription description =
            new StreamDescription(
                    "eu-west-1", "123456789012", 1_600_000_000_000L, ServiceModel.firehose());

    @Test
    void a_plain_stream_shows_the_defaults_of_firehose() throws IOException {
        assertDescribed(
                FakeStream.plain("clicks"),
                """
                {"DeliveryStreamDescription":{
                  "DeliveryStreamName":"clicks",
                  "DeliveryStreamARN":
                    "arn:aws:firehose:eu-west-1:123456789012:deliverystream/clicks",
                  "DeliveryStreamStatus":"ACTIVE",
                  "DeliveryStreamEncryptionConfiguration":{"Status":"DISABLED"},
                  "DeliveryStreamType":"DirectPut",
                  "VersionId":"1",
                  "CreateTimestamp":1600000000.000,
                  "Destinations":[{
                    "DestinationId":"destinationId-000000000001",
                    "S3DestinationDescription":{
                      "RoleARN":"arn:aws:iam::123456789012:role/delivery",
                      "BucketARN":"arn:aws:s3:::events",
                      "BufferingHints":{"SizeInMBs":5,"IntervalInSeconds":300},
                      "CompressionFormat":"UNCOMPRESSED",
                      "EncryptionConfiguration":{"NoEncryptionConfig":"NoEncryption"},
                      "CloudWatchLoggingOptions":{"Enabled":false}},
                    "ExtendedS3DestinationDescription":{
                      "RoleARN":"arn:aws:iam::123456789012:role/delivery",
                      "BucketARN":"arn:aws:s3:::events",
                      "BufferingHints":{"SizeInMBs":5,"IntervalInSeconds":300},
                      "CompressionFormat":"UNCOMPRESSED",
                      "EncryptionConfiguration":{"NoEncryptionConfig":"NoEncryption"},
                      "CloudWatchLoggingOptions":{"Enabled":false},
                      "ProcessingConfiguration":{"Enabled":false,"Processors":[]},
                      "S3BackupMode":"Disabled",
                      "DataFormatConversionConfiguration":{"Enabled":false}}}],
                  "HasMoreDestinations":false}}
                """);
    }

    @Test
    void processors_are_shown_in_the_order_of_firehose_and_those_that_it_has_not_are_left_out() {
        StreamDefinition stream =
                new StreamDefinition(
                        "clicks",
                        1,
                        new BufferingHints(64, 20, BufferingHints.Latency.LOW),
                        new TransformSettings(
                                Optional.of(new Decompression(Decompression.Messages.EXTRACTED)),
                                Optional.of(new SplitSettings.Json()),
                                List.of(
                                        new ProcessorSettings.Jq("."),
                                        new ProcessorSettings.Lambda(
                                                "enrich", 5, 209_715, Optional.empty()))),
                        Optional.of(
                                new PartitioningSettings(
                                        Optional.of("{c: .c}"), Optional.empty(), 500)),
                        new FormatSettings.Raw(FormatSettings.Delimiter.NEWLINE),
                        new DestinationSettings(
                                "lake",
                                "events",
                                Optional.of("c=!{partitionKeyFromQuery:c}/"),
                                Optional.of("errors/"),
                                Compression.NONE,
                                ZoneOffset.UTC,
                                Optional.empty()),
                        Optional.empty());

        JsonNode processing = processing(stream);

        assertThat(processing.path("Enabled").asBoolean()).isTrue();
        assertThat(processing.path("Processors"))
                .extracting(processor -> processor.path("Type").asText())
                .containsExactly(
                        "Decompression",
                        "CloudWatchLogProcessing",
                        "RecordDeAggregation",
                        "Lambda",
                        "MetadataExtraction",
                        "AppendDelimiterToRecord");
        assertThat(processing.path("Processors").get(3).path("Parameters"))
                .extracting(
                        parameter ->
                                parameter.path("ParameterName").asText()
                                        + "="
                                        + parameter.path("ParameterValue").asText())
                .containsExactly(
                        "LambdaArn=arn:aws:lambda:eu-west-1:123456789012:function:enrich",
                        "NumberOfRetries=5",
                        "RoleArn=arn:aws:iam::123456789012:role/delivery",
                        "BufferSizeInMBs=0.2",
                        "BufferIntervalInSeconds=20");
    }

    @Test
    void a_stream_with_nothing_but_processors_of_ours_shows_that_it_has_some() {
        JsonNode processing =
                processing(
                        new StreamDefinition(
                                "clicks",
                                1,
                                BufferingHints.DEFAULTS,
                                new TransformSettings(
                                        Optional.empty(),
                                        Optional.empty(),
                                        List.of(new ProcessorSettings.Regex("(?<a>x)"))),
                                Optional.empty(),
                                FormatSettings.DEFAULT,
                                new DestinationSettings(
                                        "lake",
                                        "events",
                                        Optional.empty(),
                                        Optional.empty(),
                                        Compression.NONE,
                                        ZoneOffset.UTC,
                                        Optional.empty()),
                                Optional.empty()));

        assertThat(processing.path("Enabled").asBoolean()).isTrue();
        assertThat(processing.path("Processors")).isEmpty();
    }

    @Test
    void orc_is_shown_by_the_names_of_the_api_and_what_is_off_is_left_out() throws IOException {
        ColumnarSettings.Orc full =
                new ColumnarSettings.Orc(
                        ColumnarSettings.OrcCompression.ZLIB,
                        16 << 20,
                        5000,
                        Optional.of(new ColumnarSettings.Padding(128 << 20, 0.1)),
                        Optional.of(new ColumnarSettings.BloomFilters(List.of("id", "s"), 0.01)),
                        0.8,
                        ColumnarSettings.OrcVersion.V0_12);

        assertThat(serializer(full))
                .isEqualTo(
                        new ObjectMapper()
                                .readTree(
                                        """
                                        {"OrcSerDe":{"StripeSizeBytes":16777216,"RowIndexStride":5000,
                                         "EnablePadding":true,"BlockSizeBytes":134217728,
                                         "PaddingTolerance":0.1,"Compression":"ZLIB",
                                         "BloomFilterColumns":["id","s"],
                                         "BloomFilterFalsePositiveProbability":0.01,
                                         "DictionaryKeyThreshold":0.8,"FormatVersion":"V0_12"}}\
                                        """));
        assertThat(serializer(ColumnarSettings.Orc.DEFAULTS))
                .isEqualTo(
                        new ObjectMapper()
                                .readTree(
                                        """
                                        {"OrcSerDe":{"StripeSizeBytes":67108864,"RowIndexStride":10000,
                                         "EnablePadding":false,"Compression":"SNAPPY",
                                         "DictionaryKeyThreshold":0.0,"FormatVersion":"V0_12"}}\
                                        """));
    }

    private JsonNode serializer(ColumnarSettings file) throws IOException {
        StreamDefinition stream =
                new StreamDefinition(
                        "clicks",
                        1,
                        BufferingHints.DEFAULTS,
                        TransformSettings.NONE,
                        Optional.empty(),
                        new FormatSettings.Converted(
                                file,
                                new FormatSettings.SchemaReference("main", "db", "t", "1"),
                                DecoderOptions.DEFAULTS),
                        new DestinationSettings(
                                "lake",
                                "events",
                                Optional.empty(),
                                Optional.of("errors/"),
                                Compression.NONE,
                                ZoneOffset.UTC,
                                Optional.empty()),
                        Optional.empty());
        JsonNode described =
                new ObjectMapper()
                        .readTree(
                                description
                                        .of(
                                                stream,
                                                status(stream, 1),
                                                EncryptionStatus.DISABLED,
                                                OPENX)
                                        .toString());
        return described
                .path("DeliveryStreamDescription")
                .path("Destinations")
                .path(0)
                .path("ExtendedS3DestinationDescription")
                .path("DataFormatConversionConfiguration")
                .path("OutputFormatConfiguration")
                .path("Serializer");
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, UNCOMPRESSED",
        "GZIP, GZIP",
        "ZIP, ZIP",
        "SNAPPY, Snappy",
        "HADOOP_SNAPPY, HADOOP_SNAPPY",
        "ZSTD,"
    })
    void a_compression_has_the_word_of_the_api_and_none_where_the_api_has_none(
            Compression.Codec codec, String word) {
        Compression compression = Compression.of(codec);
        JsonNode extended =
                extended(
                        new StreamDefinition(
                                "clicks",
                                1,
                                BufferingHints.DEFAULTS,
                                TransformSettings.NONE,
                                Optional.empty(),
                                FormatSettings.DEFAULT,
                                new DestinationSettings(
                                        "lake",
                                        "events",
                                        Optional.empty(),
                                        Optional.empty(),
                                        compression,
                                        ZoneOffset.UTC,
                                        Optional.empty()),
                                Optional.of(
                                        new BackupSettings(
                                                "lake",
                                                "raw",
                                                Optional.empty(),
                                                compression,
                                                FormatSettings.Delimiter.NONE,
                                                ZoneOffset.UTC,
                                                BufferingHints.DEFAULTS))));

        assertThat(extended.path("CompressionFormat").asText(null)).isEqualTo(word);
        assertThat(extended.path("S3BackupDescription").path("CompressionFormat").asText(null))
                .isEqualTo(word);
    }

    private static JsonNode processing(StreamDefinition stream) {
        return extended(stream).path("ProcessingConfiguration");
    }

    private static JsonNode extended(StreamDefinition stream) {
        return new StreamDescription("eu-west-1", "123456789012", 0, ServiceModel.firehose())
                .of(stream, status(stream, 1), EncryptionStatus.DISABLED, OPENX)
                .path("DeliveryStreamDescription")
                .path("Destinations")
                .path(0)
                .path("ExtendedS3DestinationDescription");
    }

    @Test
    void everything_a_stream_may_have_is_shown_in_the_order_in_which_it_runs() throws IOException {
        StreamDefinition stream =
                new StreamDefinition(
                        "clicks",
                        7,
                        new BufferingHints(64, 900, BufferingHints.Latency.STANDARD),
                        TransformSettings.splitting(new SplitSettings.Delimited("####")),
                        Optional.of(
                                new PartitioningSettings(
                                        Optional.of("{c: .customer}"), Optional.empty(), 500)),
                        new FormatSettings.Converted(
                                new ColumnarSettings.Parquet(
                                        ColumnarSettings.ParquetCompression.SNAPPY,
                                        ColumnarSettings.Timestamps.INT64,
                                        Optional.of(false),
                                        256L << 20,
                                        1 << 20,
                                        8L << 20,
                                        ColumnarSettings.ParquetVersion.V2),
                                new FormatSettings.SchemaReference(
                                        "main",
                                        "analytics",
                                        "clicks",
                                        FormatSettings.SchemaReference.LATEST),
                                DecoderOptions.DEFAULTS),
                        new DestinationSettings(
                                "lake",
                                "events",
                                Optional.of("c=!{partitionKeyFromQuery:c}/"),
                                Optional.of("errors/"),
                                Compression.NONE,
                                ZoneId.of("Europe/Berlin"),
                                Optional.of(".pq")),
                        Optional.of(
                                new BackupSettings(
                                        "lake",
                                        "raw",
                                        Optional.of("raw/"),
                                        Compression.GZIP,
                                        FormatSettings.Delimiter.NONE,
                                        ZoneOffset.UTC,
                                        BufferingHints.DEFAULTS)));

        assertDescribed(
                stream,
                """
                {"DeliveryStreamDescription":{
                  "DeliveryStreamName":"clicks",
                  "DeliveryStreamARN":
                    "arn:aws:firehose:eu-west-1:123456789012:deliverystream/clicks",
                  "DeliveryStreamStatus":"ACTIVE",
                  "DeliveryStreamEncryptionConfiguration":{"Status":"DISABLED"},
                  "DeliveryStreamType":"DirectPut",
                  "VersionId":"7",
                  "CreateTimestamp":1600000000.000,
                  "Destinations":[{
                    "DestinationId":"destinationId-000000000001",
                    "S3DestinationDescription":{
                      "RoleARN":"arn:aws:iam::123456789012:role/delivery",
                      "BucketARN":"arn:aws:s3:::events",
                      "Prefix":"c=!{partitionKeyFromQuery:c}/",
                      "BufferingHints":{"SizeInMBs":64,"IntervalInSeconds":900},
                      "CompressionFormat":"UNCOMPRESSED",
                      "EncryptionConfiguration":{"NoEncryptionConfig":"NoEncryption"},
                      "CloudWatchLoggingOptions":{"Enabled":false},
                      "ErrorOutputPrefix":"errors/"},
                    "ExtendedS3DestinationDescription":{
                      "RoleARN":"arn:aws:iam::123456789012:role/delivery",
                      "BucketARN":"arn:aws:s3:::events",
                      "Prefix":"c=!{partitionKeyFromQuery:c}/",
                      "BufferingHints":{"SizeInMBs":64,"IntervalInSeconds":900},
                      "CompressionFormat":"UNCOMPRESSED",
                      "EncryptionConfiguration":{"NoEncryptionConfig":"NoEncryption"},
                      "CloudWatchLoggingOptions":{"Enabled":false},
                      "ErrorOutputPrefix":"errors/",
                      "ProcessingConfiguration":{"Enabled":true,"Processors":[
                        {"Type":"RecordDeAggregation","Parameters":[
                          {"ParameterName":"SubRecordType","ParameterValue":"DELIMITED"},
                          {"ParameterName":"Delimiter","ParameterValue":"IyMjIw=="}]},
                        {"Type":"MetadataExtraction","Parameters":[
                          {"ParameterName":"MetadataExtractionQuery",
                           "ParameterValue":"{c: .customer}"},
                          {"ParameterName":"JsonParsingEngine","ParameterValue":"JQ-1.6"}]}]},
                      "S3BackupMode":"Enabled",
                      "S3BackupDescription":{
                        "RoleARN":"arn:aws:iam::123456789012:role/delivery",
                        "BucketARN":"arn:aws:s3:::raw",
                        "Prefix":"raw/",
                        "BufferingHints":{"SizeInMBs":5,"IntervalInSeconds":300},
                        "CompressionFormat":"GZIP",
                        "EncryptionConfiguration":{"NoEncryptionConfig":"NoEncryption"},
                        "CloudWatchLoggingOptions":{"Enabled":false}},
                      "DataFormatConversionConfiguration":{
                        "SchemaConfiguration":{
                          "RoleARN":"arn:aws:iam::123456789012:role/delivery",
                          "CatalogId":"main","DatabaseName":"analytics","TableName":"clicks",
                          "Region":"eu-west-1","VersionId":"LATEST"},
                        "InputFormatConfiguration":{"Deserializer":{"OpenXJsonSerDe":{
                          "ConvertDotsInJsonKeysToUnderscores":false,"CaseInsensitive":true}}},
                        "OutputFormatConfiguration":{"Serializer":{"ParquetSerDe":{
                          "BlockSizeBytes":268435456,"PageSizeBytes":1048576,
                          "Compression":"SNAPPY","EnableDictionaryCompression":false,
                          "MaxPaddingBytes":8388608,"WriterVersion":"V2"}}},
                        "Enabled":true},
                      "DynamicPartitioningConfiguration":{
                        "RetryOptions":{"DurationInSeconds":300},"Enabled":true},
                      "FileExtension":".pq",
                      "CustomTimeZone":"Europe/Berlin"}}],
                  "HasMoreDestinations":false}}
                """);
    }

    @Test
    void the_deserializer_in_force_is_shown_with_its_options() {
        assertThat(deserializer(new JsonSerDe.OpenX(false, true, Map.of("ts", "@ts", "a", "B"))))
                .isEqualTo(
                        "{\"OpenXJsonSerDe\":{\"ConvertDotsInJsonKeysToUnderscores\":true,"
                                + "\"CaseInsensitive\":false,"
                                + "\"ColumnToJsonKeyMappings\":{\"a\":\"B\",\"ts\":\"@ts\"}}}");
        assertThat(deserializer(new JsonSerDe.Hive(List.of("millis", "yyyy-MM-dd"))))
                .isEqualTo(
                        "{\"HiveJsonSerDe\":{\"TimestampFormats\":[\"millis\",\"yyyy-MM-dd\"]}}");
        assertThat(deserializer(JsonSerDe.Hive.DEFAULTS)).isEqualTo("{\"HiveJsonSerDe\":{}}");
    }

    private String deserializer(JsonSerDe serde) {
        StreamDefinition plain = FakeStream.plain("clicks");
        StreamDefinition converted =
                new StreamDefinition(
                        plain.name(),
                        1,
                        plain.buffer(),
                        plain.transform(),
                        plain.partitioning(),
                        new FormatSettings.Converted(
                                ColumnarSettings.Parquet.DEFAULTS,
                                new FormatSettings.SchemaReference("main", "db", "t", "LATEST"),
                                DecoderOptions.DEFAULTS),
                        plain.destination(),
                        plain.backup());
        return description
                .of(converted, status(converted, 0), EncryptionStatus.DISABLED, serde)
                .findValue("Deserializer")
                .toString();
    }

    @Test
    void delimiters_are_shown_without_parameters() {
        StreamDefinition plain = FakeStream.plain("clicks");
        StreamDefinition delimited =
                new StreamDefinition(
                        plain.name(),
                        1,
                        plain.buffer(),
                        TransformSettings.splitting(new SplitSettings.Json()),
                        plain.partitioning(),
                        new FormatSettings.Raw(FormatSettings.Delimiter.NEWLINE),
                        plain.destination(),
                        plain.backup());

        JsonNode processors =
                description
                        .of(delimited, status(delimited, 0), EncryptionStatus.DISABLED, OPENX)
                        .findValue("ProcessingConfiguration")
                        .path("Processors");

        assertThat(processors.toString())
                .isEqualTo(
                        "[{\"Type\":\"RecordDeAggregation\",\"Parameters\":[{\"ParameterName\":"
                                + "\"SubRecordType\",\"ParameterValue\":\"JSON\"}]},"
                                + "{\"Type\":\"AppendDelimiterToRecord\",\"Parameters\":[]}]");
    }

    @Test
    void the_creation_time_is_the_journals_once_there_is_one() {
        assertThat(
                        description
                                .of(
                                        FakeStream.plain("s"),
                                        status(FakeStream.plain("s"), 1_700_000_000_123L),
                                        EncryptionStatus.DISABLED,
                                        OPENX)
                                .findValue("CreateTimestamp")
                                .decimalValue())
                .isEqualByComparingTo("1700000000.123");
    }

    private static StreamStatus status(StreamDefinition stream, long createdMillis) {
        return new StreamStatus(
                stream.name(),
                stream.version(),
                Origin.YAML,
                StreamPhase.ACTIVE,
                "",
                createdMillis,
                Optional.empty(),
                0,
                0,
                List.of(),
                "",
                List.of());
    }

    private void assertDescribed(StreamDefinition stream, String expected) throws IOException {
        assertDescribed(stream, OPENX, expected);
    }

    private void assertDescribed(StreamDefinition stream, JsonSerDe serde, String expected)
            throws IOException {
        ObjectMapper json = new ObjectMapper();
        assertThat(
                        json.readTree(
                                description
                                        .of(
                                                stream,
                                                status(stream, 0),
                                                EncryptionStatus.DISABLED,
                                                serde)
                                        .toString()))
                .isEqualTo(json.readTree(expected));
    }
}
