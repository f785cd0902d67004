package io.delivery.testkit;

import io.delivery.record.ObjectName;
import io.delivery.staging.DamagedStagingException;
import io.delivery.staging.StagedContent;
import java.io.IOException;
import java.io.InputStream;

/** Staged bytes as a client reads them when it sends them to a store. */
final class SentBytes {
    private SentBytes() {}

    /** In one request. */
    static byte[] whole(StagedContent content) throws IOException {
        return read(content, 0, content.length());
    }

    /**
     * In the parts of a multipart upload.
     *
     * @throws DamagedStagingException when they are not those that were staged
     */
    static byte[] inParts(StagedContent content, long partSize, ObjectName name)
            throws IOException {
        byte[] bytes = new byte[Math.toIntExact(content.length())];
        for (long at = 0; at < bytes.length; at += partSize) {
            byte[] part = read(content, at, Math.min(partSize, bytes.length - at));
            System.arraycopy(part, 0, bytes, (int) at, part.length);
        }
        if (MemoryObjects.crc32(bytes) != content.crc32()) {
            throw new DamagedStagingException("the parts of " + name + " are damaged");
        }
        return bytes;
    }

    private static byte[] read(StagedContent content, long offset, long length) throws IOException {
        try (InputStream in = content.open(offset, length)) {
            byte[] bytes = in.readAllBytes();
            if (bytes.length != length) {
                throw new AssertionError(
                        "staged content gave " + bytes.length + " bytes of " + length);
            }
            return bytes;
        }
    }
}
