package io.delivery.benchmarks;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A straight line through values over time, by least squares. Values are compared within their
 * group only: every group has a level of its own, all share one slope.
 *
 * @param mean of all values
 * @param slopePerHour how much the values grow
 * @param upperPerHour what the slope does not exceed, in 95 of 100 cases
 * @param samples how many values there were
 */
record Trend(double mean, double slopePerHour, double upperPerHour, int samples) {
    /** What the standard normal distribution does not exceed in 95 of 100 cases. */
    private static final double Z = 1.6448536269514722;

    /**
     * @param group values of the same group are comparable
     */
    record Point(int group, double hours, double value) {}

    /**
     * @throws IllegalArgumentException when there are too few values for a line
     */
    static Trend of(List<Point> points) {
        int groups = 0;
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (List<Point> group :
                points.stream().collect(Collectors.groupingBy(Point::group)).values()) {
            groups++;
            double x = mean(group, true);
            double y = mean(group, false);
            for (Point point : group) {
                double dx = point.hours() - x;
                double dy = point.value() - y;
                xx += dx * dx;
                xy += dx * dy;
                yy += dy * dy;
            }
        }
        int freedom = points.size() - groups - 1;
        if (freedom < 1 || xx <= 0) {
            throw new IllegalArgumentException(points.size() + " values are too few for a trend");
        }
        double slope = xy / xx;
        double deviation = Math.sqrt(Math.max(0, yy - slope * xy) / freedom / xx);
        return new Trend(
                mean(points, false), slope, slope + student(freedom) * deviation, points.size());
    }

    /** In parts of the mean per hour. */
    double relativeSlope() {
        return mean == 0 ? 0 : slopePerHour / mean;
    }

    /** In parts of the mean per hour. */
    double relativeUpper() {
        return mean == 0 ? 0 : upperPerHour / mean;
    }

    private static double mean(List<Point> points, boolean ofHours) {
        return points.stream().mapToDouble(p -> ofHours ? p.hours() : p.value()).sum()
                / points.size();
    }

    /**
     * Student's distribution by Cornish and Fisher's expansion (Abramowitz and Stegun 26.7.5):
     * within 1 % from 4 degrees of freedom on, too small below.
     */
    private static double student(int freedom) {
        double cube = Z * Z * Z;
        return Z
                + (cube + Z) / (4.0 * freedom)
                + (5 * cube * Z * Z + 16 * cube + 3 * Z) / (96.0 * freedom * freedom);
    }
}
