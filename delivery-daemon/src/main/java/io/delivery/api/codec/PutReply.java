package io.delivery.api.codec;

import io.delivery.record.AcceptedBatch;
import java.nio.charset.StandardCharsets;

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

    private final RecordIdText ids;
    private final byte[] out;
    private int at;

    private PutReply(int size, AcceptedBatch accepted) {
        out = new byte[size];
        ids = new RecordIdText(accepted.incarnation());
    }

    /** The body of PutRecord's reply. */
    public static byte[] record(AcceptedBatch accepted) {
        byte[] end = accepted.encrypted() ? ENCRYPTED_RECORD_END : RECORD_END;
        int size = RECORD_BEGIN.length + RecordIdText.CHARACTERS + end.length;
        PutReply reply = new PutReply(size, accepted);
        reply.put(RECORD_BEGIN);
        reply.putId(accepted.firstSequence());
        reply.put(end);
        return reply.out;
    }

    /**
     * The body of PutRecordBatch's reply: one entry per record, in the order of the request.
     *
     * @param accepted at least one
     * @param refused records behind the accepted ones: they are to come again
     */
    public static byte[] batch(AcceptedBatch accepted, int refused) {
        byte[] failed = ascii(Integer.toString(refused));
        int entry = RECORD_BEGIN.length + RecordIdText.CHARACTERS + ENTRY_END.length + 1;
        byte[] begin = accepted.encrypted() ? ENCRYPTED_BATCH_BEGIN : BATCH_BEGIN;
        int size =
                begin.length
                        + failed.length
                        + ENTRIES.length
                        + accepted.count() * entry
                        - 1
                        + refused * (REFUSED.length + 1)
                        + BATCH_END.length;
        PutReply reply = new PutReply(size, accepted);
        reply.put(begin);
        reply.put(failed);
        reply.put(ENTRIES);
        for (int i = 0; i < accepted.count(); i++) {
            if (i > 0) {
                reply.putComma();
            }
            reply.put(RECORD_BEGIN);
            reply.putId(accepted.firstSequence() + i);
            reply.put(ENTRY_END);
        }
        for (int i = 0; i < refused; i++) {
            reply.putComma();
            reply.put(REFUSED);
        }
        reply.put(BATCH_END);
        return reply.out;
    }

    private void put(byte[] text) {
        System.arraycopy(text, 0, out, at, text.length);
        at += text.length;
    }

    private void putComma() {
        out[at++] = ',';
    }

    private void putId(long sequence) {
        ids.write(sequence, out, at);
        at += RecordIdText.CHARACTERS;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
