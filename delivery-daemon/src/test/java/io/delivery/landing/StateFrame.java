package io.delivery.landing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** What one append to a lane's state says: docs/formats/lane-state.md. */
public final class StateFrame {
    private static final int HEADER_BYTES = 40;

    private final java.util.List<LaneRecord> records;

    private StateFrame(java.util.List<LaneRecord> records) {
        this.records = records;
    }

    /** Leaves the buffer as it is. */
    public static StateFrame of(ByteBuffer frame) {
        ByteBuffer copy = frame.duplicate();
        copy.position(copy.position() + HEADER_BYTES);
        byte[] payload = new byte[copy.remaining()];
        copy.get(payload);
        try {
            return new StateFrame(LaneRecordCodec.decode(payload, payload.length));
        } catch (IOException e) {
            throw new UncheckedIOException("a frame that is none was written", e);
        }
    }

    public boolean has(Class<? extends LaneRecord> kind) {
        return records.stream().anyMatch(kind::isInstance);
    }
}
