package io.delivery.orc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.hadoop.io.Text;
import org.apache.orc.impl.Dictionary;
import org.apache.orc.impl.StringRedBlackTree;
import org.junit.jupiter.api.Test;

/** Our dictionary does what ORC's own tree does, and takes no more memory than that counts. */
class TextDictionaryTest {
    /** ORC's own; its columns begin with this capacity. */
    private final Dictionary tree = new StringRedBlackTree(4096);

    private final TextDictionary ours = new TextDictionary();

    private record Visited(int id, int length, List<Byte> bytes, List<Byte> text) {}

    @Property(tries = 40)
    void texts_have_the_numbers_the_order_and_the_memory_that_they_have_in_the_tree(
            @ForAll long seed) throws Exception {
        Random random = new Random(seed);
        for (int stripe = 0; stripe < 3; stripe++) {
            addToBoth(random, random.nextInt(3000));
            assertThat(visited(ours)).isEqualTo(visited(tree));
            assertEveryTextIsTheSame();
            // Nothing is added between the visit and the end of a stripe, but it may be.
            addToBoth(random, random.nextInt(50));
            assertThat(visited(ours)).isEqualTo(visited(tree));
            tree.clear();
            ours.clear();
            assertSameSize();
        }
    }

    @Test
    void many_texts_have_the_numbers_and_the_order_that_they_have_in_the_tree() throws Exception {
        Random random = new Random(5);
        for (int i = 0; i < 200_000; i++) {
            byte[] text = ("text " + random.nextInt(100_000)).getBytes(StandardCharsets.UTF_8);
            assertThat(ours.add(text, 0, text.length)).isEqualTo(tree.add(text, 0, text.length));
            assertSameSize();
        }
        assertThat(ours.size()).isGreaterThan(80_000);
        assertThat(visited(ours)).isEqualTo(visited(tree));
    }

    @Test
    void no_more_memory_is_held_than_is_counted() throws Exception {
        assertThat(heldBytes()).isLessThan(1024);
        for (int i = 0; i < 100_000; i++) {
            byte[] text = Integer.toString(i, 36).getBytes(StandardCharsets.UTF_8);
            ours.add(text, 0, text.length);
            if (i % 64 == 0) {
                assertHoldsWhatItCounts();
            }
        }
        assertHoldsWhatItCounts();
        ours.clear();
        assertThat(heldBytes()).isLessThan(4096);
        assertThat(ours.getSizeInBytes()).isZero();
    }

    /** Beside the first level of arrays, a reference to each piece. */
    private void assertHoldsWhatItCounts() throws Exception {
        assertThat(heldBytes()).isLessThanOrEqualTo(ours.getSizeInBytes());
    }

    private long heldBytes() throws Exception {
        Field store = TextDictionary.class.getDeclaredField("texts");
        store.setAccessible(true);
        return arrays(ours) + arrays(store.get(ours));
    }

    private static long arrays(Object holder) throws Exception {
        long bytes = 0;
        for (Field field : holder.getClass().getDeclaredFields()) {
            field.setAccessible(true);
            Object value = field.get(holder);
            if (value instanceof int[] numbers) {
                bytes += 4L * numbers.length;
            } else if (value instanceof int[][] pieces) {
                for (int[] piece : pieces) {
                    bytes += piece == null ? 0 : 4L * piece.length;
                }
            } else if (value instanceof byte[][] pieces) {
                for (byte[] piece : pieces) {
                    bytes += piece == null ? 0 : piece.length;
                }
            }
        }
        return bytes;
    }

    private void addToBoth(Random random, int count) {
        int alphabet = 1 + random.nextInt(6);
        int longest = 1 + random.nextInt(random.nextBoolean() ? 12 : 300);
        for (int i = 0; i < count; i++) {
            boolean isLong = random.nextInt(500) == 0;
            int length = random.nextInt(isLong ? 80_000 : longest);
            int offset = random.nextInt(9);
            byte[] source = new byte[offset + length + random.nextInt(9)];
            random.nextBytes(source);
            for (int at = offset; at < offset + length; at++) {
                // Some of them are negative, which come behind the others.
                source[at] = (byte) (random.nextInt(alphabet) * 45);
            }
            assertThat(ours.add(source, offset, length))
                    .isEqualTo(tree.add(source, offset, length));
            assertSameSize();
        }
    }

    private void assertSameSize() {
        assertThat(ours.size()).isEqualTo(tree.size());
        assertThat(ours.getSizeInBytes()).isEqualTo(tree.getSizeInBytes());
    }

    private void assertEveryTextIsTheSame() throws IOException {
        for (int id = 0; id < tree.size(); id++) {
            Text expected = new Text();
            tree.getText(expected, id);
            Text text = new Text();
            ours.getText(text, id);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            int length = ours.writeTo(out, id);
            assertThat(text).isEqualTo(expected);
            assertThat(out.toByteArray()).isEqualTo(expected.copyBytes());
            assertThat(length).isEqualTo(expected.getLength());
            assertThat(ours.getText(id)).isEqualTo(tree.getText(id));
        }
    }

    private static List<Visited> visited(Dictionary dictionary) throws IOException {
        List<Visited> visited = new ArrayList<>();
        dictionary.visit(
                entry -> {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    entry.writeBytes(out);
                    visited.add(
                            new Visited(
                                    entry.getOriginalPosition(),
                                    entry.getLength(),
                                    list(out.toByteArray()),
                                    list(entry.getText().copyBytes())));
                });
        return visited;
    }

    private static List<Byte> list(byte[] bytes) {
        List<Byte> list = new ArrayList<>(bytes.length);
        for (byte value : bytes) {
            list.add(value);
        }
        return list;
    }
}
