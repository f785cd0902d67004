package io.delivery.parquet.file;

/**
 * The blocks that row groups are aligned to.
 *
 * @param bytes of a block
 * @param maxPaddingBytes no row group begins in the last bytes, at most so many, of a block: zeros
 *     fill them; 0 when row groups are not aligned
 */
public record Blocks(long bytes, int maxPaddingBytes) {
    /** Zeros before a row group that would begin here. */
    long padding(long position) {
        long rest = rest(position);
        return maxPaddingBytes > 0 && rest <= maxPaddingBytes ? rest : 0;
    }

    /** How large a row group may become that begins here, behind its padding. */
    long room(long position) {
        long rest = rest(position);
        return maxPaddingBytes > 0 && rest > maxPaddingBytes ? rest : Long.MAX_VALUE;
    }

    private long rest(long position) {
        return bytes - position % bytes;
    }
}
