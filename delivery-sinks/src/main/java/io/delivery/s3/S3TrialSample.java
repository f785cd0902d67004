package io.delivery.s3;

import io.delivery.landing.ObjectAttributes;
import io.delivery.staging.StagedContent;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/** Pseudo-random bytes, and as what they are sent. */
final class S3TrialSample implements StagedContent {
    private final int size;
    private final int seed;
    private final String contentEncoding;
    private final byte[] bytes;
    private final int crc32;

    S3TrialSample(int size, int seed) {
        this(size, seed, "");
    }

    S3TrialSample(int size, int seed, String contentEncoding) {
        this.size = size;
        this.seed = seed;
        this.contentEncoding = contentEncoding;
        this.bytes = new byte[size];
        SplittableRandom random = new SplittableRandom(seed);
        random.nextBytes(bytes);
        CRC32 crc = new CRC32();
        crc.update(bytes);
        this.crc32 = (int) crc.getValue();
    }

    ObjectAttributes attributes() {
        return new ObjectAttributes("probe/" + seed, 1, contentEncoding);
    }

    int size() {
        return size;
    }

    @Override
    public long length() {
        return size;
    }

    @Override
    public int crc32() {
        return crc32;
    }

    @Override
    public InputStream open(long offset, long length) {
        return new ByteArrayInputStream(bytes, (int) offset, (int) length);
    }
}
