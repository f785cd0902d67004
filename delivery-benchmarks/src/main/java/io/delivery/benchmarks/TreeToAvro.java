package io.delivery.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delivery.record.DeliveryRecord;
import io.delivery.record.RecordBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;

/**
 * JSON to Parquet as it is usually done in Java: Jackson's tree becomes a record of Avro, which
 * AvroParquetWriter writes. Reads nothing but records of {@link Clickstream}.
 */
final class TreeToAvro {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Schema SCHEMA =
            new Schema.Parser()
                    .parse(
                            record(
                                    "click",
                                    field("event_id", "\"string\""),
                                    field("event_type", "\"string\""),
                                    field(
                                            "ts",
                                            "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}"),
                                    field("received_ms", "\"long\""),
                                    field("customer_id", "\"string\""),
                                    field("session_id", "\"string\""),
                                    field(
                                            "geo",
                                            record(
                                                    "geo",
                                                    field("region", "\"string\""),
                                                    field("country", "\"string\""),
                                                    field("city", "\"string\""),
                                                    field("lat", "\"double\""),
                                                    field("lon", "\"double\""))),
                                    field("page", "\"string\""),
                                    field("status", "\"int\""),
                                    field("duration_ms", "\"long\""),
                                    field("is_mobile", "\"boolean\""),
                                    field(
                                            "tags",
                                            "{\"type\":\"array\",\"items\":[\"null\",\"string\"]}"),
                                    field("price", "\"double\""),
                                    field("quantity", "\"int\""),
                                    field("referrer", "\"string\""),
                                    field("user_agent", "\"string\"")));

    private TreeToAvro() {}

    private static String record(String name, String... fields) {
        return "{\"type\":\"record\",\"name\":\"%s\",\"fields\":[%s]}"
                .formatted(name, String.join(",", fields));
    }

    private static String field(String name, String type) {
        return "{\"name\":\"%s\",\"type\":[\"null\",%s],\"default\":null}".formatted(name, type);
    }

    static void write(RecordBatch[] records, Path file) throws IOException {
        write(records, new LocalOutputFile(file));
    }

    static void write(RecordBatch[] records, OutputFile file) throws IOException {
        PlainParquetConfiguration settings = new PlainParquetConfiguration();
        settings.setBoolean(AvroWriteSupport.WRITE_OLD_LIST_STRUCTURE, false);
        try (ParquetWriter<GenericRecord> writer =
                AvroParquetWriter.<GenericRecord>builder(file)
                        .withSchema(SCHEMA)
                        .withConf(settings)
                        .withCompressionCodec(CompressionCodecName.SNAPPY)
                        .build()) {
            for (RecordBatch some : records) {
                RecordBatch.Cursor cursor = some.cursor();
                DeliveryRecord record;
                while ((record = cursor.next()) != null) {
                    JsonNode tree = JSON.readTree(record.array(), record.offset(), record.length());
                    writer.write((GenericRecord) value(tree, SCHEMA));
                }
            }
        }
    }

    private static Object value(JsonNode value, Schema nullable) {
        if (value == null || value.isNull()) {
            return null;
        }
        Schema schema = nullable.isUnion() ? nullable.getTypes().get(1) : nullable;
        return switch (schema.getType()) {
            case STRING -> value.asText();
            case INT -> value.asInt();
            case DOUBLE -> value.asDouble();
            case BOOLEAN -> value.asBoolean();
            case LONG ->
                    schema.getLogicalType() == null
                            ? value.asLong()
                            : micros(Instant.parse(value.asText()));
            case ARRAY -> {
                List<Object> elements = new ArrayList<>(value.size());
                for (JsonNode element : value) {
                    elements.add(value(element, schema.getElementType()));
                }
                yield elements;
            }
            case RECORD -> {
                GenericRecord record = new GenericData.Record(schema);
                for (Schema.Field field : schema.getFields()) {
                    record.put(field.pos(), value(value.get(field.name()), field.schema()));
                }
                yield record;
            }
            default -> throw new IllegalStateException("no value of clicks: " + schema);
        };
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
    }
}
