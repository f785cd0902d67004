package io.delivery.landing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Marks as another program might have written them: docs/formats/marks.md. */
final class MarksOfTests {
    private MarksOfTests() {}

    /** The same mark, with right checksums, in another format. */
    static byte[] withFormat(byte[] mark, int format) {
        ByteBuffer bytes = ByteBuffer.wrap(mark.clone()).order(ByteOrder.LITTLE_ENDIAN);
        for (int at : new int[] {0, 4096}) {
            bytes.putInt(at + 8, format);
            CRC32C crc = new CRC32C();
            crc.update(bytes.array(), at, 60);
            bytes.putInt(at + 60, (int) crc.getValue());
        }
        return bytes.array();
    }
}
