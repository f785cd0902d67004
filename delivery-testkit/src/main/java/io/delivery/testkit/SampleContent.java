package io.delivery.testkit;

import io.delivery.staging.DamagedStagingException;
import io.delivery.staging.StagedContent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32;

/**
 * Staged bytes in memory, for tests of stores. Like the real ones they are checked before they are
 * given away: a stream of damaged ones fails before its last byte, a part is not given at all.
 */
public final class SampleContent implements StagedContent {
    private final byte[] bytes;
    private final long recordedLength;
    private final int recordedCrc32;

    private SampleContent(byte[] bytes, long recordedLength, int recordedCrc32) {
        this.bytes = bytes;
        this.recordedLength = recordedLength;
        this.recordedCrc32 = recordedCrc32;
    }

    public static SampleContent of(byte[] bytes) {
        return new SampleContent(bytes.clone(), bytes.length, crc32(bytes));
    }

    public static SampleContent of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The same content after one bit of this byte has turned over on the disk. */
    public SampleContent damagedAt(int index) {
        byte[] damaged = bytes.clone();
        damaged[index] ^= 1;
        return new SampleContent(damaged, recordedLength, recordedCrc32);
    }

    /** The same content after its file was cut to this length. */
    public SampleContent cutTo(int length) {
        return new SampleContent(Arrays.copyOf(bytes, length), recordedLength, recordedCrc32);
    }

    @Override
    public long length() {
        return recordedLength;
    }

    @Override
    public int crc32() {
        return recordedCrc32;
    }

    @Override
    public InputStream open(long offset, long length) throws IOException {
        Objects.checkFromIndexSize(offset, length, recordedLength);
        boolean whole = offset == 0 && length == recordedLength;
        boolean sound = bytes.length == recordedLength && crc32(bytes) == recordedCrc32;
        if (!sound && !whole) {
            throw damaged();
        }
        ByteArrayInputStream in = new ByteArrayInputStream(bytes, (int) offset, (int) length);
        return sound ? in : new DamagedStream(in, bytes.length);
    }

    private static DamagedStagingException damaged() {
        return new DamagedStagingException("sample content is not what was recorded");
    }

    private static int crc32(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** Gives all bytes but the last and fails in its place. */
    private static final class DamagedStream extends InputStream {
        private final InputStream in;
        private int left;

        DamagedStream(InputStream in, int length) {
            this.in = in;
            this.left = length - 1;
        }

        @Override
        public int read() throws IOException {
            if (left <= 0) {
                throw damaged();
            }
            left--;
            return in.read();
        }

        @Override
        public int read(byte[] target, int from, int count) throws IOException {
            if (count == 0) {
                return 0;
            }
            if (left <= 0) {
                throw damaged();
            }
            int read = in.read(target, from, Math.min(count, left));
            left -= read;
            return read;
        }
    }
}
