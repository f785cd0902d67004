package io.delivery.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.firehose.model.ExtendedS3DestinationConfiguration;
import software.amazon.awssdk.services.firehose.model.ParquetCompression;
import software.amazon.awssdk.services.firehose.model.ParquetSerDe;
import software.amazon.awssdk.services.firehose.model.Record;

/** What a ParquetSerDe of the API makes of a file, and what it makes when it says nothing. */
class ParquetOfTheApiTest extends ApiWorld {
    private static final String TEXT = "the same long text in every record of the stream";
    private static final int RECORDS = 300;

    private static void parquet(
            ExtendedS3DestinationConfiguration.Builder to, ParquetSerDe.Builder serde) {
        to.bufferingHints(b -> b.sizeInMBs(64).intervalInSeconds(60))
                .errorOutputPrefix("errors/")
                .dataFormatConversionConfiguration(
                        c ->
                                c.schemaConfiguration(s -> s.databaseName("db").tableName("t"))
                                        .inputFormatConfiguration(
                                                i -> i.deserializer(d -> d.openXJsonSerDe(o -> {})))
                                        .outputFormatConfiguration(
                                                o ->
                                                        o.serializer(
                                                                s ->
                                                                        s.parquetSerDe(
                                                                                serde.build()))));
    }

    /** How often the text is in the file of a stream that has the same text in all records. */
    private int times(String name, ParquetSerDe.Builder serde) throws Exception {
        Path table = folder.resolve("schemas/db/t.yaml");
        Files.createDirectories(table.getParent());
        Files.writeString(table, "columns: [{name: text, type: string}]\n");
        serde.compression(ParquetCompression.UNCOMPRESSED);
        create(name, d -> parquet(d.bucketARN("arn:aws:s3:::" + name), serde));
        Record record =
                Record.builder()
                        .data(SdkBytes.fromUtf8String("{\"text\": \"%s\"}".formatted(TEXT)))
                        .build();
        List<Record> records = Collections.nCopies(RECORDS, record);
        client.putRecordBatch(b -> b.deliveryStreamName(name).records(records));
        service.flush().get(60, TimeUnit.SECONDS);
        try (Stream<Path> files = Files.walk(folder.resolve("lake").resolve(name))) {
            Path file = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().get();
            String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
            return bytes.split(TEXT, -1).length - 1;
        }
    }

    /**
     * EnableDictionaryCompression: a text in a dictionary is in the file once, and in statistics.
     */
    @Test
    void columns_have_dictionaries_unless_enable_dictionary_compression_is_false()
            throws Exception {
        assertThat(times("silent", ParquetSerDe.builder())).isLessThan(RECORDS / 10);
        assertThat(times("on", ParquetSerDe.builder().enableDictionaryCompression(true)))
                .isLessThan(RECORDS / 10);
        assertThat(times("off", ParquetSerDe.builder().enableDictionaryCompression(false)))
                .isGreaterThanOrEqualTo(RECORDS);
    }
}
