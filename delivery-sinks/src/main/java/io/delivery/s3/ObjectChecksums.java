package io.delivery.s3;

import io.delivery.staging.DamagedStagingException;
import io.delivery.staging.StagedContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;

/** CRC-32 as S3 writes it: base64 of the four bytes, highest first. */
final class ObjectChecksums {
    private ObjectChecksums() {}

    static String header(int crc32) {
        return Base64.getEncoder().encodeToString(ByteBuffer.allocate(4).putInt(crc32).array());
    }

    /** As it stands in our metadata. */
    static String hex(int crc32) {
        return HexFormat.of().toHexDigits(crc32);
    }

    /** The CRC-32 of the parts' CRC-32s, which S3 keeps for a multipart object, without "-N". */
    static String composite(List<Integer> parts) {
        ByteBuffer sums = ByteBuffer.allocate(4 * parts.size());
        parts.forEach(sums::putInt);
        CRC32 crc = new CRC32();
        crc.update(sums.array());
        return header((int) crc.getValue());
    }

    /**
     * Checksums of an object's parts, and the whole's compared with the recorded one.
     *
     * @throws DamagedStagingException when the whole is not what was recorded
     */
    static List<Integer> ofParts(StagedContent content, long partSize) throws IOException {
        List<Integer> sums = new ArrayList<>();
        CRC32 whole = new CRC32();
        byte[] buffer = new byte[64 << 10];
        for (long at = 0; at < content.length(); at += partSize) {
            long length = Math.min(partSize, content.length() - at);
            CRC32 part = new CRC32();
            try (InputStream in = content.open(at, length)) {
                for (long left = length; left > 0; ) {
                    int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                    if (count < 0) {
                        throw new DamagedStagingException(
                                "staged bytes end " + left + " bytes short of part " + sums.size());
                    }
                    part.update(buffer, 0, count);
                    whole.update(buffer, 0, count);
                    left -= count;
                }
            }
            sums.add((int) part.getValue());
        }
        if ((int) whole.getValue() != content.crc32()) {
            throw DamagedStagingException.otherChecksum((int) whole.getValue(), content.crc32());
        }
        return sums;
    }

    /** Whether what a store tells of a single PUT is its checksum; null tells nothing. */
    static boolean agree(String told, int crc32) {
        return told == null || told.equals(header(crc32));
    }

    /**
     * Whether what a store tells of a multipart object is the checksum of these parts, or of the
     * whole where the store keeps that.
     */
    static boolean agree(String told, int crc32, List<Integer> parts) {
        if (told == null || told.equals(header(crc32))) {
            return true;
        }
        int dash = told.indexOf('-');
        String sum = dash < 0 ? told : told.substring(0, dash);
        return sum.equals(composite(parts));
    }
}
