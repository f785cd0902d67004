package io.delivery.config;

/**
 * How {@code limits.memory} is divided at start.
 *
 * @param requestBytes request bodies and journal frames; beyond it callers wait, then hear 503
 * @param blockBytes blocks of the buffers with their sequence lists; beyond it buffers spill
 * @param encodingBytes reserved per object before it is encoded
 * @param uploadBytes parts on their way to a store
 */
public record MemoryDivision(
        long requestBytes, long blockBytes, long encodingBytes, long uploadBytes) {
    /** Of the heap, with the largest encoder at work. */
    private static final int MAX_PERCENT_WITH_ENCODER = 80;

    /** 25, 40, 25 and 10 parts of a hundred. */
    public static MemoryDivision of(long memoryBytes) {
        long requests = memoryBytes / 4;
        long encoding = memoryBytes / 4;
        long uploads = memoryBytes / 10;
        return new MemoryDivision(
                requests, memoryBytes - requests - encoding - uploads, encoding, uploads);
    }

    /**
     * The most that one encoder can have, in bytes: more than the share of all when it is the only
     * one at work. It takes of what the heap has beside {@code limits.memory}, and leaves a fifth
     * of the heap to the rest of the program.
     *
     * @param heapBytes the most this JVM will use for its heap
     */
    public static long largestEncoder(long memoryBytes, long heapBytes) {
        long encoding = of(memoryBytes).encodingBytes();
        long others = memoryBytes - encoding;
        return Math.max(encoding, heapBytes / 100 * MAX_PERCENT_WITH_ENCODER - others);
    }

    @Override
    public String toString() {
        return "requests %s, buffers %s, encoding %s, uploads %s"
                .formatted(
                        ByteSize.text(requestBytes),
                        ByteSize.text(blockBytes),
                        ByteSize.text(encodingBytes),
                        ByteSize.text(uploadBytes));
    }
}
