package io.delivery.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.delivery.benchmarks.Trend.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrendTest {
    @Test
    void a_straight_line_is_its_own_trend() {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i <= 10; i++) {
            points.add(new Point(0, i / 10.0, 100 + 5 * i / 10.0));
        }

        Trend trend = Trend.of(points);

        assertThat(trend.slopePerHour()).isCloseTo(5, within(1e-9));
        assertThat(trend.upperPerHour()).isCloseTo(5, within(1e-6));
        assertThat(trend.relativeSlope()).isCloseTo(5 / 102.5, within(1e-9));
    }

    @Test
    void the_bound_is_students() {
        List<Point> points =
                List.of(
                        new Point(0, 1, 2),
                        new Point(0, 2, 4),
                        new Point(0, 3, 5),
                        new Point(0, 4, 4),
                        new Point(0, 5, 5),
                        new Point(0, 6, 7));

        Trend trend = Trend.of(points);

        // By hand: Sxy 13.5, Sxx 17.5, Syy 13.5; t(0.95; 4) = 2.1318 (any table of Student's t).
        double slope = 13.5 / 17.5;
        double deviation = Math.sqrt((13.5 - slope * 13.5) / 4 / 17.5);
        assertThat(trend.slopePerHour()).isCloseTo(slope, within(1e-9));
        assertThat(trend.upperPerHour()).isCloseTo(slope + 2.1318 * deviation, within(0.005));
    }

    @Test
    void groups_of_different_levels_share_a_slope() {
        List<Point> points = new ArrayList<>();
        for (int life = 0; life < 5; life++) {
            for (int age = 0; age < 6; age++) {
                // Within a life it grows quickly; at the same age it does not.
                points.add(new Point(age, life + age / 10.0, 100 + 30 * age));
            }
        }

        assertThat(Trend.of(points).slopePerHour()).isCloseTo(0, within(1e-9));
        assertThat(Trend.of(points).upperPerHour()).isCloseTo(0, within(1e-6));
    }

    @Test
    void in_95_of_100_cases_the_bound_is_above_the_truth() {
        Random random = new Random(7);
        int above = 0;
        for (int run = 0; run < 2000; run++) {
            List<Point> points = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                points.add(new Point(0, i, 3 + 0.5 * i + random.nextGaussian()));
            }
            above += Trend.of(points).upperPerHour() > 0.5 ? 1 : 0;
        }

        assertThat(above).isBetween(1860, 1940);
    }

    @Test
    void too_few_values_have_no_trend() {
        List<Point> two = List.of(new Point(0, 0, 1), new Point(0, 1, 2));

        assertThatThrownBy(() -> Trend.of(two)).hasMessage("2 values are too few for a trend");
    }
}
