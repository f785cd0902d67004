package io.delivery.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xerial.snappy.Snappy;

class PageCompressionTest {
    @ParameterizedTest
    @ValueSource(ints = {1_840_700_243, Integer.MAX_VALUE - 33, Integer.MAX_VALUE - 8})
    void a_page_for_which_no_array_has_room_is_refused(int length) {
        assertThatThrownBy(() -> PageCompression.maxSnappyLength(length))
                .isInstanceOf(ArithmeticException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 6, 7, 100, 65_535, 65_536, 1 << 20, (1 << 30) + 1})
    void the_room_for_a_page_is_what_snappy_may_take(int length) {
        assertThat(PageCompression.maxSnappyLength(length))
                .isEqualTo(Snappy.maxCompressedLength(length));
    }
}
