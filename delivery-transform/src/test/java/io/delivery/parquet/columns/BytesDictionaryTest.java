package io.delivery.parquet.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Bytes that somebody has made up to meet each other in a dictionary. */
class BytesDictionaryTest {
    /** All of them want one place of a table that has so many. */
    private static final int TABLE = 1 << 12;

    private static final long[] MADE_UP =
            LongStream.range(0, Long.MAX_VALUE)
                    .filter(number -> (BytesDictionary.mixed(number) & TABLE - 1) == 0)
                    .limit(NumberDictionary.MAX_PROBES + 1)
                    .toArray();

    @Test
    void bytes_that_meet_too_many_others_are_not_taken() {
        BytesDictionary dictionary = new BytesDictionary(0);
        for (int id = 0; id < NumberDictionary.MAX_PROBES; id++) {
            assertThat(idOf(dictionary, MADE_UP[id])).isEqualTo(id);
        }

        assertThat(idOf(dictionary, MADE_UP[NumberDictionary.MAX_PROBES]))
                .isEqualTo(NumberDictionary.NOT_TAKEN);
        assertThat(idOf(dictionary, MADE_UP[7])).isEqualTo(7);
    }

    /** Without a bound each of them would be compared with all before it, byte by byte. */
    @Test
    void of_bytes_of_one_hash_no_more_are_taken_however_many_come() {
        BytesDictionary dictionary = new BytesDictionary(0);
        int taken = 0;
        for (int i = 0; i < 200_000; i++) {
            int id = idOf(dictionary, MadeUp.number(0x5EED5EEDL << 32 | i));
            taken += id == NumberDictionary.NOT_TAKEN ? 0 : 1;
        }

        assertThat(taken).isEqualTo(NumberDictionary.MAX_PROBES);
    }

    private static int idOf(BytesDictionary dictionary, long number) {
        byte[] bytes = MadeUp.bytes(number);
        return dictionary.idOf(bytes, 0, bytes.length);
    }
}
