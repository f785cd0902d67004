package io.delivery.lambda;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.delivery.function.Invocation;
import io.delivery.record.Base64Text;
import io.delivery.record.SequencedRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes the events of one stream, in the member order of Firehose. Each is written once into an
 * array of exactly its size. Immutable and thread-safe.
 */
final class EventWriter {
    /** More make an answer slow to read, and no event smaller. Ours; Firehose states none. */
    private static final int MOST_RECORDS = 10_000;

    private static final byte[] INVOCATION_ID = ascii("{\"invocationId\":\"");

    /** Of a UUID. */
    private static final int INVOCATION_ID_BYTES = 36;

    private static final byte[] RECORD_ID = ascii("{\"recordId\":\"");
    private static final byte[] ARRIVAL = ascii("\",\"approximateArrivalTimestamp\":");
    private static final byte[] END_OF_RECORD = ascii("}");
    private static final byte[] END = ascii("]}");

    /** Longest decimal of a long, with its sign. */
    private static final int LONGEST_NUMBER = 20;

    private final EventSource source;

    /** Everything between the invocation id and the first record. */
    private final byte[] head;

    /** Between a record's arrival, or its metadata, and its bytes. */
    private final byte[] data;

    /**
     * One event.
     *
     * @param records how many of those that were given it holds
     */
    record Event(byte[] bytes, int records) {
        /** A copy that has another id, a UUID. */
        byte[] with(String invocationId) {
            byte[] copy = bytes.clone();
            put(ascii(invocationId), copy, INVOCATION_ID.length);
            return copy;
        }
    }

    EventWriter(EventOrigin origin) {
        this.source = origin.source();
        JsonStringEncoder encoder = JsonStringEncoder.getInstance();
        this.head =
                concatenated(
                        ascii("\",\"deliveryStreamArn\":\""),
                        encoder.quoteAsUTF8(origin.deliveryStreamArn()),
                        ascii("\",\"region\":\""),
                        encoder.quoteAsUTF8(origin.region()),
                        ascii("\""),
                        source.head(),
                        ascii(",\"records\":["));
        this.data = ascii(",\"" + source.dataMember() + "\":\"");
    }

    /**
     * So many records always fit into one event, when their bytes together, or the bytes of one
     * alone, are no more than these.
     */
    int mostRecords(long bytes) {
        long room = Invocation.MAX_PAYLOAD_BYTES - envelopeBytes() - Base64Text.length(bytes);
        return (int) Math.max(1, Math.min(MOST_RECORDS, room / mostBesideData()));
    }

    /** Bytes of the largest event that so many records, with so many bytes together, can become. */
    long mostEventBytes(int records, long bytes) {
        long event = envelopeBytes() + records * mostBesideData() + Base64Text.length(bytes);
        return Math.min(Invocation.MAX_PAYLOAD_BYTES, event);
    }

    /** What a record adds to an event at most, beside the letters of its bytes. */
    private long mostBesideData() {
        return recordBytes(RecordNames.LONGEST, LONGEST_NUMBER, source.mostMetadataBytes())
                + 1 // comma
                + 4; // base64 rounds up
    }

    /**
     * Writes the next records, as many as fit.
     *
     * @param ids of all records
     * @param from the first that is written
     * @param invocationId a UUID
     * @return with no records when the first alone is too large
     */
    Event write(
            List<? extends SequencedRecord> records,
            List<String> ids,
            int from,
            String invocationId) {
        long size = envelopeBytes();
        int end = from;
        while (end < records.size()) {
            SequencedRecord record = records.get(end);
            long more =
                    recordBytes(
                                    ids.get(end).length(),
                                    Long.toString(record.arrivalMillis()).length(),
                                    source.metadata(record).length)
                            + Base64Text.length(record.length())
                            + (end == from ? 0 : 1);
            if (size + more > Invocation.MAX_PAYLOAD_BYTES) {
                break;
            }
            size += more;
            end++;
        }
        byte[] bytes = new byte[(int) size];
        int at = put(INVOCATION_ID, bytes, 0);
        at = put(ascii(invocationId), bytes, at);
        at = put(head, bytes, at);
        for (int i = from; i < end; i++) {
            if (i > from) {
                bytes[at++] = ',';
            }
            at = put(records.get(i), ids.get(i), bytes, at);
        }
        at = put(END, bytes, at);
        if (at != bytes.length) {
            throw new IllegalStateException(
                    "an event of %d bytes was to have %d".formatted(at, bytes.length));
        }
        return new Event(bytes, end - from);
    }

    private int put(SequencedRecord record, String id, byte[] bytes, int from) {
        int at = put(RECORD_ID, bytes, from);
        at = put(ascii(id), bytes, at);
        at = put(ARRIVAL, bytes, at);
        at = put(ascii(Long.toString(record.arrivalMillis())), bytes, at);
        byte[] metadata = source.metadata(record);
        if (source.metadataFirst()) {
            at = put(metadata, bytes, at);
        }
        at = put(data, bytes, at);
        at = Base64Text.write(record.array(), record.offset(), record.length(), bytes, at);
        bytes[at++] = '"';
        if (!source.metadataFirst()) {
            at = put(metadata, bytes, at);
        }
        return put(END_OF_RECORD, bytes, at);
    }

    private long envelopeBytes() {
        return INVOCATION_ID.length + INVOCATION_ID_BYTES + (long) head.length + END.length;
    }

    /** Everything of a record but the letters of its bytes. */
    private long recordBytes(int id, int arrival, int metadata) {
        return RECORD_ID.length
                + (long) id
                + ARRIVAL.length
                + arrival
                + metadata
                + data.length
                + 1 // quote
                + END_OF_RECORD.length;
    }

    private static int put(byte[] from, byte[] to, int at) {
        System.arraycopy(from, 0, to, at, from.length);
        return at + from.length;
    }

    private static byte[] concatenated(byte[]... pieces) {
        int length = 0;
        for (byte[] piece : pieces) {
            length += piece.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] piece : pieces) {
            at = put(piece, all, at);
        }
        return all;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
