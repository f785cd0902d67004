package io.delivery.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.crypt.DataKey;
import io.delivery.crypt.StreamKeys;
import io.delivery.staging.DamagedStagingException;
import io.delivery.staging.LocalStaging;
import io.delivery.staging.SealedObject;
import io.delivery.staging.StagedBytes;
import io.delivery.staging.Staging;
import io.delivery.staging.Staging.StagingFile;
import io.delivery.staging.StagingSeal;
import io.delivery.testkit.contract.StagingContract;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A staging area whose files are encrypted keeps the contract, and shows nobody anything. */
class SealedStagingTest extends StagingContract {
    private static final Path DIRECTORY = Path.of("/data/streams/clicks/lanes/main-1/staging");
    private static final String SECRET = "a record that nobody may read";

    private final SimEntropy entropy = new SimEntropy(4);
    private final SimDisk disk = new SimDisk(new SimEntropy(1));
    private final StreamKeys keys = StreamKeys.none();
    private Staging staging;

    @BeforeEach
    void open() throws IOException {
        keys.encryptWith(DataKey.draw(1, entropy));
        staging = open(keys, "main-1");
    }

    private Staging open(StreamKeys with, String lane) throws IOException {
        return LocalStaging.open(DIRECTORY, disk, entropy.nextLong(), new StagingSeal(with, lane));
    }

    @Override
    protected Staging staging() {
        return staging;
    }

    @Override
    protected void flipBit(String file, long bit) throws IOException {
        disk.flipBit(DIRECTORY.resolve(file), bit);
    }

    @Override
    protected void cut(String file, long length) throws IOException {
        disk.cut(DIRECTORY.resolve(file), length);
    }

    private byte[] onDisk(String file) throws IOException {
        return disk.bytes(DIRECTORY.resolve(file));
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void the_file_does_not_show_what_is_in_it_and_is_as_long_as_it_says() throws IOException {
        StagedBytes staged = stage(text(SECRET.repeat(5_000)));

        assertThat(latin(onDisk(staged.file()))).doesNotContain(SECRET);
        assertThat(onDisk(staged.file())).hasSize((int) SealedObject.storedLength(staged));
        assertThat(staged.length()).isEqualTo(SECRET.length() * 5_000L);
        assertThat(read(staged)).isEqualTo(text(SECRET.repeat(5_000)));
    }

    @Test
    void any_bit_that_is_turned_over_is_noticed() throws IOException {
        StagedBytes staged = stage(text(SECRET));
        int bits = onDisk(staged.file()).length * 8;

        for (int bit = 0; bit < bits; bit++) {
            flipBit(staged.file(), bit);
            assertThatThrownBy(() -> read(staged))
                    .as("bit %d", bit)
                    .isInstanceOf(DamagedStagingException.class);
            flipBit(staged.file(), bit);
        }
        assertThat(read(staged)).isEqualTo(text(SECRET));
    }

    @Test
    void two_objects_of_one_length_cannot_be_exchanged() throws IOException {
        StagedBytes one;
        StagedBytes other;
        try (StagingFile file = staging.open()) {
            one = write(file, text("one object"));
            other = write(file, text("the others"));
            file.stage();
        }
        byte[] bytes = onDisk(one.file());
        int half = bytes.length / 2;
        byte[] exchanged = new byte[bytes.length];
        System.arraycopy(bytes, half, exchanged, 0, half);
        System.arraycopy(bytes, 0, exchanged, half, half);
        disk.lose(DIRECTORY.resolve(one.file()));
        disk.plant(DIRECTORY.resolve(one.file()), exchanged);

        assertThatThrownBy(() -> read(one)).isInstanceOf(DamagedStagingException.class);
        assertThatThrownBy(() -> read(other)).isInstanceOf(DamagedStagingException.class);
    }

    @Test
    void no_block_number_is_used_twice_although_objects_are_taken_back() throws IOException {
        byte[] block = new byte[64 << 10];
        StagedBytes last = null;
        Set<Long> numbers = new HashSet<>();
        try (StagingFile file = staging.open()) {
            for (int i = 0; i < 20; i++) {
                file.begin().write(block);
                if (i % 2 == 0) {
                    file.discard();
                } else {
                    last = file.end();
                }
            }
            file.stage();
        }
        byte[] bytes = onDisk(last.file());
        int stored = block.length + 24;
        for (int at = 0; at < bytes.length; at += stored) {
            numbers.add(ByteBuffer.wrap(bytes, at, 8).getLong());
        }

        assertThat(bytes).hasSize(10 * stored);
        assertThat(numbers).containsExactlyInAnyOrder(1L, 3L, 5L, 7L, 9L, 11L, 13L, 15L, 17L, 19L);
    }

    @Test
    void another_lane_and_another_key_open_nothing() throws IOException {
        StagedBytes staged = stage(text(SECRET));
        StreamKeys others = StreamKeys.none();
        others.add(DataKey.draw(1, entropy));

        for (Staging wrong : Arrays.asList(open(keys, "backup-1"), open(others, "main-1"))) {
            assertThatThrownBy(() -> read(wrong, staged))
                    .isInstanceOf(DamagedStagingException.class);
        }
    }

    @Test
    void a_key_that_is_missing_is_no_damage() throws IOException {
        StagedBytes staged = stage(text(SECRET));
        Staging without = open(StreamKeys.none(), "main-1");

        assertThatThrownBy(() -> read(without, staged))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(DamagedStagingException.class)
                .hasMessageContaining("key 1");
    }

    private static byte[] read(Staging from, StagedBytes staged) throws IOException {
        try (InputStream in = from.content(staged).open()) {
            return in.readAllBytes();
        }
    }

    @Test
    void files_of_both_kinds_stand_beside_each_other() throws IOException {
        StagedBytes sealed = stage(text(SECRET));
        keys.encryptNoMore();
        StagedBytes plain = stage(text(SECRET));
        keys.encryptWith(DataKey.draw(2, entropy));
        StagedBytes under2 = stage(text(SECRET));

        assertThat(SealedObject.keyOf(sealed.file())).isEqualTo(1);
        assertThat(SealedObject.keyOf(plain.file())).isZero();
        assertThat(SealedObject.keyOf(under2.file())).isEqualTo(2);
        assertThat(latin(onDisk(plain.file()))).contains(SECRET);
        for (StagedBytes each : Arrays.asList(sealed, plain, under2)) {
            assertThat(read(each)).isEqualTo(text(SECRET));
        }
    }
}
