package io.delivery.jq.value;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JqTextTest {
    private static final int DOUBLES = Integer.getInteger("jq.doubles", 20_000);

    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void a_double_is_short_exactly_when_its_text_has_few_digits() {
        for (int i = 0; i < 200_000; i++) {
            double value =
                    switch (i % 4) {
                        case 0 -> random.nextInt(1_000_000) / 1e3;
                        case 1 -> random.nextLong(1_000_000_000_000_000L) / 1e14;
                        case 2 -> random.nextDouble();
                        default -> Math.scalb(random.nextDouble(), random.nextInt(80) - 28);
                    };
            if (value >= 1e-7 && value < 1e15) {
                int digits = new BigDecimal(JqText.number(value)).stripTrailingZeros().precision();

                assertThat(Decimals.isShort(value)).as("%s", value).isEqualTo(digits <= 15);
                assertThat(Decimals.isShort(-value)).isEqualTo(digits <= 15);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {12.345, 1.5, 1e-7, 0.3, 0.99999999999999, 99_999_999_999_999.5})
    void a_double_of_few_digits_is_short(double value) {
        assertThat(Decimals.isShort(value)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-310, 1e-30, 1e15, 1e300, Double.POSITIVE_INFINITY, Double.NaN})
    void a_double_with_a_large_or_small_exponent_is_not_short(double value) {
        assertThat(Decimals.isShort(value)).isFalse();
        assertThat(Decimals.isShort(-value)).isFalse();
    }

    @Test
    void every_double_has_the_first_digits_that_read_back() {
        for (int i = 0; i < DOUBLES; i++) {
            hasItsDigits(Double.longBitsToDouble(random.nextLong()));
            hasItsDigits(random.nextLong(1L << 52) * Double.MIN_VALUE);
            hasItsDigits(random.nextInt(1_000_000) / 1e3);
            hasItsDigits(random.nextDouble());
            hasItsDigits(random.nextDouble() * 1e25);
            hasItsDigits(Double.parseDouble(decimal()));
        }
    }

    private String decimal() {
        int digits = 1 + random.nextInt(17);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < digits; i++) {
            text.append(random.nextInt(10));
        }
        return text.append('e').append(random.nextInt(660) - 340).toString();
    }

    /** There the doubles below are closer than those above. */
    @Test
    void powers_of_two_and_of_ten_and_their_neighbours_have_them_too() {
        for (int power = Double.MIN_EXPONENT - 52; power <= Double.MAX_EXPONENT; power++) {
            hasItsDigits(Math.scalb(1.0, power));
            hasItsDigits(Math.nextUp(Math.scalb(1.0, power)));
            hasItsDigits(Math.nextDown(Math.scalb(1.0, power)));
        }
        for (int power = -323; power <= 308; power++) {
            double ten = Double.parseDouble("1e" + power);
            hasItsDigits(ten);
            hasItsDigits(Math.nextUp(ten));
            hasItsDigits(Math.nextDown(ten));
            hasItsDigits(5 * ten);
        }
        hasItsDigits(Double.MIN_NORMAL);
        hasItsDigits(Double.MAX_VALUE);
        hasItsDigits(2e-323);
        hasItsDigits(2e23);
    }

    @ParameterizedTest
    @CsvSource({
        "-24, 5.960464477539063e-08",
        "-44, 5.684341886080802e-14",
        "-1017, 7.120236347223045e-307",
        "-1073, 1e-323",
        "1023, 8.98846567431158e+307"
    })
    void a_power_of_two_has_the_digits_of_jq(int power, String expected) {
        assertThat(JqText.number(DoubleNode.valueOf(Math.scalb(1.0, power)))).isEqualTo(expected);
    }

    private static void hasItsDigits(double value) {
        double positive = Math.abs(value);
        boolean isPrintedSo = Double.isFinite(value) && positive > 0;
        if (isPrintedSo && !(positive < 1e15 && positive == Math.rint(positive))) {
            BigDecimal printed = new BigDecimal(JqText.number(DoubleNode.valueOf(positive)));

            assertThat(printed.stripTrailingZeros()).as("%s", positive).isEqualTo(digits(positive));
        }
    }

    /**
     * The least precision that reads back, from 15 on but for numbers that have fewer. The closest
     * number of so many digits may be too far below a power of two while the next one is not too
     * far above it.
     */
    private static BigDecimal digits(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int precision = value < Double.MIN_NORMAL ? 1 : 15; precision < 17; precision++) {
            for (RoundingMode mode :
                    List.of(RoundingMode.HALF_EVEN, RoundingMode.UP, RoundingMode.DOWN)) {
                BigDecimal rounded = exact.round(new MathContext(precision, mode));
                if (rounded.doubleValue() == value) {
                    return rounded.stripTrailingZeros();
                }
            }
        }
        return exact.round(new MathContext(17, RoundingMode.HALF_EVEN)).stripTrailingZeros();
    }

    private static Budget budget() {
        Budget budget = new Budget();
        budget.begin(1_000);
        return budget;
    }

    @Test
    void control_characters_are_escaped() {
        assertThat(
                        JqText.json(
                                TextNode.valueOf("\0\u0001\t\u000f\u0010\u001f \u007f\u0080"),
                                budget()))
                .isEqualTo("\"\\u0000\\u0001\\t\\u000f\\u0010\\u001f \\u007f\u0080\"");
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void the_beginning_of_a_long_text_takes_no_more_than_that_of_a_short_one() {
        TextNode text = TextNode.valueOf("\u007f".repeat(1_000_000));

        for (int i = 0; i < 300; i++) {
            assertThat(JqError.dump(text, 14, budget())).isEqualTo("\"\\u007f\\u00...");
        }
    }

    @Test
    void the_beginning_of_a_long_integer_has_its_first_digits() {
        for (int digits = 12; digits <= 1_000; digits++) {
            for (String first : List.of("1000000000", "1234567890", "9999999999")) {
                String text = first + "9".repeat(digits - first.length());
                String expected = digits <= 14 ? text : text.substring(0, 11) + "...";
                BigInteger integer = new BigInteger(text);

                assertThat(JqError.dump(BigIntegerNode.valueOf(integer), 14, budget()))
                        .isEqualTo(expected);
                assertThat(JqError.dump(BigIntegerNode.valueOf(integer.negate()), 14, budget()))
                        .isEqualTo(digits <= 13 ? "-" + text : "-" + text.substring(0, 10) + "...");
            }
        }
    }

    @Test
    void a_text_that_ends_where_there_is_no_more_room_is_shown_whole() {
        assertThat(JqError.dump(TextNode.valueOf("x".repeat(12)), 14, budget()))
                .isEqualTo("\"" + "x".repeat(12) + "\"");
        assertThat(JqError.dump(TextNode.valueOf("x".repeat(13)), 14, budget()))
                .isEqualTo("\"" + "x".repeat(10) + "...");
        assertThat(JqError.dump(TextNode.valueOf("x".repeat(14)), 14, budget()))
                .isEqualTo("\"" + "x".repeat(10) + "...");
    }
}
