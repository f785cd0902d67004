package io.delivery.staging;

import java.io.IOException;

/** Staged bytes are missing or are not those that were recorded. */
public final class DamagedStagingException extends IOException {
    private static final long serialVersionUID = 1L;

    public DamagedStagingException(String message) {
        super(message);
    }

    /**
     * @param missing bytes that were recorded and are not there
     */
    public static DamagedStagingException endsShort(long missing) {
        return new DamagedStagingException("staged bytes end " + missing + " bytes short");
    }

    /** The CRC-32 of what is there, and the one that was recorded. */
    public static DamagedStagingException otherChecksum(int crc32, int recorded) {
        return new DamagedStagingException(
                "staged bytes have checksum %08x, recorded was %08x".formatted(crc32, recorded));
    }
}
