package io.delivery.lambda;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.delivery.record.SequencedRecord;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * Where the records of a stream come from: it decides the members of an event. Firehose developer
 * guide, data transformation; what each source adds is in docs/functions.md.
 */
public sealed interface EventSource {
    /** The member that has a record's bytes, in the event and in the answer. */
    String dataMember();

    /** What an {@code Ok} without bytes fails with. */
    String noData();

    /** The event's own members for this source, each with a comma before it; may be empty. */
    byte[] head();

    /** A record's member for this source, with a comma before it; may be empty. */
    byte[] metadata(SequencedRecord record);

    /** Whether {@link #metadata} stands before the member with the bytes. */
    boolean metadataFirst();

    /** The longest {@link #metadata}, in bytes. */
    int mostMetadataBytes();

    /** Producers call PutRecord and PutRecordBatch. */
    record DirectPut() implements EventSource {
        private static final byte[] NOTHING = {};

        @Override
        public String dataMember() {
            return DATA;
        }

        @Override
        public String noData() {
            return NO_DATA;
        }

        @Override
        public byte[] head() {
            return NOTHING;
        }

        @Override
        public byte[] metadata(SequencedRecord record) {
            return NOTHING;
        }

        @Override
        public boolean metadataFirst() {
            return false;
        }

        @Override
        public int mostMetadataBytes() {
            return 0;
        }
    }

    /**
     * A stream of Kinesis.
     *
     * @param streamArn of that stream
     * @param metadata what Kinesis says of a record
     */
    record Kinesis(String streamArn, Function<SequencedRecord, KinesisMetadata> metadata)
            implements EventSource {
        /** A partition key has 256 characters: PutRecord of Kinesis. Each may become an escape. */
        private static final int MOST_BYTES = 6 * 256 + 512;

        @Override
        public String dataMember() {
            return DATA;
        }

        @Override
        public String noData() {
            return NO_DATA;
        }

        @Override
        public byte[] head() {
            return utf8(",\"sourceKinesisStreamArn\":" + quoted(streamArn));
        }

        @Override
        public byte[] metadata(SequencedRecord record) {
            KinesisMetadata it = metadata.apply(record);
            return utf8(
                    ",\"kinesisRecordMetadata\":{\"shardId\":"
                            + quoted(it.shardId())
                            + ",\"partitionKey\":"
                            + quoted(it.partitionKey())
                            + ",\"approximateArrivalTimestamp\":"
                            + it.approximateArrivalMillis()
                            + ",\"sequenceNumber\":"
                            + quoted(it.sequenceNumber())
                            + ",\"subsequenceNumber\":"
                            + it.subsequenceNumber()
                            + "}");
        }

        @Override
        public boolean metadataFirst() {
            return false;
        }

        @Override
        public int mostMetadataBytes() {
            return MOST_BYTES;
        }
    }

    /**
     * What Kinesis says of a record.
     *
     * @param approximateArrivalMillis milliseconds since the epoch
     * @param subsequenceNumber within an aggregated record; 0 otherwise
     */
    record KinesisMetadata(
            String shardId,
            String partitionKey,
            long approximateArrivalMillis,
            String sequenceNumber,
            long subsequenceNumber) {}

    /**
     * A topic of Kafka. Keys and headers are not passed on.
     *
     * @param clusterArn of the cluster
     * @param metadata what Kafka says of a record
     */
    record Kafka(String clusterArn, Function<SequencedRecord, KafkaMetadata> metadata)
            implements EventSource {
        private static final int MOST_BYTES = 256;

        @Override
        public String dataMember() {
            return "kafkaRecordValue";
        }

        @Override
        public String noData() {
            return "The kafkaRecordValue field cannot be null when the SourceType is MSKAsSource"
                    + " and processing result is Ok";
        }

        @Override
        public byte[] head() {
            return utf8(",\"sourceMSKArn\":" + quoted(clusterArn));
        }

        @Override
        public byte[] metadata(SequencedRecord record) {
            KafkaMetadata it = metadata.apply(record);
            return utf8(
                    ",\"mskRecordMetadata\":{\"offset\":\""
                            + it.offset()
                            + "\",\"partitionId\":\""
                            + it.partition()
                            + "\",\"approximateArrivalTimestamp\":"
                            + it.approximateArrivalMillis()
                            + "}");
        }

        @Override
        public boolean metadataFirst() {
            return true;
        }

        @Override
        public int mostMetadataBytes() {
            return MOST_BYTES;
        }
    }

    /**
     * What Kafka says of a record.
     *
     * @param approximateArrivalMillis milliseconds since the epoch
     */
    record KafkaMetadata(long offset, int partition, long approximateArrivalMillis) {}

    /** The member with the bytes, but for Kafka. */
    String DATA = "data";

    /** Captured; Firehose may say more behind it. */
    String NO_DATA =
            "The data field cannot be null when the SourceType is DirectPut or"
                    + " KinesisStreamAsSource and processing result is Ok";

    /** A JSON string. */
    private static String quoted(String text) {
        return "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
    }

    private static byte[] utf8(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
