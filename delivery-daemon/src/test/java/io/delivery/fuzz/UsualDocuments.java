package io.delivery.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Documents as clients send them, about a few streams that come and go: most of them are answered
 * 200, so that what is wrong in others meets a service that has something to lose. Not thread-safe.
 */
final class UsualDocuments {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> NAMES =
            List.of("fixed", "fixed", "made-1", "made-2", "made-3", "made-4");

    private final SplittableRandom random;

    UsualDocuments(SplittableRandom random) {
        this.random = random;
    }

    /**
     * What this operation is usually asked; only the name where the operation is not known here.
     */
    JsonNode of(String operation) {
        ObjectNode document = JSON.objectNode();
        String name = NAMES.get(random.nextInt(NAMES.size()));
        if (operation.equals("ListDeliveryStreams")) {
            return document.put("Limit", 1 + random.nextInt(10));
        }
        document.put("DeliveryStreamName", name);
        switch (operation) {
            case "CreateDeliveryStream" ->
                    document.set(
                            "ExtendedS3DestinationConfiguration",
                            options()
                                    .put("RoleARN", "arn:aws:iam::000000000000:role/firehose")
                                    .put("BucketARN", "arn:aws:s3:::lake"));
            case "UpdateDestination" ->
                    document.put("CurrentDeliveryStreamVersionId", "" + (1 + random.nextInt(3)))
                            .put("DestinationId", "destinationId-000000000001")
                            .set("ExtendedS3DestinationUpdate", options());
            case "PutRecord" -> document.set("Record", record());
            case "PutRecordBatch" -> {
                for (int i = random.nextInt(20); i >= 0; i--) {
                    document.withArray("Records").add(record());
                }
            }
            case "TagDeliveryStream" ->
                    document.withArray("Tags")
                            .addObject()
                            .put("Key", "k" + random.nextInt(60))
                            .put("Value", "v");
            case "UntagDeliveryStream" ->
                    document.withArray("TagKeys").add("k" + random.nextInt(60));
            default -> {
                // the name is all that it needs
            }
        }
        return document;
    }

    private ObjectNode options() {
        ObjectNode options = JSON.objectNode();
        options.put("Prefix", "p" + random.nextInt(5) + "/");
        options.set(
                "BufferingHints",
                JSON.objectNode()
                        .put("SizeInMBs", 1 + random.nextInt(128))
                        .put("IntervalInSeconds", random.nextInt(901)));
        options.put("CompressionFormat", random.nextBoolean() ? "GZIP" : "UNCOMPRESSED");
        return options;
    }

    private ObjectNode record() {
        byte[] bytes = new byte[1 + random.nextInt(300)];
        random.nextBytes(bytes);
        return JSON.objectNode().put("Data", Base64.getEncoder().encodeToString(bytes));
    }
}
