package io.delivery.api.codec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delivery.config.BufferingHints;
import io.delivery.config.Decompression;
import io.delivery.config.FormatSettings;
import io.delivery.config.FunctionSettings;
import io.delivery.config.PartitioningSettings;
import io.delivery.config.ProcessorSettings;
import io.delivery.config.SplitSettings;
import io.delivery.config.StreamDefinition;
import io.delivery.config.TransformSettings;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/**
 * Describes what happens to the records of a stream in the API's words (ProcessingConfiguration).
 * Processors that the API does not have – jq, csv, regex, redact – are left out.
 */
final class ProcessorDescription {
    private static final int BYTES_PER_MB = 1 << 20;

    private final String region;
    private final String account;
    private final String role;

    /**
     * @param role stands where Firehose shows the role that invokes the function
     */
    ProcessorDescription(String region, String account, String role) {
        this.region = region;
        this.account = account;
        this.role = role;
    }

    /** In the order in which the stages run. */
    void describe(ObjectNode out, StreamDefinition stream) {
        TransformSettings transform = stream.transform();
        ArrayNode processors = JsonNodeFactory.instance.arrayNode();
        transform.decompression().ifPresent(gzip -> decompression(processors, gzip));
        transform.split().ifPresent(split -> deAggregation(processors, split));
        for (ProcessorSettings processor : transform.processors()) {
            processor.lambda().ifPresent(it -> lambda(processors, it, stream.buffer()));
        }
        stream.partitioning()
                .flatMap(PartitioningSettings::query)
                .ifPresent(query -> metadataExtraction(processors, query));
        if (stream.format().choose(raw -> appends(raw.delimiter()), converted -> false)) {
            processor(processors, "AppendDelimiterToRecord");
        }
        out.put("Enabled", !processors.isEmpty() || !transform.processors().isEmpty());
        out.set("Processors", processors);
    }

    private static boolean appends(FormatSettings.Delimiter delimiter) {
        return switch (delimiter) {
            case NONE -> false;
            case NEWLINE, LINES -> true;
        };
    }

    private static void decompression(ArrayNode processors, Decompression settings) {
        parameter(processor(processors, "Decompression"), "CompressionFormat", "GZIP");
        boolean extracts =
                switch (settings.messages()) {
                    case IN_ENVELOPE -> false;
                    case EXTRACTED -> true;
                };
        if (extracts) {
            parameter(
                    processor(processors, "CloudWatchLogProcessing"),
                    "DataMessageExtraction",
                    "true");
        }
    }

    private static void deAggregation(ArrayNode processors, SplitSettings split) {
        ArrayNode parameters = processor(processors, "RecordDeAggregation");
        split.choose(
                json -> parameter(parameters, "SubRecordType", "JSON"),
                delimited -> delimiter(parameters, delimited.delimiter()));
    }

    private static ArrayNode delimiter(ArrayNode parameters, String delimiter) {
        parameter(parameters, "SubRecordType", "DELIMITED");
        byte[] bytes = delimiter.getBytes(StandardCharsets.UTF_8);
        return parameter(parameters, "Delimiter", Base64.getEncoder().encodeToString(bytes));
    }

    private void lambda(
            ArrayNode processors, ProcessorSettings.Lambda lambda, BufferingHints stream) {
        ArrayNode parameters = processor(processors, "Lambda");
        parameter(
                parameters, "LambdaArn", FunctionSettings.arn(region, account, lambda.function()));
        parameter(parameters, "NumberOfRetries", String.valueOf(lambda.retries()));
        parameter(parameters, "RoleArn", role);
        parameter(parameters, "BufferSizeInMBs", megabytes(lambda.bufferBytes()));
        parameter(
                parameters,
                "BufferIntervalInSeconds",
                String.valueOf(
                        lambda.bufferIntervalIn(Duration.ofSeconds(stream.intervalInSeconds()))
                                .toSeconds()));
    }

    /** As callers write it: {@code 1}, {@code 0.2}. */
    private static String megabytes(long bytes) {
        return BigDecimal.valueOf(bytes)
                .divide(BigDecimal.valueOf(BYTES_PER_MB), 3, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    private static void metadataExtraction(ArrayNode processors, String query) {
        ArrayNode parameters = processor(processors, "MetadataExtraction");
        parameter(parameters, "MetadataExtractionQuery", query);
        parameter(parameters, "JsonParsingEngine", "JQ-1.6");
    }

    private static ArrayNode processor(ArrayNode processors, String type) {
        return processors.addObject().put("Type", type).putArray("Parameters");
    }

    private static ArrayNode parameter(ArrayNode parameters, String name, String value) {
        parameters.addObject().put("ParameterName", name).put("ParameterValue", value);
        return parameters;
    }
}
