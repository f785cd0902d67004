package io.delivery.s3;

import io.delivery.landing.ObjectAttributes;
import io.delivery.staging.DamagedStagingException;
import io.delivery.staging.StagedContent;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.CRC32;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;

/**
 * A stretch of a staged object as the body of a request, read anew for each attempt. The checksum
 * is compared over the very bytes handed out, before the last of them are. For one request on one
 * thread.
 */
final class SentBytes implements ContentStreamProvider, AutoCloseable {
    private final StagedContent content;
    private final long offset;
    private final long length;
    private final int crc32;
    private InputStream open;
    private DamagedStagingException damage;
    private boolean allHandedOut;

    SentBytes(StagedContent content, long offset, long length, int crc32) {
        this.content = content;
        this.offset = offset;
        this.length = length;
        this.crc32 = crc32;
    }

    static SentBytes whole(StagedContent content) {
        return new SentBytes(content, 0, content.length(), content.crc32());
    }

    @Override
    public InputStream newStream() {
        close();
        try {
            open = new Compared(content.open(offset, length));
            return open;
        } catch (DamagedStagingException e) {
            damage = e;
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The body of a request of the SDK. */
    RequestBody asBody() {
        return RequestBody.fromContentProvider(this, length, ObjectAttributes.CONTENT_TYPE);
    }

    /** All of them, and whole, were in a request before. */
    void wentOut() {
        allHandedOut = true;
    }

    /**
     * A request that failed because of our own bytes tells nothing of the store; unless all of them
     * went out before, whole, on a connection that died: then nobody knows.
     */
    void throwDamage() throws DamagedStagingException {
        if (damage != null && !allHandedOut) {
            throw damage;
        }
    }

    @Override
    public void close() {
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                open = null;
            }
        }
    }

    private final class Compared extends FilterInputStream {
        private final CRC32 sum = new CRC32();
        private long left = length;

        Compared(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int start, int size) throws IOException {
            if (left == 0) {
                return -1;
            }
            try {
                int count = in.read(target, start, (int) Math.min(size, left));
                if (count < 0) {
                    throw DamagedStagingException.endsShort(left);
                }
                sum.update(target, start, count);
                left -= count;
                if (left == 0 && (int) sum.getValue() != crc32) {
                    throw DamagedStagingException.otherChecksum((int) sum.getValue(), crc32);
                }
                allHandedOut |= left == 0;
                return count;
            } catch (DamagedStagingException e) {
                damage = e;
                throw e;
            }
        }

        @Override
        public long skip(long count) {
            return 0; // every byte is compared
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
