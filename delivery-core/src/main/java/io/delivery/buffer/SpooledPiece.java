package io.delivery.buffer;

/**
 * At most a full block's bytes in a spool file.
 *
 * @param offset where they begin in the file
 * @param length how many they are before encryption
 * @param crc CRC-32C of what is in the file
 * @param number under which they are encrypted; {@link #PLAIN} when they are not
 */
record SpooledPiece(long offset, int length, int crc, long number) {
    static final long PLAIN = -1;
}
