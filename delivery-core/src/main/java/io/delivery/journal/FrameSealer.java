package io.delivery.journal;

import io.delivery.crypt.DataKey;
import io.delivery.crypt.FileCipher;
import io.delivery.crypt.FileKind;
import java.nio.ByteBuffer;

/**
 * Encrypts payloads of frames: {@code docs/formats/journal.md}, "Encrypted frames". A frame's place
 * is its offset in the segment, which is written once. Used by one thread at a time.
 */
final class FrameSealer {
    /** Up to here the array grows in steps of two, beyond it to what a frame needs. */
    private static final int GROWN_BYTES = 512 << 10;

    private final byte[] bound = new byte[FrameHeader.BOUND_BYTES];
    private byte[] sealed = new byte[0];
    private FileCipher cipher;
    private SegmentId cipherOf;
    private DataKey cipherWith;

    /**
     * Encrypts a payload and makes its frame's header that of an encrypted frame: with its length,
     * key and checksum.
     *
     * @param header of the same frame, as it is without encryption
     * @param offset of the frame in the segment
     * @return holds the encrypted payload from 0 on, until the next call
     */
    byte[] seal(
            DataKey key,
            SegmentId segment,
            FrameHeader header,
            long offset,
            byte[] payload,
            int from,
            int length) {
        use(key, segment);
        int sealedLength = length + FileCipher.TAG_BYTES;
        if (sealed.length < sealedLength) {
            sealed = new byte[Math.max(sealedLength, Math.min(GROWN_BYTES, 2 * sealed.length))];
        }
        header.seal(key.number(), sealedLength);
        header.bound(bound);
        cipher.seal(offset, bound, ByteBuffer.wrap(payload, from, length), sealed, 0);
        header.payloadChecksum = FrameHeader.checksum(sealed, 0, sealedLength);
        return sealed;
    }

    private void use(DataKey key, SegmentId segment) {
        if (cipherWith != key || !segment.equals(cipherOf)) {
            cipher = key.fileKey(FileKind.JOURNAL, segment.seed()).cipher();
            cipherOf = segment;
            cipherWith = key;
        }
    }

    /** Gives the memory back until the next frame: when the journal has nothing to do. */
    void release() {
        sealed = new byte[0];
    }
}
