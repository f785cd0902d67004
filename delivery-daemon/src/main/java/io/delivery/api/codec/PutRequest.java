package io.delivery.api.codec;

import io.delivery.api.ApiException;
import io.delivery.api.model.Violations;
import io.delivery.record.RecordBatch;
import java.util.Optional;

/**
 * A PutRecord or PutRecordBatch as it was sent: reads the envelope as bytes and decodes each
 * record's base64 straight into the frame. The memory given for the frame is all it takes.
 */
public final class PutRequest {
    /** Records of one call: PutRecordBatch API reference. */
    public static final int MAX_RECORDS = 500;

    /** Bytes of one record before base64: Record API reference. */
    public static final int MAX_RECORD_BYTES = 1_024_000;

    /** Bytes of all records of one call, 4 MiB: PutRecordBatch API reference. */
    public static final int MAX_CALL_BYTES = 4 << 20;

    private static final String STREAM_NAME = "DeliveryStreamName";

    private static final int LONGEST_NAME = 64;

    private final Shape shape;
    private final byte[] body;
    private final JsonScanner json;
    private final RecordBatch.Builder frame;
    private final Violations recordProblems = new Violations();
    private String streamName;
    private boolean records;
    private int recordCount;
    private long recordBytes;

    private PutRequest(
            Shape shape, byte[] body, int offset, int length, RecordBatch.Builder frame) {
        this.shape = shape;
        this.body = body;
        this.json = new JsonScanner(body, offset, length);
        this.frame = frame;
    }

    /** The frame's memory that any valid call of this body's length fits in. */
    public static int frameBytes(int bodyLength) {
        return Math.min(bodyLength, MAX_CALL_BYTES + MAX_RECORDS * RecordBatch.RECORD_OVERHEAD);
    }

    /**
     * Reads a PutRecord: {@code {"DeliveryStreamName":…,"Record":{"Data":…}}}.
     *
     * @param frame emptied, then filled
     * @throws ApiException SerializationException or ValidationException
     */
    public static PutRequest readRecord(
            byte[] body, int offset, int length, RecordBatch.Builder frame) {
        PutRequest request = new PutRequest(Shape.RECORD, body, offset, length, frame);
        request.read();
        return request;
    }

    /**
     * Reads a PutRecordBatch: {@code {"DeliveryStreamName":…,"Records":[{"Data":…},…]}}.
     *
     * @param frame emptied, then filled
     * @throws ApiException SerializationException or ValidationException
     */
    public static PutRequest readBatch(
            byte[] body, int offset, int length, RecordBatch.Builder frame) {
        PutRequest request = new PutRequest(Shape.BATCH, body, offset, length, frame);
        request.read();
        return request;
    }

    /**
     * Looks for the name of the stream, for the message to a caller who is refused whatever else
     * the call says: reads no further than that, and copies nothing but the name. What is in the
     * body may be changed.
     *
     * @return empty where there is no valid name, or what stands before it is not JSON
     */
    public static Optional<String> lookForStreamName(byte[] body, int offset, int length) {
        JsonScanner json = new JsonScanner(body, offset, length);
        try {
            json.enterObject();
            while (json.nextMember()) {
                if (json.textIs(STREAM_NAME)) {
                    json.readString();
                    if (json.textEnd() - json.textStart() > LONGEST_NAME) {
                        return Optional.empty();
                    }
                    String name = json.text();
                    Violations problems = new Violations();
                    problems.streamName("deliveryStreamName", name);
                    problems.check();
                    return Optional.of(name);
                }
                json.skip();
            }
            return Optional.empty();
        } catch (ApiException notRead) {
            return Optional.empty(); // the caller hears that it may not, not what is wrong here
        }
    }

    /** A valid stream name. */
    public String streamName() {
        return streamName;
    }

    public int recordCount() {
        return recordCount;
    }

    /**
     * Checks what the model does not say. Only then the frame is complete.
     *
     * @throws ApiException InvalidArgumentException when the records are over 4 MiB together
     */
    public void checkSize() {
        if (recordBytes > MAX_CALL_BYTES) {
            throw ApiException.invalidArgument("Records size exceeds 4 MB limit");
        }
    }

    private void read() {
        forget();
        json.enterObject();
        while (json.nextMember()) {
            if (json.textIs(STREAM_NAME)) {
                streamName = json.readNull() ? null : string();
            } else if (json.textIs(shape.member)) {
                forget(); // a member that is given twice: the last one counts
                if (!json.readNull()) {
                    records = true;
                    if (shape == Shape.BATCH) {
                        list();
                    } else {
                        recordCount = 1;
                        record();
                    }
                }
            } else {
                json.skip();
            }
        }
        json.finish();
        Violations problems = new Violations();
        problems.streamName("deliveryStreamName", streamName);
        if (!records) {
            problems.required(shape.path);
        } else if (recordCount < 1) {
            problems.tooShort(shape.path, 1);
        } else if (recordCount > MAX_RECORDS) {
            problems.tooLong(shape.path, MAX_RECORDS);
        }
        problems.addAll(recordProblems);
        problems.check();
    }

    private void forget() {
        records = false;
        recordCount = 0;
        recordBytes = 0;
        recordProblems.clear();
        frame.reset();
    }

    private String string() {
        json.readString();
        return json.text();
    }

    private void list() {
        json.enterArray();
        while (json.nextElement()) {
            recordCount++;
            if (recordCount > MAX_RECORDS) {
                json.skip(); // the call is refused; what else is wrong there is not told
            } else if (json.readNull()) {
                recordProblems.required("records." + recordCount + ".member");
            } else {
                record();
            }
        }
    }

    private void record() {
        int length = -1;
        boolean kept = false;
        json.enterObject();
        while (json.nextMember()) {
            if (!json.textIs("Data")) {
                json.skip();
            } else if (json.readNull()) {
                length = -1;
            } else {
                length = decodeUsual();
                kept = length >= 0;
                if (!kept) {
                    json.readString();
                    length = Base64Text.decodedLength(body, json.textStart(), json.textEnd());
                    kept = length <= MAX_RECORD_BYTES && recordBytes + length <= MAX_CALL_BYTES;
                    if (length < 0 || !decode(length, kept)) {
                        throw ApiException.serialization(
                                "Data is not base64: record " + recordCount);
                    }
                }
            }
        }
        if (length < 0) {
            recordProblems.required(dataPath());
        } else if (length > MAX_RECORD_BYTES) {
            recordProblems.add(
                    " 'java.nio.HeapByteBuffer[pos=0 lim=%d cap=%d]'".formatted(length, length),
                    dataPath(),
                    "Member must have length less than or equal to " + MAX_RECORD_BYTES);
        } else {
            recordBytes += length;
            if (kept) {
                frame.commit(length);
            }
        }
    }

    /**
     * Decodes base64 without an escape in one go, as far as the frame has room for it.
     *
     * @return -1 when that must be done step by step
     */
    private int decodeUsual() {
        int to = frame.reserve(0);
        long room = Math.min(frame.array().length - to, MAX_CALL_BYTES - recordBytes);
        return json.readBase64(frame.array(), to, (int) Math.min(room, MAX_RECORD_BYTES));
    }

    private boolean decode(int length, boolean keep) {
        if (!keep) {
            return Base64Text.valid(body, json.textStart(), json.textEnd());
        }
        int to = frame.reserve(length);
        return Base64Text.decode(body, json.textStart(), json.textEnd(), frame.array(), to);
    }

    private String dataPath() {
        return shape == Shape.BATCH ? "records." + recordCount + ".member.data" : "record.data";
    }

    private enum Shape {
        RECORD("Record", "record"),
        BATCH("Records", "records");

        private final String member;
        private final String path;

        Shape(String member, String path) {
            this.member = member;
            this.path = path;
        }
    }
}
