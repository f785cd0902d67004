package io.delivery.compress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDK's inflater is the judge of what is written. */
class RawDeflateTest {
    private static final int BLOCK = RawDeflate.BLOCK_BYTES;
    private static final int DISTANCE = DeflateWindow.DISTANCE;

    /** Contents that lead to different blocks. */
    enum Kind {
        /** Stored blocks. */
        NOISE {
            @Override
            void fill(byte[] bytes, Random random) {
                random.nextBytes(bytes);
            }
        },
        /** The longest matches, from one byte before. */
        ONE_BYTE {
            @Override
            void fill(byte[] bytes, Random random) {
                Arrays.fill(bytes, (byte) random.nextInt());
            }
        },
        /** Words in no order. */
        TEXT {
            @Override
            void fill(byte[] bytes, Random random) {
                System.arraycopy(Objects.text(bytes.length), 0, bytes, 0, bytes.length);
            }
        },
        /** Few literals, and no match that is worth its distance. */
        FEW_LETTERS {
            @Override
            void fill(byte[] bytes, Random random) {
                int letters = 1 + random.nextInt(20);
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) ('a' + random.nextInt(letters));
                }
            }
        },
        /** Matches as far back as they may be, and from one and two bytes farther. */
        FROM_FAR {
            @Override
            void fill(byte[] bytes, Random random) {
                random.nextBytes(bytes);
                int distance = DISTANCE - 3 + random.nextInt(6);
                for (int i = distance; i < bytes.length; i++) {
                    bytes[i] = bytes[i - distance];
                }
            }
        },
        /** Literals that are rarer and rarer: their codes are longer than there may be. */
        LONG_CODES {
            @Override
            void fill(byte[] bytes, Random random) {
                int at = 0;
                for (int letter = 0; at < bytes.length; letter = (letter + 1) % 24) {
                    int times = Math.min(bytes.length - at, 1 << Math.min(letter, 14));
                    for (int i = 0; i < times; i++) {
                        bytes[at++] = (byte) letter;
                    }
                }
                for (int i = bytes.length - 1; i > 0; i--) {
                    int other = random.nextInt(i + 1);
                    byte kept = bytes[i];
                    bytes[i] = bytes[other];
                    bytes[other] = kept;
                }
            }
        },
        /** Stretches of each of the others. */
        MIXED {
            @Override
            void fill(byte[] bytes, Random random) {
                for (int at = 0; at < bytes.length; ) {
                    byte[] part = new byte[Math.min(bytes.length - at, 1 + random.nextInt(90_000))];
                    values()[random.nextInt(values().length - 1)].fill(part, random);
                    System.arraycopy(part, 0, bytes, at, part.length);
                    at += part.length;
                }
            }
        };

        abstract void fill(byte[] bytes, Random random);
    }

    private static byte[] content(Kind kind, int size, long seed) {
        byte[] content = new byte[size];
        kind.fill(content, new Random(seed));
        return content;
    }

    private static byte[] deflated(RawDeflate deflate, byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] block = new byte[BLOCK];
        for (int at = 0; at < content.length; at += BLOCK) {
            int length = Math.min(BLOCK, content.length - at);
            System.arraycopy(content, at, block, 0, length);
            deflate.deflate(block, length, out);
        }
        deflate.finish(out);
        CRC32 checksum = new CRC32();
        checksum.update(content);
        assertThat(deflate.checksum()).isEqualTo((int) checksum.getValue());
        assertThat(deflate.bytes()).isEqualTo(content.length);
        assertThat(deflate.compressedBytes()).isEqualTo(out.size());
        deflate.forget();
        return out.toByteArray();
    }

    /** The data must end with its last byte. */
    private static byte[] inflated(byte[] deflated, int most) throws DataFormatException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(deflated);
            byte[] all = new byte[most + 1];
            int filled = 0;
            while (!inflater.finished()) {
                int more = inflater.inflate(all, filled, all.length - filled);
                if (more == 0 && !inflater.finished()) {
                    throw new DataFormatException("it goes on behind byte " + filled);
                }
                filled += more;
            }
            assertThat(inflater.getRemaining()).as("behind the end").isZero();
            return Arrays.copyOf(all, filled);
        } finally {
            inflater.end();
        }
    }

    @Property(tries = 400)
    void whatever_is_deflated_can_be_inflated(
            @ForAll Kind kind,
            @ForAll @IntRange(min = 1, max = 9) int level,
            @ForAll @IntRange(max = 900_000) int size,
            @ForAll long seed)
            throws Exception {
        byte[] content = content(kind, size, seed);

        byte[] deflated = deflated(new RawDeflate(level), content);

        assertThat(Arrays.mismatch(inflated(deflated, size), content)).isEqualTo(-1);
        assertThat(deflated.length).isLessThanOrEqualTo(size + size / 2048 + 64);
    }

    @Property(tries = 200)
    void what_was_deflated_before_leaves_no_trace(
            @ForAll Kind former,
            @ForAll Kind kind,
            @ForAll @IntRange(min = 1, max = 9) int level,
            @ForAll @IntRange(max = 400_000) int formerSize,
            @ForAll @IntRange(max = 100_000) int size,
            @ForAll long seed)
            throws Exception {
        byte[] content = content(kind, size, seed);
        RawDeflate used = new RawDeflate(level);
        byte[] before = content(former, formerSize, seed + 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        used.deflate(before, Math.min(formerSize, BLOCK), out); // and not finished
        used.forget();
        deflated(used, before);

        assertThat(deflated(used, content)).isEqualTo(deflated(new RawDeflate(level), content));
    }

    /** Each byte begins a longer match than the one before, up to the bytes that have not come. */
    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 8, 9})
    void a_match_that_grows_to_the_end_of_what_has_come_looks_at_nothing_behind(int level)
            throws Exception {
        int shortest = level == 4 ? 4 : 5;
        byte[] content = growingMatches(shortest);
        RawDeflate used = new RawDeflate(level);
        byte[] former = deflated(used, content);

        assertThat(deflated(used, content)).isEqualTo(former);
    }

    private static byte[] growingMatches(int shortest) {
        Random random = new Random(5);
        byte[] text = noise(random, 275);
        ByteArrayOutputStream fragments = new ByteArrayOutputStream();
        for (int i = 0; i < 17; i++) {
            fragments.write(text, i, shortest + i);
            fragments.writeBytes(noise(random, 40));
        }
        fragments.write(text, 17, text.length - 17);
        fragments.writeBytes(noise(random, 40));
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(noise(random, BLOCK - fragments.size() - text.length));
        content.writeBytes(fragments.toByteArray());
        content.writeBytes(text);
        byte[] next = noise(random, 2000);
        content.writeBytes(next);
        content.write(text, text.length - 3, 3);
        content.write(next, 0, 40);
        content.writeBytes(noise(random, 40_000));
        return content.toByteArray();
    }

    private static byte[] noise(Random random, int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void every_size_around_the_limits_comes_back(int level) throws Exception {
        RawDeflate deflate = new RawDeflate(level);
        for (Kind kind : List.of(Kind.NOISE, Kind.ONE_BYTE, Kind.TEXT)) {
            for (int around :
                    new int[] {0, 4, 258, 274, BLOCK, 48 << 10, 65_535, 128 << 10, 256 << 10}) {
                for (int size = Math.max(0, around - 3); size <= around + 3; size++) {
                    byte[] content = content(kind, size, 1);

                    assertThat(inflated(deflated(deflate, content), size))
                            .as("%s of %d bytes", kind, size)
                            .isEqualTo(content);
                }
            }
        }
    }

    @Test
    void a_match_is_taken_from_as_far_as_may_be_and_not_from_farther() throws Exception {
        byte[] word = content(Kind.NOISE, 200, 5);
        for (int distance : new int[] {DISTANCE - 1, DISTANCE, DISTANCE + 1}) {
            byte[] content = content(Kind.NOISE, distance + word.length, 6);
            System.arraycopy(word, 0, content, 0, word.length);
            System.arraycopy(word, 0, content, distance, word.length);

            byte[] deflated = deflated(new RawDeflate(6), content);

            assertThat(inflated(deflated, content.length)).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void lines_become_no_larger_than_with_the_jdk_at_the_same_level(int level) throws Exception {
        byte[] lines = lines(2_000_000);

        assertThat(deflated(new RawDeflate(level), lines).length)
                .isLessThanOrEqualTo(ofTheJdk(level, lines));
    }

    @Test
    void a_higher_level_makes_less_of_lines() throws Exception {
        byte[] lines = lines(2_000_000);
        int former = Integer.MAX_VALUE;

        for (int level = 1; level <= 9; level++) {
            int length = deflated(new RawDeflate(level), lines).length;
            assertThat(length).as("level %d", level).isLessThan(former);
            former = length;
        }
    }

    /** JSON as records have it: the same keys, and values of which some come again. */
    private static byte[] lines(int length) {
        Random random = new Random(9);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(
                    "{\"id\":\"%016x\",\"type\":\"%s\",\"customer\":%d,\"price\":%.2f,\"page\":\"/shop/%s/%d\"}%n"
                            .formatted(
                                    random.nextLong(),
                                    List.of("view", "click", "order", "search")
                                            .get(random.nextInt(4)),
                                    (int) Math.abs(random.nextGaussian() * 300),
                                    random.nextInt(100_000) / 100.0,
                                    List.of("shoes", "books", "garden").get(random.nextInt(3)),
                                    random.nextInt(500)));
        }
        return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
    }

    private static int ofTheJdk(int level, byte[] content) {
        Deflater deflater = new Deflater(level, true);
        try {
            deflater.setInput(content);
            deflater.finish();
            byte[] all = new byte[content.length + 1_000];
            return deflater.deflate(all);
        } finally {
            deflater.end();
        }
    }
}
