package io.delivery.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.staging.DamagedStagingException;
import io.delivery.staging.SealedObject;
import io.delivery.staging.StagedBytes;
import io.delivery.staging.StagedContent;
import io.delivery.staging.Staging;
import io.delivery.staging.Staging.StagingFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link Staging} does. */
public abstract class StagingContract {
    /** The staging area under test; the same one throughout a test. */
    protected abstract Staging staging();

    /** Turns one bit of a staged file over. Bit 0 is the lowest of the first byte. */
    protected abstract void flipBit(String file, long bit) throws IOException;

    /** Cuts a staged file to this length. */
    protected abstract void cut(String file, long length) throws IOException;

    /** Writes and ends one object. */
    protected static StagedBytes write(StagingFile file, byte[] bytes) throws IOException {
        file.begin().write(bytes);
        return file.end();
    }

    /** One object in a staged file of its own. */
    protected final StagedBytes stage(byte[] bytes) throws IOException {
        try (StagingFile file = staging().open()) {
            StagedBytes staged = write(file, bytes);
            file.stage();
            return staged;
        }
    }

    protected final byte[] read(StagedBytes staged) throws IOException {
        try (InputStream in = staging().content(staged).open()) {
            return in.readAllBytes();
        }
    }

    /** Bytes that these objects take in their files. */
    private static long stored(StagedBytes... staged) {
        return Arrays.stream(staged).mapToLong(SealedObject::storedLength).sum();
    }

    protected static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    protected static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private static int crc32(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 200_000, 3 << 20})
    protected void an_object_is_read_back_as_it_was_written(int length) throws IOException {
        byte[] bytes = randomBytes(length);

        StagedBytes staged = stage(bytes);

        assertThat(staged.length()).isEqualTo(length);
        assertThat(staged.crc32()).isEqualTo(crc32(bytes));
        StagedContent content = staging().content(staged);
        assertThat(content.length()).isEqualTo(length);
        assertThat(content.crc32()).isEqualTo(crc32(bytes));
        assertThat(Arrays.equals(read(staged), bytes)).isTrue();
        assertThat(Arrays.equals(read(staged), bytes)).as("a second time").isTrue();
    }

    @Test
    protected void many_small_objects_share_a_file() throws IOException {
        List<StagedBytes> staged = new ArrayList<>();
        try (StagingFile file = staging().open()) {
            for (int i = 0; i < 10_000; i++) {
                staged.add(write(file, text("object " + i)));
            }
            file.stage();
        }

        assertThat(staging().files()).containsExactly(staged.get(0).file());
        for (int i = 0; i < 10_000; i += 97) {
            assertThat(read(staged.get(i))).isEqualTo(text("object " + i));
        }
        long sum = staged.stream().mapToLong(SealedObject::storedLength).sum();
        assertThat(staging().bytes()).isEqualTo(sum);
    }

    @Test
    protected void objects_written_in_pieces_of_any_size_are_whole() throws IOException {
        byte[] bytes = randomBytes(500_000);
        Random sizes = new Random(5);
        StagedBytes staged;
        try (StagingFile file = staging().open()) {
            write(file, text("one before"));
            OutputStream out = file.begin();
            for (int at = 0; at < bytes.length; ) {
                int piece = Math.min(bytes.length - at, sizes.nextInt(150_000));
                out.write(bytes, at, piece);
                at += piece;
                if (at < bytes.length) {
                    out.write(bytes[at++]);
                }
            }
            out.flush();
            out.close();
            staged = file.end();
            file.stage();
        }

        assertThat(Arrays.equals(read(staged), bytes)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100_000, 70_000})
    protected void a_discarded_object_leaves_no_trace(int length) throws IOException {
        StagedBytes first;
        StagedBytes second;
        try (StagingFile file = staging().open()) {
            first = write(file, text("first"));
            file.begin().write(randomBytes(length));
            file.discard();
            second = write(file, text("second"));
            file.begin().write(randomBytes(length));
            file.discard();
            file.stage();
        }

        assertThat(read(first)).isEqualTo(text("first"));
        assertThat(read(second)).isEqualTo(text("second"));
        assertThat(staging().bytes()).isEqualTo(stored(first, second));
    }

    @Test
    protected void closing_without_staging_leaves_nothing() throws IOException {
        StagedBytes kept = stage(text("kept"));
        try (StagingFile file = staging().open()) {
            write(file, randomBytes(100_000));
        }
        try (StagingFile file = staging().open()) {
            file.begin().write(1);
        }
        try (StagingFile file = staging().open()) {
            file.stage(); // holds no object
        }

        assertThat(staging().files()).containsExactly(kept.file());
        assertThat(staging().bytes()).isEqualTo(stored(kept));
    }

    @Test
    protected void an_object_takes_no_bytes_after_its_end() throws IOException {
        try (StagingFile file = staging().open()) {
            OutputStream first = file.begin();
            first.write(text("first"));
            StagedBytes staged = file.end();
            OutputStream second = file.begin();

            assertThatThrownBy(() -> first.write(1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("has ended");
            second.write(text("second"));
            file.end();
            file.stage();
            assertThat(read(staged)).isEqualTo(text("first"));
        }
    }

    @Test
    protected void steps_out_of_order_are_refused() throws IOException {
        try (StagingFile file = staging().open()) {
            assertThatThrownBy(file::end).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(file::discard).isInstanceOf(IllegalStateException.class);
            file.begin();
            assertThatThrownBy(file::begin).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(file::stage).isInstanceOf(IllegalStateException.class);
            file.end();
            file.stage();
            assertThatThrownBy(file::begin).isInstanceOf(IllegalStateException.class);
            file.close();
            file.close();
            assertThatThrownBy(file::stage).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    protected void no_name_is_given_twice() throws IOException {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            StagedBytes staged = stage(text("x"));
            assertThat(names.add(staged.file())).isTrue();
            staging().delete(staged.file());
        }
    }

    @Test
    protected void deleted_files_are_gone_and_deleting_again_is_fine() throws IOException {
        StagedBytes first = stage(text("first"));
        StagedBytes second = stage(text("second"));
        StagedBytes third = stage(text("third"));

        staging().delete(first.file());
        staging().delete(first.file());
        assertThat(staging().bytes()).isEqualTo(stored(second, third));
        staging().deleteAllBut(Set.of(third.file()));

        assertThat(staging().files()).containsExactly(third.file());
        assertThat(staging().bytes()).isEqualTo(stored(third));
        assertThat(read(third)).isEqualTo(text("third"));
        for (StagedBytes gone : List.of(first, second)) {
            assertThatThrownBy(() -> read(gone))
                    .isInstanceOf(DamagedStagingException.class)
                    .hasMessageContaining("is missing");
        }
    }

    @Test
    protected void a_name_that_leads_elsewhere_is_refused() {
        for (String name : List.of("", ".", "..", "../other", "/etc/passwd", "a/b")) {
            assertThatThrownBy(() -> staging().delete(name))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> staging().content(new StagedBytes(name, 0, 1, 0)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    protected void parts_together_are_the_object() throws IOException {
        byte[] bytes = randomBytes(300_001);
        StagedBytes staged;
        try (StagingFile file = staging().open()) {
            write(file, text("one before"));
            staged = write(file, bytes);
            write(file, text("one behind"));
            file.stage();
        }
        StagedContent content = staging().content(staged);

        for (int partSize : new int[] {1000, 65_536, 100_000, 131_072, 300_000}) {
            for (int at = 0; at < bytes.length; at += partSize) {
                int length = Math.min(partSize, bytes.length - at);
                try (InputStream part = content.open(at, length)) {
                    byte[] expected = Arrays.copyOfRange(bytes, at, at + length);
                    assertThat(Arrays.equals(part.readAllBytes(), expected)).isTrue();
                }
            }
        }
        try (InputStream nothing = content.open(300_001, 0)) {
            assertThat(nothing.read()).isEqualTo(-1);
        }
        assertThatThrownBy(() -> content.open(300_000, 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> content.open(-1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 65_536, 200_000})
    protected void a_flipped_bit_is_noticed_before_the_last_byte_leaves(int length)
            throws IOException {
        for (int index : new int[] {0, length / 2, length - 1}) {
            StagedBytes staged = stage(randomBytes(length));
            flipBit(staged.file(), (staged.offset() + index) * 8L + index % 8);

            int left = 0;
            try (InputStream in = staging().content(staged).open()) {
                assertThatThrownBy(
                                () -> {
                                    throw new AssertionError("gave " + in.readAllBytes().length);
                                })
                        .isInstanceOf(DamagedStagingException.class);
                assertThatThrownBy(in::read)
                        .as("and again")
                        .isInstanceOf(DamagedStagingException.class);
            }
            try (InputStream in = staging().content(staged).open()) {
                while (true) {
                    in.read();
                    left++;
                }
            } catch (DamagedStagingException e) {
                assertThat(left).isLessThan(length);
            }
        }
    }

    @Test
    protected void no_part_of_a_damaged_object_is_given() throws IOException {
        StagedBytes staged = stage(randomBytes(300_000));
        flipBit(staged.file(), (staged.offset() + 299_999) * 8);
        StagedContent content = staging().content(staged);

        assertThatThrownBy(() -> content.open(0, 1000).readAllBytes())
                .isInstanceOf(DamagedStagingException.class);
    }

    @Test
    protected void damage_after_the_first_part_was_given_is_noticed_too() throws IOException {
        byte[] bytes = randomBytes(300_000);
        StagedBytes staged = stage(bytes);
        StagedContent content = staging().content(staged);
        try (InputStream part = content.open(0, 100_000)) {
            part.readAllBytes();
        }

        flipBit(staged.file(), (staged.offset() + 250_000) * 8);

        try (InputStream part = content.open(100_000, 10_000)) {
            assertThat(part.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 100_000, 110_000));
        }
        try (InputStream part = content.open(200_000, 100_000)) {
            assertThatThrownBy(part::readAllBytes).isInstanceOf(DamagedStagingException.class);
        }
    }

    @Test
    protected void a_file_that_is_too_short_is_noticed_before_anything_leaves() throws IOException {
        StagedBytes staged = stage(randomBytes(200_000));
        cut(staged.file(), 199_999);

        assertThatThrownBy(() -> staging().content(staged).open())
                .isInstanceOf(DamagedStagingException.class)
                .hasMessageContaining("ends at 199999, expected at least %d", stored(staged));
    }

    @Test
    protected void a_wrong_record_is_noticed() throws IOException {
        StagedBytes staged = stage(text("some bytes"));
        StagedBytes otherSum =
                new StagedBytes(
                        staged.file(), staged.offset(), staged.length(), staged.crc32() + 1);
        StagedBytes emptyWithSum = new StagedBytes(staged.file(), staged.offset(), 0, 17);
        StagedBytes missing = new StagedBytes("missing", 0, 0, 0);

        for (StagedBytes wrong : List.of(otherSum, emptyWithSum, missing)) {
            assertThatThrownBy(() -> read(wrong)).isInstanceOf(DamagedStagingException.class);
        }
    }
}
