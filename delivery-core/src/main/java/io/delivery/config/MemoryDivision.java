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
    /** 25, 40, 25 and 10 parts of a hundred. */
    public static MemoryDivision of(long memoryBytes) {
        long requests = memoryBytes / 4;
        long encoding = memoryBytes / 4;
        long uploads = memoryBytes / 10;
        return new MemoryDivision(
                requests, memoryBytes - requests - encoding - uploads, encoding, uploads);
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
