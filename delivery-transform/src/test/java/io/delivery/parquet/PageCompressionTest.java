package io.delivery.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xerial.snappy.Snappy;

class PageCompressionTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 6, 7, 100, 65_535, 65_536, 1 << 20, (1 << 30) + 1})
    void the_room_for_a_page_is_what_snappy_may_take(int length) {
        assertThat(PageCompression.maxSnappyLength(length))
                .isEqualTo(Snappy.maxCompressedLength(length));
    }
}
