package io.delivery.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.ConcurrentModificationException;
import software.amazon.awssdk.services.firehose.model.DataFormatConversionConfiguration;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamDescription;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamEncryptionConfiguration;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamEncryptionStatus;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamStatus;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamType;
import software.amazon.awssdk.services.firehose.model.ExtendedS3DestinationConfiguration;
import software.amazon.awssdk.services.firehose.model.ExtendedS3DestinationDescription;
import software.amazon.awssdk.services.firehose.model.FirehoseException;
import software.amazon.awssdk.services.firehose.model.InvalidArgumentException;
import software.amazon.awssdk.services.firehose.model.InvalidKmsResourceException;
import software.amazon.awssdk.services.firehose.model.KeyType;
import software.amazon.awssdk.services.firehose.model.ListDeliveryStreamsRequest;
import software.amazon.awssdk.services.firehose.model.ListDeliveryStreamsResponse;
import software.amazon.awssdk.services.firehose.model.ListTagsForDeliveryStreamRequest;
import software.amazon.awssdk.services.firehose.model.ListTagsForDeliveryStreamResponse;
import software.amazon.awssdk.services.firehose.model.ParquetCompression;
import software.amazon.awssdk.services.firehose.model.ParquetSerDe;
import software.amazon.awssdk.services.firehose.model.Processor;
import software.amazon.awssdk.services.firehose.model.ProcessorParameter;
import software.amazon.awssdk.services.firehose.model.ProcessorParameterName;
import software.amazon.awssdk.services.firehose.model.ProcessorType;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponse;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponseEntry;
import software.amazon.awssdk.services.firehose.model.Record;
import software.amazon.awssdk.services.firehose.model.ResourceInUseException;
import software.amazon.awssdk.services.firehose.model.ResourceNotFoundException;
import software.amazon.awssdk.services.firehose.model.StartDeliveryStreamEncryptionRequest;
import software.amazon.awssdk.services.firehose.model.Tag;
import software.amazon.awssdk.services.firehose.model.UpdateDestinationRequest;

/**
 * The story of {@code story.txt} with the AWS SDK for Java 2, a program of its own. Endpoint,
 * region and credentials come from the environment.
 */
final class JavaStory {
    private static final String STREAM = "story";
    private static final String ROLE = "arn:aws:iam::123456789012:role/firehose";
    private static final String KEY = "arn:aws:kms:us-east-1:123456789012:key/";

    private final FirehoseClient firehose;

    private JavaStory(FirehoseClient firehose) {
        this.firehose = firehose;
    }

    public static void main(String[] arguments) throws Exception {
        try (FirehoseClient firehose = FirehoseClient.create()) {
            JavaStory story = new JavaStory(firehose);
            story.creates();
            story.lists(r -> {});
            story.lists(r -> r.limit(1));
            story.lists(r -> r.exclusiveStartDeliveryStreamName("bytes"));
            story.putsABatch();
            story.putsRecords();
            story.tags();
            story.updates();
            story.encrypts();
            putsAs(System.getenv("AWS_ACCESS_KEY_ID"), "wrong-secret");
            putsAs("reader", "right-secret");
            // Whoever runs this has everything land, and answers with a line.
            System.out.println("(landing)");
            new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine();
            story.deletes();
        }
    }

    // --- what the steps have in common ---

    private static void tell(String operation, Object... words) {
        System.out.println(
                operation
                        + ": "
                        + Stream.of(words).map(String::valueOf).collect(Collectors.joining(" ")));
    }

    /** Tells only an exception of the expected type. */
    private static void refused(
            String operation, Class<? extends FirehoseException> expected, Runnable call) {
        try {
            call.run();
        } catch (FirehoseException refused) {
            if (!expected.isInstance(refused)) {
                throw refused;
            }
            tell(
                    operation,
                    refused.awsErrorDetails().errorCode() + ":",
                    refused.awsErrorDetails().errorMessage());
        }
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("It has taken longer than a minute.");
            }
            Thread.sleep(100);
        }
    }

    private DeliveryStreamDescription described() {
        return firehose.describeDeliveryStream(r -> r.deliveryStreamName(STREAM))
                .deliveryStreamDescription();
    }

    private static Record record(int n) {
        String json = "{\"n\": %d, \"c\": \"%s\"}".formatted(n, n % 2 == 0 ? "a" : "b");
        return Record.builder().data(SdkBytes.fromUtf8String(json)).build();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    // --- the steps ---

    private static ExtendedS3DestinationConfiguration destination() {
        Processor keys =
                Processor.builder()
                        .type(ProcessorType.METADATA_EXTRACTION)
                        .parameters(
                                parameter(
                                        ProcessorParameterName.METADATA_EXTRACTION_QUERY,
                                        "{c: .c}"),
                                parameter(ProcessorParameterName.JSON_PARSING_ENGINE, "JQ-1.6"))
                        .build();
        return ExtendedS3DestinationConfiguration.builder()
                .roleARN(ROLE)
                .bucketARN("arn:aws:s3:::story")
                .prefix("first/c=!{partitionKeyFromQuery:c}/")
                .errorOutputPrefix("errors/")
                .bufferingHints(h -> h.sizeInMBs(64).intervalInSeconds(900))
                .dynamicPartitioningConfiguration(d -> d.enabled(true))
                .processingConfiguration(p -> p.enabled(true).processors(keys))
                .dataFormatConversionConfiguration(
                        c ->
                                c.enabled(true)
                                        .schemaConfiguration(
                                                s ->
                                                        s.databaseName("db")
                                                                .tableName("story")
                                                                .roleARN(ROLE)
                                                                .region("us-east-1"))
                                        .inputFormatConfiguration(
                                                i -> i.deserializer(d -> d.openXJsonSerDe(x -> {})))
                                        .outputFormatConfiguration(
                                                o -> o.serializer(s -> s.parquetSerDe(gzip()))))
                .build();
    }

    private static Consumer<ParquetSerDe.Builder> gzip() {
        return parquet -> parquet.compression(ParquetCompression.GZIP);
    }

    private static ProcessorParameter parameter(ProcessorParameterName name, String value) {
        return ProcessorParameter.builder().parameterName(name).parameterValue(value).build();
    }

    private void creates() throws InterruptedException {
        Instant begun = Instant.now();
        tell(
                "CreateDeliveryStream",
                firehose.createDeliveryStream(
                                r ->
                                        r.deliveryStreamName(STREAM)
                                                .deliveryStreamType(DeliveryStreamType.DIRECT_PUT)
                                                .extendedS3DestinationConfiguration(destination())
                                                .tags(tag("team", "a")))
                        .deliveryStreamARN());
        until(() -> described().deliveryStreamStatus() == DeliveryStreamStatus.ACTIVE);
        DeliveryStreamDescription stream = described();
        tellDescription(stream);
        if (stream.createTimestamp().isAfter(begun.minusSeconds(1))
                && stream.createTimestamp().isBefore(Instant.now())) {
            tell("DescribeDeliveryStream", "created since this began");
        }
        refused(
                "CreateDeliveryStream",
                ResourceInUseException.class,
                () ->
                        firehose.createDeliveryStream(
                                r ->
                                        r.deliveryStreamName(STREAM)
                                                .extendedS3DestinationConfiguration(
                                                        destination())));
        refused(
                "CreateDeliveryStream",
                InvalidArgumentException.class,
                () ->
                        firehose.createDeliveryStream(
                                r ->
                                        r.deliveryStreamName("other")
                                                .extendedS3DestinationConfiguration(
                                                        d ->
                                                                d.roleARN(ROLE)
                                                                        .bucketARN(
                                                                                "arn:aws:s3:::story")
                                                                        .prefix(
                                                                                "other/!{timestamp:yyyy}/"))));
    }

    private static void tellDescription(DeliveryStreamDescription stream) {
        ExtendedS3DestinationDescription s3 =
                stream.destinations().get(0).extendedS3DestinationDescription();
        Processor processor = s3.processingConfiguration().processors().get(0);
        DataFormatConversionConfiguration conversion = s3.dataFormatConversionConfiguration();
        tell(
                "DescribeDeliveryStream",
                stream.deliveryStreamName(),
                stream.deliveryStreamStatus(),
                stream.deliveryStreamType(),
                "version",
                stream.versionId());
        tell(
                "DescribeDeliveryStream",
                stream.destinations().get(0).destinationId(),
                s3.bucketARN(),
                s3.prefix(),
                s3.errorOutputPrefix(),
                s3.bufferingHints().sizeInMBs(),
                "MB",
                s3.bufferingHints().intervalInSeconds(),
                "s",
                s3.compressionFormat());
        tell(
                "DescribeDeliveryStream",
                "partitioning",
                s3.dynamicPartitioningConfiguration().enabled(),
                processor.type(),
                processor.parameters().get(0).parameterValue());
        tell(
                "DescribeDeliveryStream",
                conversion.schemaConfiguration().databaseName()
                        + "."
                        + conversion.schemaConfiguration().tableName(),
                "ParquetSerDe",
                conversion.outputFormatConfiguration().serializer().parquetSerDe().compression());
    }

    private void lists(Consumer<ListDeliveryStreamsRequest.Builder> page) {
        ListDeliveryStreamsResponse names = firehose.listDeliveryStreams(page);
        tell(
                "ListDeliveryStreams",
                String.join(" ", names.deliveryStreamNames()),
                "more",
                names.hasMoreDeliveryStreams());
    }

    /** A quota refuses a part of the batch, which is sent again. */
    private void putsABatch() throws InterruptedException {
        List<Record> records = IntStream.range(0, 500).mapToObj(JavaStory::record).toList();
        List<PutRecordBatchResponseEntry> entries = batch(records).requestResponses();
        List<Integer> failed =
                IntStream.range(0, 500)
                        .filter(i -> entries.get(i).errorCode() != null)
                        .boxed()
                        .toList();
        PutRecordBatchResponseEntry first = entries.get(failed.get(0));
        tell(
                "PutRecordBatch",
                failed.size(),
                "of",
                entries.size(),
                "refused:",
                first.errorCode(),
                first.errorMessage());
        Thread.sleep(1000);
        PutRecordBatchResponse again = batch(failed.stream().map(records::get).toList());
        tell(
                "PutRecordBatch",
                again.failedPutCount(),
                "of",
                again.requestResponses().size(),
                "refused,",
                again.requestResponses().stream()
                        .map(PutRecordBatchResponseEntry::recordId)
                        .distinct()
                        .count(),
                "new ids");
    }

    private PutRecordBatchResponse batch(List<Record> records) {
        PutRecordBatchResponse answer =
                firehose.putRecordBatch(r -> r.deliveryStreamName(STREAM).records(records));
        long failed = answer.requestResponses().stream().filter(e -> e.errorCode() != null).count();
        if (answer.failedPutCount() != failed) {
            throw new IllegalStateException(failed + " failed: " + answer);
        }
        return answer;
    }

    private void puts(int n) {
        tell(
                "PutRecord",
                "encrypted",
                firehose.putRecord(r -> r.deliveryStreamName(STREAM).record(record(n)))
                        .encrypted());
    }

    private void putsRecords() {
        puts(500);
        byte[] all = new byte[256];
        IntStream.range(0, all.length).forEach(i -> all[i] = (byte) i);
        for (byte[] data : List.of(all, new byte[0])) {
            firehose.putRecord(
                    r ->
                            r.deliveryStreamName("bytes")
                                    .record(d -> d.data(SdkBytes.fromByteArray(data))));
        }
        refused(
                "PutRecord",
                ResourceNotFoundException.class,
                () -> firehose.putRecord(r -> r.deliveryStreamName("nowhere").record(record(0))));
    }

    private void tags() {
        listsTags(r -> {});
        firehose.tagDeliveryStream(r -> r.deliveryStreamName(STREAM).tags(tag("zone", "1")));
        tell("TagDeliveryStream", "done");
        listsTags(r -> {});
        listsTags(r -> r.limit(1));
        listsTags(r -> r.exclusiveStartTagKey("team"));
        firehose.untagDeliveryStream(r -> r.deliveryStreamName(STREAM).tagKeys("team"));
        tell("UntagDeliveryStream", "done");
        listsTags(r -> {});
    }

    private void listsTags(Consumer<ListTagsForDeliveryStreamRequest.Builder> page) {
        ListTagsForDeliveryStreamResponse answer =
                firehose.listTagsForDeliveryStream(
                        r -> r.deliveryStreamName(STREAM).applyMutation(page));
        tell(
                "ListTagsForDeliveryStream",
                answer.tags().stream()
                        .map(tag -> tag.key() + "=" + tag.value())
                        .collect(Collectors.joining(" ")),
                "more",
                answer.hasMoreTags());
    }

    private void updates() {
        DeliveryStreamDescription before = described();
        UpdateDestinationRequest update =
                UpdateDestinationRequest.builder()
                        .deliveryStreamName(STREAM)
                        .destinationId(before.destinations().get(0).destinationId())
                        .currentDeliveryStreamVersionId(before.versionId())
                        .extendedS3DestinationUpdate(
                                u -> u.prefix("second/c=!{partitionKeyFromQuery:c}/"))
                        .build();
        firehose.updateDestination(update);
        DeliveryStreamDescription after = described();
        tell(
                "UpdateDestination",
                "version",
                after.versionId(),
                after.destinations().get(0).extendedS3DestinationDescription().prefix());
        refused(
                "UpdateDestination",
                ConcurrentModificationException.class,
                () -> firehose.updateDestination(update));
    }

    private void encrypts() throws InterruptedException {
        firehose.startDeliveryStreamEncryption(key("k1"));
        until(() -> encryption().status() == DeliveryStreamEncryptionStatus.ENABLED);
        tell(
                "StartDeliveryStreamEncryption",
                encryption().status(),
                encryption().keyType(),
                encryption().keyARN());
        puts(501);
        firehose.stopDeliveryStreamEncryption(r -> r.deliveryStreamName(STREAM));
        until(() -> encryption().status() == DeliveryStreamEncryptionStatus.DISABLED);
        tell("StopDeliveryStreamEncryption", encryption().status());
        puts(502);
        refused(
                "StartDeliveryStreamEncryption",
                InvalidKmsResourceException.class,
                () -> firehose.startDeliveryStreamEncryption(key("k2")));
    }

    private static StartDeliveryStreamEncryptionRequest key(String name) {
        return StartDeliveryStreamEncryptionRequest.builder()
                .deliveryStreamName(STREAM)
                .deliveryStreamEncryptionConfigurationInput(
                        i -> i.keyType(KeyType.CUSTOMER_MANAGED_CMK).keyARN(KEY + name))
                .build();
    }

    private DeliveryStreamEncryptionConfiguration encryption() {
        return described().deliveryStreamEncryptionConfiguration();
    }

    /** Callers who may not. */
    private static void putsAs(String accessKeyId, String secret) {
        try (FirehoseClient stranger =
                FirehoseClient.builder()
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(accessKeyId, secret)))
                        .build()) {
            refused(
                    "PutRecord",
                    FirehoseException.class,
                    () -> stranger.putRecord(r -> r.deliveryStreamName(STREAM).record(record(0))));
        }
    }

    private void deletes() throws InterruptedException {
        firehose.deleteDeliveryStream(r -> r.deliveryStreamName(STREAM));
        until(() -> !firehose.listDeliveryStreams().deliveryStreamNames().contains(STREAM));
        refused(
                "DeleteDeliveryStream",
                ResourceNotFoundException.class,
                () -> firehose.deleteDeliveryStream(r -> r.deliveryStreamName(STREAM)));
    }
}
