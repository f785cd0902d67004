package io.delivery.compatibility;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Destinations in S3 that a member can be given to: members of a format have an effect in a stream
 * of that format only.
 */
final class SampleStreams {
    private static final String PLACE =
            """
            RoleARN: 'arn:aws:iam::000000000000:role/sample'
            BucketARN: 'arn:aws:s3:::sample'
            BufferingHints: {SizeInMBs: 64, IntervalInSeconds: 60}
            S3BackupConfiguration:
              RoleARN: 'arn:aws:iam::000000000000:role/sample'
              BucketARN: 'arn:aws:s3:::backup'
              BufferingHints: {SizeInMBs: 64, IntervalInSeconds: 60}
            """;
    private static final String LINES =
            """
            ProcessingConfiguration:
              Enabled: true
              Processors: [{Type: RecordDeAggregation, Parameters: [{ParameterName: SubRecordType, ParameterValue: JSON}]}]
            """;

    /** The type of the first may be another one that has no parameters. */
    private static final String TYPES =
            """
            ProcessingConfiguration:
              Enabled: true
              Processors:
              - {Type: CloudWatchLogProcessing}
              - {Type: Decompression, Parameters: [{ParameterName: CompressionFormat, ParameterValue: GZIP}]}
            """;

    /** The first parameter may be another number, and another one that is a number. */
    private static final String PARAMETERS =
            """
            ProcessingConfiguration:
              Enabled: true
              Processors:
              - Type: Lambda
                Parameters:
                - {ParameterName: BufferIntervalInSeconds, ParameterValue: '2'}
                - {ParameterName: LambdaArn, ParameterValue: enrich}
            """;

    private static final String PARTITIONED =
            """
            Prefix: '!{partitionKeyFromQuery:k}/'
            ErrorOutputPrefix: failed/
            DynamicPartitioningConfiguration: {Enabled: true}
            ProcessingConfiguration:
              Enabled: true
              Processors:
              - Type: MetadataExtraction
                Parameters:
                - {ParameterName: MetadataExtractionQuery, ParameterValue: '{k: .k}'}
                - {ParameterName: JsonParsingEngine, ParameterValue: JQ-1.6}
            """;
    private static final String CONVERTED =
            """
            DataFormatConversionConfiguration:
              SchemaConfiguration: {CatalogId: main, DatabaseName: db, TableName: t}
              InputFormatConfiguration: {Deserializer: {%s: {}}}
              OutputFormatConfiguration: {Serializer: {%s}}
            """;
    private static final String ORC =
            "OrcSerDe: {EnablePadding: true, BloomFilterColumns: [n], DictionaryKeyThreshold: 0.2}";

    private SampleStreams() {}

    /**
     * A destination in which a member has its effect.
     *
     * @param names path to the member from the destination
     */
    static ObjectNode destinationFor(List<String> names) {
        if (names.contains("DataFormatConversionConfiguration")) {
            String deserializer =
                    names.contains("HiveJsonSerDe") ? "HiveJsonSerDe" : "OpenXJsonSerDe";
            String serializer = names.contains("OrcSerDe") ? orc(names) : "ParquetSerDe: {}";
            return yaml(PLACE + CONVERTED.formatted(deserializer, serializer));
        }
        if (names.contains("DynamicPartitioningConfiguration")) {
            return yaml(PLACE + PARTITIONED);
        }
        if (names.contains("Parameters")) {
            return yaml(PLACE + PARAMETERS);
        }
        if (names.contains("Processors")) {
            return yaml(PLACE + TYPES);
        }
        if (names.contains("ProcessingConfiguration")) {
            return yaml(PLACE + LINES);
        }
        boolean ofBackup = names.stream().anyMatch(name -> name.matches("S3Backup(Conf|Upd).*"));
        return yaml(ofBackup ? PLACE + "S3BackupMode: Enabled\n" : PLACE);
    }

    /** Files of an old format have no Bloom filters, and dictionaries of their own. */
    private static String orc(List<String> names) {
        return names.contains("FormatVersion") ? "OrcSerDe: {}" : ORC;
    }

    private static ObjectNode yaml(String text) {
        return (ObjectNode) MemberTable.yamlText(text);
    }

    /** The same with a member of its own. */
    static ObjectNode with(ObjectNode destination, List<String> names, JsonNode value) {
        ObjectNode changed = destination.deepCopy();
        JsonNode at = changed;
        for (String name : names.subList(0, names.size() - 1)) {
            ObjectNode holder = (ObjectNode) (at.isArray() ? at.get(0) : at);
            at = holder.has(name) ? holder.get(name) : holder.putObject(name);
        }
        ((ObjectNode) (at.isArray() ? at.get(0) : at)).set(names.get(names.size() - 1), value);
        return changed;
    }

    /** What is there at a path; missing when nothing is. */
    static JsonNode at(JsonNode document, List<String> names) {
        JsonNode at = document;
        for (String name : names) {
            at = (at.isArray() ? at.path(0) : at).path(name);
        }
        return at;
    }
}
