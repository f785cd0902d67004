package io.delivery.api.codec;

import io.delivery.record.AcceptedBatch;
import io.delivery.record.Incarnation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32C;

/** Answers records, without an object per record. */
public final class PutReply {
    private static final byte[] RECORD_BEGIN = ascii("{\"RecordId\":\"");
    private static final byte[] RECORD_END = ascii("\",\"Encrypted\":false}");
    private static final byte[] ENCRYPTED_RECORD_END = ascii("\",\"Encrypted\":true}");

    /** Members of a batch's reply are in the order of the captured ones. */
    private static final byte[] BATCH_BEGIN = ascii("{\"Encrypted\":false,\"FailedPutCount\":");

    private static final byte[] ENCRYPTED_BATCH_BEGIN =
            ascii("{\"Encrypted\":true,\"FailedPutCount\":");
    private static final byte[] ENTRIES = ascii(",\"RequestResponses\":[");

    /** Contract, section 1.4: a throttled entry of a batch. */
    private static final byte[] REFUSED =
            ascii(
                    "{\"ErrorCode\":\"ServiceUnavailableException\",\"ErrorMessage\":\"Slow down.\"}");

    private static final byte[] ENTRY_END = ascii("\"}");
    private static final byte[] BATCH_END = ascii("]}");
    private static final int ID_BYTES = Incarnation.BYTES + Long.BYTES + Integer.BYTES;
    private static final int ID_CHARACTERS = (ID_BYTES * 4 + 2) / 3;

    private final byte[] id = new byte[ID_BYTES];
    private final byte[] encodedId = new byte[ID_CHARACTERS];
    private final ByteBuffer idBuffer = ByteBuffer.wrap(id);
    private final Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    private final CRC32C checksum = new CRC32C();
    private final ByteBuffer out;

    private PutReply(int size, Incarnation incarnation) {
        out = ByteBuffer.allocate(size);
        idBuffer.putLong(0, incarnation.high()).putLong(Long.BYTES, incarnation.low());
    }

    /** The body of PutRecord's reply. */
    public static byte[] record(AcceptedBatch accepted) {
        byte[] end = accepted.encrypted() ? ENCRYPTED_RECORD_END : RECORD_END;
        int size = RECORD_BEGIN.length + ID_CHARACTERS + end.length;
        PutReply reply = new PutReply(size, accepted.incarnation());
        reply.out.put(RECORD_BEGIN);
        reply.putId(accepted.firstSequence());
        return reply.out.put(end).array();
    }

    /**
     * The body of PutRecordBatch's reply: one entry per record, in the order of the request.
     *
     * @param accepted at least one
     * @param refused records behind the accepted ones: they are to come again
     */
    public static byte[] batch(AcceptedBatch accepted, int refused) {
        byte[] failed = ascii(Integer.toString(refused));
        int entry = RECORD_BEGIN.length + ID_CHARACTERS + ENTRY_END.length + 1;
        byte[] begin = accepted.encrypted() ? ENCRYPTED_BATCH_BEGIN : BATCH_BEGIN;
        int size =
                begin.length
                        + failed.length
                        + ENTRIES.length
                        + accepted.count() * entry
                        - 1
                        + refused * (REFUSED.length + 1)
                        + BATCH_END.length;
        PutReply reply = new PutReply(size, accepted.incarnation());
        reply.out.put(begin).put(failed).put(ENTRIES);
        for (int i = 0; i < accepted.count(); i++) {
            if (i > 0) {
                reply.out.put((byte) ',');
            }
            reply.out.put(RECORD_BEGIN);
            reply.putId(accepted.firstSequence() + i);
            reply.out.put(ENTRY_END);
        }
        for (int i = 0; i < refused; i++) {
            reply.out.put((byte) ',').put(REFUSED);
        }
        return reply.out.put(BATCH_END).array();
    }

    /** The same text as {@link io.delivery.record.RecordId#encode()}. */
    private void putId(long sequence) {
        idBuffer.putLong(Incarnation.BYTES, sequence);
        checksum.reset();
        checksum.update(id, 0, Incarnation.BYTES + Long.BYTES);
        idBuffer.putInt(Incarnation.BYTES + Long.BYTES, (int) checksum.getValue());
        encoder.encode(id, encodedId);
        out.put(encodedId);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
