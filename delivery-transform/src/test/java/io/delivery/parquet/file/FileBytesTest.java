package io.delivery.parquet.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FileBytesTest {
    @Test
    void what_is_passed_is_what_was_written_whatever_the_lengths_of_the_writes() throws Exception {
        for (int seed = 1; seed <= 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            ByteArrayOutputStream passed = new ByteArrayOutputStream();
            FileBytes bytes = new FileBytes(passed);

            for (int i = 0; i < 40; i++) {
                byte[] some = new byte[random.nextInt(1 << random.nextInt(1, 16))];
                random.nextBytes(some);
                int offset = random.nextInt(some.length + 1);
                bytes.write(some, offset, some.length - offset);
                expected.write(some, offset, some.length - offset);
                bytes.write(i);
                expected.write(i);
                assertThat(bytes.position()).as("seed %d", seed).isEqualTo(expected.size());
            }
            bytes.flush();

            assertThat(passed.toByteArray()).as("seed %d", seed).isEqualTo(expected.toByteArray());
        }
    }

    @Test
    void short_writes_are_passed_together_and_long_ones_as_they_are() throws Exception {
        List<Integer> writes = new ArrayList<>();
        FileBytes bytes =
                new FileBytes(
                        new OutputStream() {
                            @Override
                            public void write(int b) {
                                writes.add(1);
                            }

                            @Override
                            public void write(byte[] some, int offset, int length) {
                                writes.add(length);
                            }
                        });

        for (int i = 0; i < 3_000; i++) {
            bytes.write(i);
        }
        bytes.write(new byte[20_000], 0, 20_000);
        bytes.write(new byte[10], 0, 10);
        bytes.flush();

        assertThat(writes).containsExactly(3_000, 20_000, 10);
    }

    @Test
    void the_stream_is_flushed_behind_the_last_byte() throws Exception {
        List<String> calls = new ArrayList<>();
        FileBytes bytes =
                new FileBytes(
                        new ByteArrayOutputStream() {
                            @Override
                            public void write(byte[] some, int offset, int length) {
                                calls.add("write");
                            }

                            @Override
                            public void flush() throws IOException {
                                calls.add("flush");
                            }
                        });

        bytes.write(1);
        bytes.flush();

        assertThat(calls).containsExactly("write", "flush");
    }
}
