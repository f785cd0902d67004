package io.delivery.journal;

import io.delivery.crypt.DataKey;
import io.delivery.crypt.FileCipher;
import io.delivery.crypt.FileKind;
import io.delivery.crypt.StreamKeys;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Decrypts payloads of frames where they lie. Used by one thread at a time. */
final class FrameOpener {
    private final StreamKeys keys;
    private final byte[] bound = new byte[FrameHeader.BOUND_BYTES];
    private FileCipher cipher;
    private SegmentId cipherOf;
    private int cipherWith;

    FrameOpener(StreamKeys keys) {
        this.keys = keys;
    }

    /** Whether the stream has the key that this frame names. */
    boolean knows(FrameHeader header) {
        return keys.find(header.key) != null;
    }

    /**
     * Decrypts the payload of an encrypted frame whose checksum fits.
     *
     * @param offset of the frame in the segment
     * @param payload where it lies; its bytes become the records, in front of what was the tag
     * @return false when somebody has changed the frame
     * @throws IOException when the stream does not have its key: nothing is wrong with the frame
     */
    boolean open(SegmentId segment, FrameHeader header, long offset, byte[] window, int payload)
            throws IOException {
        use(segment, header.key, offset);
        header.bound(bound);
        return cipher.open(
                offset, bound, ByteBuffer.wrap(window, payload, header.length), window, payload);
    }

    private void use(SegmentId segment, int number, long offset) throws IOException {
        if (cipherWith == number && segment.equals(cipherOf)) {
            return;
        }
        DataKey key =
                keys.require(number, "the frame at %d of %s".formatted(offset, segment.fileName()));
        cipher = key.fileKey(FileKind.JOURNAL, segment.seed()).cipher();
        cipherOf = segment;
        cipherWith = number;
    }
}
