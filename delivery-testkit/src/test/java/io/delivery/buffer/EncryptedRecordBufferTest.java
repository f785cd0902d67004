package io.delivery.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.crypt.DataKey;
import io.delivery.crypt.StreamKeys;
import io.delivery.testkit.SimDisk;
import io.delivery.testkit.SimEntropy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Everything that buffers do, they do with spools that are encrypted. */
class EncryptedRecordBufferTest extends RecordBufferTest {
    private static final Path SPOOL = Path.of("/data/spool/secret");
    private static final String SECRET = "a record that nobody may read";

    private final StreamKeys keys = StreamKeys.none();

    EncryptedRecordBufferTest() {
        keys.encryptWith(DataKey.draw(1, new SimEntropy(8)));
    }

    @Override
    StreamKeys keys() {
        return keys;
    }

    @Test
    void a_spool_shows_nothing_and_may_hold_pieces_of_both_kinds() throws IOException {
        SimDisk disk = new SimDisk(new SimEntropy(1));
        SpoolBuffers buffers = new SpoolBuffers();
        SpoolFile spool = new SpoolFile(SPOOL, disk, keys, new SimEntropy(2), buffers);
        RecordBuffer buffer = new RecordBuffer(new MemoryBudget(1 << 20), spool);
        byte[] secret = SECRET.getBytes(StandardCharsets.UTF_8);

        for (int i = 0; i < 4; i++) {
            buffer.add(i, 0, true, i, secret, 0, secret.length);
            buffer.spill();
        }
        String encrypted = new String(disk.bytes(SPOOL), StandardCharsets.ISO_8859_1);
        keys.encryptNoMore();
        buffer.add(4, 0, true, 4, secret, 0, secret.length);
        buffer.spill();

        assertThat(encrypted).doesNotContain(SECRET);
        assertThat(new String(disk.bytes(SPOOL), StandardCharsets.ISO_8859_1)).contains(SECRET);
        var records = buffer.records();
        for (int i = 0; i < 5; i++) {
            assertThat(records.next().toUtf8()).isEqualTo(SECRET);
        }
        assertThat(records.next()).isNull();
        assertThat(buffers.isEmpty()).isFalse();

        spool.close();
        assertThat(buffers.isEmpty()).isTrue();
    }

    @Test
    void the_spools_of_a_lane_share_what_they_encrypt_in() throws IOException {
        SimDisk disk = new SimDisk(new SimEntropy(1));
        SpoolBuffers buffers = new SpoolBuffers();
        SpoolFile one = new SpoolFile(SPOOL, disk, keys, new SimEntropy(2), buffers);
        SpoolFile other =
                new SpoolFile(
                        SPOOL.resolveSibling("other"), disk, keys, new SimEntropy(3), buffers);

        SpooledPiece first = one.write(List.of(new byte[] {1, 2}), 2);
        byte[] sealed = buffers.sealed();
        SpooledPiece second = other.write(List.of(new byte[] {3}), 1);
        assertThat(buffers.sealed()).isSameAs(sealed);
        one.close();
        SpooledPiece third = other.write(List.of(new byte[] {4}), 1);

        byte[] read = new byte[SpoolFile.READ_BYTES];
        assertThat(first.length()).isEqualTo(2);
        other.read(second, read);
        assertThat(read[0]).isEqualTo((byte) 3);
        other.read(third, read);
        assertThat(read[0]).isEqualTo((byte) 4);
    }
}
