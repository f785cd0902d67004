package io.delivery.json.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import io.delivery.format.RowBuffer;
import io.delivery.record.DeliveryRecord;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputTest {
    private static final StructKeys UNKNOWN =
            new StructKeys() {
                @Override
                public int field(String key) {
                    return StructKeys.UNKNOWN;
                }

                @Override
                public boolean mayRemember(int bytes) {
                    return true;
                }

                @Override
                public UnknownField unknown(String key) {
                    return () -> {};
                }
            };

    /** An object lives longer than the batches whose records are in it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"a\":1} | true", "{\"a\":? | false", "[] | false"})
    void the_array_of_a_record_is_not_held_when_the_record_has_been_read(
            String text, boolean isRead) throws Exception {
        ByteDecoder decoder = new ByteDecoder(UNKNOWN, List.of());
        byte[] record = text.getBytes(StandardCharsets.UTF_8);

        assertThat(
                        decoder.decode(
                                new DeliveryRecord().at(record, 0, record.length, 0),
                                new RowBuffer()))
                .isEqualTo(isRead);

        Field in = ByteDecoder.class.getDeclaredField("in");
        in.setAccessible(true);
        assertThat(((Input) in.get(decoder)).array).isEmpty();
    }
}
