package io.delivery.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordIdTest {
    @Test
    void its_digits_are_its_bytes_read_as_one_unsigned_number() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            // Few bits and many, so that there are leading zeros and zeros within.
            RecordId id =
                    new RecordId(
                            new Incarnation(
                                    random.nextLong() >>> random.nextInt(64), sparse(random)),
                            random.nextLong() >>> 1 >>> random.nextInt(63));

            assertThat(id.digits()).isEqualTo(digits(id));
        }
    }

    @Test
    void the_least_and_the_greatest_have_their_digits() {
        RecordId least = new RecordId(new Incarnation(0, 0), 0);
        RecordId greatest = new RecordId(new Incarnation(-1, -1), Long.MAX_VALUE);

        assertThat(least.digits()).isEqualTo(digits(least));
        assertThat(greatest.digits()).isEqualTo(digits(greatest)).hasSize(68);
    }

    /** Few of its bits are set. */
    private static long sparse(Random random) {
        long bits = 0;
        for (int i = random.nextInt(8); i > 0; i--) {
            bits |= 1L << random.nextInt(64);
        }
        return bits;
    }

    private static String digits(RecordId id) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(id.encode())).toString();
    }
}
