package io.delivery.compress;

import com.github.luben.zstd.Zstd;
import io.delivery.compress.SnappyBlocks.Framing;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;

/**
 * A way to compress objects, with its level. What an object is called and how it is encoded is
 * Firehose's (contract §3.5), except for zstd, which Firehose does not have. Compressors and their
 * buffers are reused from object to object. Thread-safe; may be shared by all streams.
 */
public final class Codec {
    /** Compressors that wait for work are no encoder's memory, so they are few. */
    private static final int MOST_IDLE = 8;

    private static final long MOST_IDLE_BYTES = 4L << 20;

    private final String extension;
    private final String contentEncoding;
    private final int blockBytes;
    private final long memoryBytes;
    private final LongUnaryOperator mostBytes;
    private final Supplier<Compressor> compressors;
    private final int mostIdle;
    private final ArrayBlockingQueue<BlockStream> idle = new ArrayBlockingQueue<>(MOST_IDLE);

    private Codec(
            String extension,
            String contentEncoding,
            int blockBytes,
            long memoryBytes,
            LongUnaryOperator mostBytes,
            Supplier<Compressor> compressors) {
        this.extension = extension;
        this.contentEncoding = contentEncoding;
        this.blockBytes = blockBytes;
        this.memoryBytes = memoryBytes;
        this.mostBytes = mostBytes;
        this.compressors = compressors;
        this.mostIdle = (int) Math.min(MOST_IDLE, MOST_IDLE_BYTES / memoryBytes);
    }

    /**
     * One gzip member (RFC 1952) without name or time in its header.
     *
     * @param level 1 (fast) to 9 (small)
     * @throws IllegalArgumentException when it is none
     */
    public static Codec gzip(int level) {
        checkLevel("gzip", level, 9);
        return new Codec(
                ".gz",
                "gzip",
                RawDeflate.BLOCK_BYTES,
                RawDeflate.BLOCK_BYTES + RawDeflate.MEMORY_BYTES,
                bytes -> mostDeflated(bytes) + 64,
                () -> new GzipCompressor(level));
    }

    /**
     * A zip archive of one deflated entry that is named by a UUID. At most 4 GiB.
     *
     * @param level 1 (fast) to 9 (small)
     * @throws IllegalArgumentException when it is none
     */
    public static Codec zip(int level) {
        checkLevel("zip", level, 9);
        return new Codec(
                ".zip",
                "zip",
                RawDeflate.BLOCK_BYTES,
                RawDeflate.BLOCK_BYTES + RawDeflate.MEMORY_BYTES,
                bytes -> mostDeflated(bytes) + 320,
                () -> new ZipCompressor(level, ZipCompressor.MOST_BYTES));
    }

    /** The stream format of snappy-java, which is not the framing format of Snappy. */
    public static Codec snappy() {
        return snappy("snappy-java", Framing.XERIAL);
    }

    /** Blocks as Hadoop's SnappyCodec has them. */
    public static Codec hadoopSnappy() {
        return snappy("hadoop-snappy", Framing.HADOOP);
    }

    private static Codec snappy(String contentEncoding, Framing framing) {
        return new Codec(
                ".snappy",
                contentEncoding,
                framing.blockBytes,
                framing.memoryBytes(),
                framing::mostBytes,
                () -> new SnappyBlocks(framing));
    }

    /**
     * One Zstandard frame (RFC 8878) with a checksum of its content, and a window of at most 8 MiB.
     *
     * @param level 1 (fast) to 19 (small)
     * @throws IllegalArgumentException when it is none
     */
    public static Codec zstd(int level) {
        checkLevel("zstd", level, ZstdCompressor.MOST_LEVEL);
        return new Codec(
                ".zst",
                "zstd",
                ZstdCompressor.BLOCK_BYTES,
                ZstdCompressor.memoryBytes(level),
                bytes -> Zstd.compressBound(bytes) + 64,
                () -> new ZstdCompressor(level));
    }

    private static void checkLevel(String codec, int level, int most) {
        if (level < 1 || level > most) {
            throw new IllegalArgumentException(
                    "a level of %s is between 1 and %d, was %d".formatted(codec, most, level));
        }
    }

    /** What does not compress is stored: at most six bytes for each block of 48 KiB and more. */
    private static long mostDeflated(long bytes) {
        return bytes + bytes / 2048;
    }

    String extension() {
        return extension;
    }

    String contentEncoding() {
        return contentEncoding;
    }

    /** Of one compressor, on the heap and beyond it. */
    long memoryBytes() {
        return memoryBytes;
    }

    /** Of an object of so many bytes that do not compress at all. */
    long mostBytes(long bytes) {
        return mostBytes.applyAsLong(bytes);
    }

    /** One that no other thread has; it is given back in whatever state it is. */
    BlockStream take() {
        BlockStream waiting = idle.poll();
        return waiting != null ? waiting : new BlockStream(compressors.get(), blockBytes);
    }

    void giveBack(BlockStream stream) {
        stream.forget();
        if (idle.size() >= mostIdle || !idle.offer(stream)) {
            stream.end();
        }
    }
}
