package io.delivery.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GoalRowTest {
    @Test
    void a_line_is_read_back_as_the_row_it_was() {
        GoalRow row = GoalRow.atLeast(10, "HTTP to gzip", 0.625, 0.55, 2);

        assertThat(row.line()).isEqualTo("10\tHTTP to gzip\t0.625\t>=0.55\t>=2");
        assertThat(GoalRow.parse(row.line())).contains(row);
    }

    @Test
    void other_lines_are_no_rows() {
        assertThat(GoalRow.parse("")).isEmpty();
        assertThat(GoalRow.parse("| 10 | HTTP to gzip | 0.625× |")).isEmpty();
        assertThat(GoalRow.parse("10\tHTTP to gzip\t0.625\t0.55\t2")).isEmpty();
        assertThat(GoalRow.parse("ten\tHTTP to gzip\t0.625\t>=0.55\t>=2")).isEmpty();
    }

    @Test
    void a_higher_ratio_is_better_where_it_has_to_be_at_least_something() {
        assertThat(GoalRow.atLeast(1, "speed", 4, 2.5, 4).verdict()).isEqualTo(GoalRow.Verdict.AIM);
        assertThat(GoalRow.atLeast(1, "speed", 2.5, 2.5, 4).verdict())
                .isEqualTo(GoalRow.Verdict.MUST);
        assertThat(GoalRow.atLeast(1, "speed", 2.49, 2.5, 4).verdict())
                .isEqualTo(GoalRow.Verdict.MISSED);
    }

    @Test
    void a_lower_ratio_is_better_where_it_has_to_be_at_most_something() {
        assertThat(GoalRow.atMost(4, "size", 1, 1.05, 1).verdict()).isEqualTo(GoalRow.Verdict.AIM);
        assertThat(GoalRow.atMost(4, "size", 1.05, 1.05, 1).verdict())
                .isEqualTo(GoalRow.Verdict.MUST);
        assertThat(GoalRow.atMost(4, "size", 1.06, 1.05, 1).verdict())
                .isEqualTo(GoalRow.Verdict.MISSED);
    }
}
