package io.delivery.benchmarks;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;

/**
 * A row of the goals as it was measured: a ratio of ours to what it is compared with, and what it
 * has to be. On a line it has tabs between number, name, ratio, must and aim.
 *
 * @param number in the table of goals
 * @param must with {@code >=} or {@code <=} before it: the issue is not done below it
 * @param aim as must, what is wanted
 */
record GoalRow(int number, String name, double ratio, String must, String aim) {
    private static final String AT_LEAST = ">=";
    private static final String AT_MOST = "<=";
    private static final int FIELDS = 5;

    /** What a ratio reaches. */
    enum Verdict {
        AIM,
        MUST,
        MISSED
    }

    /** A ratio that is the better the higher it is. */
    static GoalRow atLeast(int number, String name, double ratio, double must, double aim) {
        return new GoalRow(number, name, ratio, AT_LEAST + text(must), AT_LEAST + text(aim));
    }

    /** A ratio that is the better the lower it is. */
    static GoalRow atMost(int number, String name, double ratio, double must, double aim) {
        return new GoalRow(number, name, ratio, AT_MOST + text(must), AT_MOST + text(aim));
    }

    private static String text(double bound) {
        return BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
    }

    Verdict verdict() {
        return reaches(aim) ? Verdict.AIM : reaches(must) ? Verdict.MUST : Verdict.MISSED;
    }

    private boolean reaches(String goal) {
        double bound = Double.parseDouble(goal.substring(AT_LEAST.length()));
        return goal.startsWith(AT_LEAST) ? ratio >= bound : ratio <= bound;
    }

    String line() {
        return String.format(Locale.ROOT, "%d\t%s\t%.3f\t%s\t%s", number, name, ratio, must, aim);
    }

    /** Empty when the line is not one of {@link #line()}. */
    static Optional<GoalRow> parse(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != FIELDS || !isGoal(fields[3]) || !isGoal(fields[4])) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new GoalRow(
                            Integer.parseInt(fields[0]),
                            fields[1],
                            Double.parseDouble(fields[2]),
                            fields[3],
                            fields[4]));
        } catch (NumberFormatException otherLine) {
            return Optional.empty();
        }
    }

    private static boolean isGoal(String field) {
        return field.matches("(>=|<=)[0-9.]+");
    }
}
