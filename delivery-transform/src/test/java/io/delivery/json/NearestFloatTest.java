package io.delivery.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delivery.format.ColumnType.Primitive;
import io.delivery.format.DecoderOptions;
import io.delivery.format.JsonSerDe;
import io.delivery.format.RecordDecoder;
import io.delivery.format.RowBuffer;
import io.delivery.format.TableSchema;
import io.delivery.record.DeliveryRecord;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Numbers in the middle between two floats, and as near to it as they can be written. */
class NearestFloatTest {
    private static final TableSchema TABLE =
            new TableSchema(
                    "db",
                    "t",
                    "1",
                    List.of(new TableSchema.Column("c", Primitive.FLOAT)),
                    List.of(),
                    JsonSerDe.OpenX.DEFAULTS);

    private final RecordDecoder bytes = new JsonRecordDecoder(TABLE, DecoderOptions.DEFAULTS);
    private final RecordDecoder tokens = new TokenDecoder(TABLE, DecoderOptions.DEFAULTS);
    private final RowBuffer rows = new RowBuffer();

    private float read(RecordDecoder decoder, String value) throws Exception {
        byte[] record = ("{\"c\":" + value + "}").getBytes(StandardCharsets.UTF_8);
        decoder.decode(new DeliveryRecord().at(record, 0, record.length, 0), rows);
        double held = rows.real(rows.row(0));
        assertThat(Double.isNaN(held)).isFalse();
        return (float) held;
    }

    private void assertNearest(BigDecimal number, float expected) throws Exception {
        for (String text : List.of(number.toString(), '"' + number.toString() + '"')) {
            assertThat(read(bytes, text)).as(text).isEqualTo(expected);
            assertThat(read(tokens, text)).as(text).isEqualTo(expected);
        }
    }

    @Test
    void the_float_is_the_nearest_one_and_an_even_one_in_the_very_middle() throws Exception {
        Random random = new Random(11);
        for (int i = 0; i < 2000; i++) {
            float low = Float.intBitsToFloat(random.nextInt(0x7F7F_FFFF));
            float high = Math.nextUp(low);
            BigDecimal middle =
                    new BigDecimal(low).add(new BigDecimal(high)).divide(BigDecimal.valueOf(2));
            BigDecimal little = middle.ulp().scaleByPowerOfTen(-3);
            float even = (Float.floatToIntBits(low) & 1) == 0 ? low : high;

            assertNearest(middle, even);
            assertNearest(middle.add(little), high);
            assertNearest(middle.subtract(little), low);
            assertNearest(middle.negate(), -even);
            assertNearest(middle.add(little).negate(), -high);
            assertNearest(new BigDecimal(low), low);
        }
    }

    @Test
    void what_rounds_to_no_float_is_refused_and_what_rounds_to_the_greatest_is_not()
            throws Exception {
        BigDecimal border = new BigDecimal(0x1.ffffffp127);

        assertNearest(border.subtract(BigDecimal.valueOf(1, 30)), Float.MAX_VALUE);
        for (String text : List.of(border.toString(), '"' + border.toString() + '"')) {
            for (RecordDecoder decoder : List.of(bytes, tokens)) {
                assertThatThrownBy(() -> read(decoder, text))
                        .hasMessageContaining("out of range for float");
            }
        }
    }
}
