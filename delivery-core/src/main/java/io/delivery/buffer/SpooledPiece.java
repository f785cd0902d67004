package io.delivery.buffer;

/**
 * At most a full block's bytes in a spool file.
 *
 * @param offset where they begin in the file
 * @param length how many they are before encryption
 * @param crc CRC-32C of what is in the file
 * @param number under which they are encrypted; {@link #PLAIN} when they are not
 */
record SpooledPiece(SpoolFile file, long offset, int length, int crc, long number) {
    static final long PLAIN = -1;

    /** Reads the bytes into the beginning of an array that holds a full block and a tag. */
    void read(byte[] target) throws SpoolLostException {
        file.read(this, target);
    }
}
