package io.delivery.parquet.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs and packed groups are those of Parquet's own encoder, to the last byte. */
class RunLengthsTest {
    private static final int ROUNDS = 200;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5, 7, 8, 9, 11, 13, 15, 16, 17, 20, 24, 31, 32})
    void numbers_become_the_same_bytes_one_by_one_and_all_at_once(int width) throws IOException {
        Random random = new Random(width);
        RunLengths reused = new RunLengths(width, 1);
        for (int round = 0; round < ROUNDS; round++) {
            int[] numbers = numbers(random, width);
            byte[] theirs = theirs(numbers, width);
            reused.clear();
            for (int number : numbers) {
                reused.add(number);
            }
            RunLengths atOnce = new RunLengths(width, 1);
            atOnce.addAll(numbers, numbers.length);

            assertThat(bytes(reused.content())).isEqualTo(theirs);
            assertThat(bytes(atOnce.content())).isEqualTo(theirs);
        }
    }

    /** Single ones and runs; in every other array more of the former than a packed run takes. */
    private static int[] numbers(Random random, int width) {
        int[] numbers = new int[random.nextInt(1200)];
        int mask = width == 32 ? -1 : (1 << width) - 1;
        int runOneIn = random.nextBoolean() ? 10 : 1000;
        int at = 0;
        while (at < numbers.length) {
            boolean isRun = random.nextInt(runOneIn) == 0;
            int number = random.nextInt() & mask;
            int length = isRun ? 1 + random.nextInt(30) : 1;
            for (int end = Math.min(numbers.length, at + length); at < end; at++) {
                numbers[at] = number;
            }
        }
        return numbers;
    }

    private static byte[] theirs(int[] numbers, int width) throws IOException {
        try (RunLengthBitPackingHybridEncoder encoder =
                new RunLengthBitPackingHybridEncoder(
                        width, 64, 1 << 16, HeapByteBufferAllocator.getInstance())) {
            for (int number : numbers) {
                encoder.writeInt(number);
            }
            return bytes(encoder.toBytes());
        }
    }

    private static byte[] bytes(BytesInput content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        content.writeAllTo(bytes);
        return bytes.toByteArray();
    }
}
