package io.delivery.orc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TextHashTest {
    /** Eight bytes each, the second is the first with its sign turned round. */
    private static final String WORD = "\u00e9\u00e9\u00e9\u00e9";

    private static final String NEGATED = "=V<V<V<V";

    /** What follows takes back the one bit in which the products of both differ. */
    private static final String NEXT = "abcdefgh";

    private static final String NEXT_TURNED = "`bcdefgh";

    @Test
    void texts_of_words_and_their_negatives_have_different_hashes() {
        int pairs = 12;
        Set<Integer> hashes = new HashSet<>();
        for (int choice = 0; choice < 1 << pairs; choice++) {
            StringBuilder text = new StringBuilder();
            for (int pair = 0; pair < pairs; pair++) {
                boolean turned = (choice >> pair & 1) == 1;
                text.append(turned ? NEGATED + NEXT_TURNED : WORD + NEXT);
            }
            hashes.add(hash(text.toString()));
        }

        assertThat(hashes).hasSizeGreaterThan(4_000);
    }

    @Test
    void a_hash_depends_on_every_byte_and_on_the_length() {
        Set<Integer> hashes = new HashSet<>();
        for (int length = 0; length <= 40; length++) {
            hashes.add(hash("x".repeat(length)));
            for (int at = 0; at < length; at++) {
                hashes.add(hash("x".repeat(at) + "y" + "x".repeat(length - at - 1)));
            }
        }

        assertThat(hashes).hasSizeGreaterThan(41 + 40 * 41 / 2 - 5);
    }

    private static int hash(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return TextHash.of(bytes, 0, bytes.length);
    }
}
